import EinsumIR

/// What a comparison with plain loops found.
enum Verdict: Hashable {
  case agrees
  /// Nothing was compared, for this reason.
  case unknown(String)
  /// The first element that is wrong.
  case differs(String)
}

/// Compares a kernel's result with plain loops.
struct Comparison {
  private let analysis: Analysis
  private let operands: [HostTensor]
  private let output: HostTensor

  init(_ analysis: Analysis, operands: [HostTensor], output: HostTensor) {
    self.analysis = analysis
    self.operands = operands
    self.output = output
  }

  /// Compares all elements if plain loops take at most this many products, else some of them.
  private static let fewProducts = 2e7
  /// What setting up the loops of one element takes, in products.
  private static let elementSetUp = 100.0
  /// The least number of elements to compare.
  private static let fewestSamples = 64
  /// Gives up where even the least number would take more products than this.
  private static let mostProducts = 4e9

  func verdict() -> Verdict {
    switch analysis.outputType.numberClass {
    case .bool: verdict(ReferenceBool.self, boolVerdict)
    case .signed, .unsigned: verdict(ReferenceInteger.self, integerVerdict)
    case .real, .complex: realVerdict()
    }
  }

  // MARK: One element

  private func boolVerdict(_ expected: ReferenceBool, at place: Int) -> Verdict {
    expected.value == (output.integer(at: place) != 0) ? .agrees : .differs("\(expected.value)")
  }

  private func integerVerdict(_ expected: ReferenceInteger, at place: Int) -> Verdict {
    let bits = 8 * output.elementType.size
    let given = UInt64(bitPattern: output.integer(at: place))
    if (given ^ expected.bits) << (64 - bits) == 0 { return .agrees }
    return .differs("\(Int64(bitPattern: expected.bits)) modulo 2^\(bits)")
  }

  private func realVerdict() -> Verdict {
    let contraction = analysis.contraction
    let bound = ErrorBound(
      analysis.outputType, summed: contraction.size(of: contraction.summed),
      operandCount: contraction.operands.count)
    return verdict(ReferenceComplex.self) { expected, place in
      if bound.mayOverflow(magnitude: expected.magnitude) { return .unknown("its sums may overflow") }
      let given = output.complex(at: place)
      let parts = [(given.real, expected.real), (given.imaginary, expected.imaginary)]
      if parts.allSatisfy({ bound.allows($0, for: $1, magnitude: expected.magnitude) }) { return .agrees }
      let largest = max(abs(expected.real), abs(expected.imaginary))
      let tolerance = bound.tolerance(value: largest, magnitude: expected.magnitude)
      return .differs("(\(expected.real), \(expected.imaginary)) up to \(tolerance)")
    }
  }

  // MARK: All elements

  /// Compares elements until one differs; unknown only if nothing is known of any.
  private func verdict<Number: ReferenceNumber>(
    _ type: Number.Type, _ compare: (_ expected: Number, _ place: Int) -> Verdict
  ) -> Verdict {
    let access = analysis.contraction.output
    let extents = access.indices.map { analysis.contraction.indices[$0].extent }
    let count = extents.reduce(1, *)
    let reference = Reference<Number>(analysis.contraction, operands: operands)
    let affordable = Self.fewProducts / (reference.cost + Self.elementSetUp)
    let isComplete = Double(count) <= affordable
    let samples = isComplete ? count : min(count, max(Self.fewestSamples, Int(affordable)))
    if Double(samples) * reference.cost > Self.mostProducts {
      return .unknown("plain loops would take too long")
    }

    var random = SplitMix64(state: 64)
    var doubt: Verdict?
    var agreements = 0
    for number in 0..<samples {
      let position = isComplete ? number : Int.random(in: 0..<count, using: &random)
      let values = Self.values(at: position, extents)
      let place = zip(values, access.strides).reduce(0) { $0 + $1.0 * $1.1 }
      switch compare(reference.element(at: values), place) {
      case .agrees: agreements += 1
      case .unknown(let why): doubt = .unknown(why)
      case .differs(let expected):
        let given = output.complex(at: place)
        let found = "element \(values) is (\(given.real), \(given.imaginary))"
        return .differs("\(found), plain loops give \(expected)")
      }
    }
    if let doubt, agreements == 0 { return doubt }
    return isComplete ? zerosVerdict(written: extents, access.strides) : .agrees
  }

  /// The values of the indices at a position in C order.
  private static func values(at position: Int, _ extents: [Int]) -> [Int] {
    var rest = position
    var values = extents
    for axis in extents.indices.reversed() {
      (rest, values[axis]) = rest.quotientAndRemainder(dividingBy: extents[axis])
    }
    return values
  }

  /// Where a repeated output label writes a diagonal, checks that all the rest is zero.
  private func zerosVerdict(written extents: [Int], _ strides: [Int]) -> Verdict {
    guard let count = analysis.contraction.clearedOutput?.elementCount, Double(count) <= Self.fewProducts
    else { return .agrees }
    var places: Set<Int> = [0]
    for (extent, stride) in zip(extents, strides) {
      places = Set(places.flatMap { place in (0..<extent).map { place + $0 * stride } })
    }
    let wrong = (0..<count).first { !places.contains($0) && output.complex(at: $0) != (0, 0) }
    return wrong.map { .differs("element number \($0) is off the diagonal, and not zero") } ?? .agrees
  }
}
