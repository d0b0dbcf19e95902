/// What a map or reduction forms from its operands before it writes or adds: a copy of one, or the product of two.
enum TermOperation: String {
  case sum, product

  /// The combinations of row strides that have vector code, the first operand being contiguous where any is.
  ///
  /// A product's operands may change places, so `zero, unit` is not among them.
  var rowShapes: [[RowOperand.Stride]] {
    switch self {
    case .sum: [[.unit], [.zero]]
    case .product: [[.unit, .unit], [.unit, .zero]]
    }
  }

  /// The operands' names: of whole arrays, and of rows.
  var operands: [(array: String, row: String)] {
    switch self {
    case .sum: [("a", "x")]
    case .product: [("a", "x"), ("b", "y")]
    }
  }
}

extension RowOperand.Stride {
  /// The stride's value in C.
  var value: Int { self == .unit ? 1 : 0 }
  /// The stride's letter in helpers' names.
  var letter: String { self == .unit ? "u" : "z" }
}

extension CElement {
  /// A statement that writes a term to a place, or adds it there.
  ///
  /// A real term that is written is formed without any addition, so copies and lone products keep every bit. A
  /// complex product is summed from +0, because compilers differ in which of its two products they would fuse.
  func storeTerm(
    _ operation: TermOperation, to place: String, _ operands: [RowOperand], at offset: String, lanes: Int,
    adds: Bool, in unit: inout CUnit
  ) -> String {
    switch operation {
    case .sum:
      let value =
        operands[0].stride == .zero
        ? splat(operands[0].pointer, lanes: lanes, in: &unit)
        : value(operands[0], at: offset, lanes: lanes, in: &unit)
      return adds ? add(place, value) : "\(place) = \(value);"
    case .product where isComplex:
      let term = addTerm("s", operands[0], operands[1], at: offset, lanes: lanes, in: &unit)
      return "\(vector(lanes, in: &unit)) s = \(adds ? place : "{0}");\n\(term)\n\(place) = s;"
    case .product:
      let values = operands.map { value($0, at: offset, lanes: lanes, in: &unit) }
      return adds
        ? addProduct(place, values[0], values[1], lanes: lanes)
        : "\(place) = \(product(values[0], values[1], lanes: lanes));"
    }
  }

  /// A statement that adds a term to the variable `sum`.
  func addTerm(
    _ operation: TermOperation, to sum: String, _ operands: [RowOperand], at offset: String, lanes: Int,
    in unit: inout CUnit
  ) -> String {
    switch operation {
    case .sum: add(sum, value(operands[0], at: offset, lanes: lanes, in: &unit))
    case .product: addTerm(sum, operands[0], operands[1], at: offset, lanes: lanes, in: &unit)
    }
  }
}
