import EinsumIR

/// A factor of a row's terms: contiguous components, or one element that all terms share.
struct RowOperand {
  enum Stride { case unit, zero }
  let pointer: String
  let stride: Stride
  /// The type of its components in memory.
  let stored: ElementType
  /// Where its components are, counted from the pointer, if that is not where the loop over a row is.
  var place: String?

  /// The same factor elsewhere.
  func moved(to pointer: String) -> RowOperand {
    RowOperand(pointer: pointer, stride: stride, stored: stored, place: place)
  }
}

extension CElement {
  /// An element repeated over a vector, as an expression: `{x[0], x[0], ...}`, or `{x[0], x[1], x[0], ...}` if complex.
  ///
  /// A vector literal and not arithmetic, so that the bits are copied.
  func splat(_ pointer: String, lanes: Int, in unit: inout CUnit) -> String {
    guard lanes > 1 else { return "\(pointer)[0]" }
    let items = (0..<lanes).map { "\(pointer)[\($0 % componentCount)]" }
    return "(\(vector(lanes, in: &unit))){\(items.joined(separator: ", "))}"
  }

  /// A row operand's components at `offset`, in this type.
  func value(_ operand: RowOperand, at offset: String, lanes: Int, in unit: inout CUnit) -> String {
    if operand.stored != type { return widened(operand, at: offset, lanes: lanes, in: &unit) }
    return switch operand.stride {
    case .unit: at(operand.pointer, operand.place ?? offset, lanes: lanes, in: &unit)
    case .zero where isComplex: splat(operand.pointer, lanes: lanes, in: &unit)
    case .zero: "\(operand.pointer)[0]"
    }
  }

  private func widened(
    _ operand: RowOperand, at offset: String, lanes: Int, in unit: inout CUnit
  ) -> String {
    let helpers = ConversionHelpers(isa: isa)
    let stored = CElement(type: operand.stored, isa: isa)
    switch operand.stride {
    case .unit:
      let value = stored.at(operand.pointer, operand.place ?? offset, lanes: lanes, in: &unit)
      return helpers.widened(value, from: operand.stored, lanes: lanes, in: &unit)
    case .zero:
      return helpers.widened("\(operand.pointer)[0]", from: operand.stored, lanes: 1, in: &unit)
    }
  }

  /// Statements that add the product of x and y at `offset` to the vector `sum`.
  ///
  /// Complex: `sum += x * re(y)`, then `sum += swap(x) * (-im(y), im(y))`, both fused where the machine can.
  func addTerm(
    _ sum: String, _ x: RowOperand, _ y: RowOperand, at offset: String, lanes: Int, in unit: inout CUnit
  ) -> String {
    let first = value(x, at: offset, lanes: lanes, in: &unit)
    guard isComplex else {
      return addProduct(sum, first, value(y, at: offset, lanes: lanes, in: &unit), lanes: lanes)
    }
    let vector = vector(lanes, in: &unit)
    let swapped = shuffle("x_", (0..<lanes).map { $0 ^ 1 })
    let real: String, imaginary: String
    switch y.stride {
    case .unit:
      real = shuffle("y_", (0..<lanes).map { $0 & ~1 })
      imaginary = shuffle("y_", (0..<lanes).map { $0 | 1 })
    case .zero:
      real = "\(y.pointer)[0]"
      imaginary = "\(y.pointer)[1]"
    }
    let signs = (0..<lanes).map { $0 % 2 == 0 ? "-1" : "1" }.joined(separator: ", ")
    var lines = ["const \(vector) x_ = \(first);"]
    if y.stride == .unit {
      lines.append("const \(vector) y_ = \(value(y, at: offset, lanes: lanes, in: &unit));")
    }
    lines += ["\(sum) += x_ * \(real);", "\(sum) += \(swapped) * (\(imaginary) * (\(vector)){\(signs)});"]
    return "{\n" + lines.map { "    " + $0 }.joined(separator: "\n") + "\n}"
  }

  /// The vectors that are summed of one row before the next: those that share a cache line, so that lines of other rows need not
  /// leave it in the first cache; in the instruction set that every CPU has, one.
  func vectorsOfLine(of stored: ElementType) -> Int {
    isa == .baseline ? 1 : max(1, StreamEmitter.lineBytes / (lanes * stored.componentType.size))
  }

  /// The components of a vector at the given places.
  func shuffle(_ x: String, _ places: [Int]) -> String {
    "__builtin_shufflevector(\(x), \(x), \(places.map(String.init).joined(separator: ", ")))"
  }

  /// The lower or upper half of a vector.
  func half(_ x: String, upper: Bool, of lanes: Int) -> String {
    let half = lanes / 2
    return half == 1 ? "\(x)[\(upper ? 1 : 0)]" : shuffle(x, Array(upper ? half..<lanes : 0..<half))
  }
}
