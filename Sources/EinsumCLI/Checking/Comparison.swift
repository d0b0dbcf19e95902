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
  /// The least number of elements to compare.
  private static let fewestSamples = 64
  /// Gives up where even the least number would take more products than this.
  private static let mostProducts = 4e9

  func verdict() -> Verdict {
    switch analysis.outputType.numberClass {
    case .bool: verdict(ReferenceBool.self) { $0.value == (output.integer(at: $1) != 0) ? nil : "\($0.value)" }
    case .signed, .unsigned: verdict(ReferenceInteger.self, integerProblem)
    case .real, .complex: realVerdict()
    }
  }

  private func integerProblem(_ expected: ReferenceInteger, at place: Int) -> String? {
    let unused = 64 - 8 * output.elementType.size
    let given = UInt64(bitPattern: output.integer(at: place))
    if (given ^ expected.bits) << unused == 0 { return nil }
    return "\(Int64(bitPattern: expected.bits << unused) >> unused) modulo 2^\(64 - unused)"
  }

  private func realVerdict() -> Verdict {
    let contraction = analysis.contraction
    let bound = ErrorBound(
      analysis.outputType, summed: contraction.size(of: contraction.summed),
      operandCount: contraction.operands.count)
    return verdict(ReferenceComplex.self) { expected, place in
      if bound.mayOverflow(magnitude: expected.magnitude) { return nil }
      let given = output.complex(at: place)
      let error = max(abs(given.real - expected.real), abs(given.imaginary - expected.imaginary))
      let largest = max(abs(expected.real), abs(expected.imaginary))
      let tolerance = bound.tolerance(value: largest, magnitude: expected.magnitude)
      if error <= tolerance { return nil }
      return "(\(expected.real), \(expected.imaginary)) up to \(tolerance)"
    }
  }

  /// - Parameter problem: what was expected in place of the element that the result has there; nil if it is right.
  private func verdict<Number: ReferenceNumber>(
    _ type: Number.Type, _ problem: (_ expected: Number, _ place: Int) -> String?
  ) -> Verdict {
    let access = analysis.contraction.output
    let extents = access.indices.map { analysis.contraction.indices[$0].extent }
    let count = extents.reduce(1, *)
    let reference = Reference<Number>(analysis.contraction, operands: operands)
    let affordable = Self.fewProducts / max(reference.cost, 1)
    let isComplete = Double(count) <= affordable
    let samples = isComplete ? count : min(count, max(Self.fewestSamples, Int(affordable)))
    if Double(samples) * reference.cost > Self.mostProducts { return .unknown("plain loops would take too long") }

    var random = SplitMix64(state: 64)
    for number in 0..<samples {
      var rest = isComplete ? number : Int.random(in: 0..<count, using: &random)
      var values = extents
      for axis in extents.indices.reversed() {
        let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: extents[axis])
        values[axis] = remainder
        rest = quotient
      }
      let place = zip(values, access.strides).reduce(0) { $0 + $1.0 * $1.1 }
      if let expected = problem(reference.element(at: values), place) {
        let given = output.complex(at: place)
        return .differs("element \(values) is (\(given.real), \(given.imaginary)), plain loops give \(expected)")
      }
    }
    return isComplete ? zerosVerdict(written: extents, access.strides) : .agrees
  }

  /// Where a repeated output label writes a diagonal, checks that all the rest is zero.
  private func zerosVerdict(written extents: [Int], _ strides: [Int]) -> Verdict {
    guard let cleared = analysis.contraction.clearedOutput, let count = cleared.elementCount else { return .agrees }
    if Double(count) > Self.fewProducts { return .agrees }
    var places: Set<Int> = [0]
    for (extent, stride) in zip(extents, strides) {
      places = Set(places.flatMap { place in (0..<extent).map { place + $0 * stride } })
    }
    let wrong = (0..<count).first { !places.contains($0) && output.complex(at: $0) != (0, 0) }
    return wrong.map { .differs("element number \($0) is off the diagonal and not zero") } ?? .agrees
  }
}
