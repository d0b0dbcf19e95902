import EinsumIR

/// What a map or reduction forms from its operands before it writes or adds: a copy of one, or the product of two or three.
struct Term {
  enum Operation: String {
    case sum, product
    case tripleProduct = "product3"
  }

  /// The operands' names, of whole arrays and of rows, and their elements in memory.
  struct Operand {
    let array: String
    let row: String
    let stored: CElement

    /// The type of a pointer to components.
    var pointer: String { "const \(stored.component) *" }
  }

  let operation: Operation
  /// What it is computed in.
  let element: CElement
  let operands: [Operand]
  /// What it is written as: of a half type, to which it is rounded, or what it is computed in.
  let output: CElement

  /// - Parameter sources: the operands' types; the output's if they are not given.
  init(_ operation: Operation, _ output: CElement, of sources: [ElementType]? = nil) {
    self.operation = operation
    self.output = output
    element = CElement(type: output.type.computeType, isa: output.isa)
    let names = [("a", "x"), ("b", "y"), ("c", "z")]
    let count =
      switch operation {
      case .sum: 1
      case .product: 2
      case .tripleProduct: 3
      }
    operands = names.prefix(count).enumerated().map { number, name in
      Operand(
        array: name.0, row: name.1,
        stored: CElement(type: sources?[number] ?? output.type, isa: output.isa))
    }
  }

  /// Whether terms are rounded when they are written.
  var isRounded: Bool { output.type != element.type }

  /// Whether terms are only written, and never added to anything.
  var isOnlyWritten: Bool { isRounded || operation == .tripleProduct }

  /// Whether operands become another type as they are read.
  private var isWidened: Bool { operands.contains { $0.stored.type != element.type } }

  /// The end of helpers' names: the types and the instruction set.
  var suffix: String {
    guard isWidened else { return element.suffix }
    return operands.map { $0.stored.type.code + "_" }.joined() + output.suffix
  }

  /// The vector widths that loops over rows use: those of which a vector of a half type is still one of 8 bytes.
  var strips: [Int] { isWidened ? element.strips.filter { $0 == 1 || $0 >= 4 } : element.strips }

  /// Whether its kernel can write past the caches.
  var canStream: Bool { operation != .sum && (isRounded || !isWidened) }

  /// The combinations of row strides that have vector code, the first operand being contiguous where any is.
  ///
  /// A product's operands may change places, so `zero, unit` is not among them; three operands are in such an order.
  var rowShapes: [[RowOperand.Stride]] {
    switch operation {
    case .sum: isWidened ? [[.unit]] : [[.unit], [.zero]]
    case .product: [[.unit, .unit], [.unit, .zero]]
    case .tripleProduct: [[.unit, .unit, .unit], [.unit, .unit, .zero], [.unit, .zero, .zero]]
    }
  }

  /// The operands' names, in the order of arguments.
  var rows: String { operands.map(\.row).joined(separator: ", ") }

  /// The operands of a row.
  func rowOperands(_ shape: [RowOperand.Stride]) -> [RowOperand] {
    zip(operands, shape).map { RowOperand(pointer: $0.row, stride: $1, stored: $0.stored.type) }
  }

  /// The condition that the operands step along a dimension, `rs` or `cs`, as a shape says.
  func hasShape(_ shape: [RowOperand.Stride], _ dimension: String) -> String {
    zip(operands, shape).map { "\(dimension)_\($0.array) == \($1.value)" }.joined(separator: " && ")
  }

  /// A statement that writes the terms at `offset` to a place, or adds them there unless they are rounded.
  func store(
    to place: String, _ operands: [RowOperand], at offset: String, lanes: Int, adds: Bool,
    in unit: inout CUnit
  ) -> String {
    guard isRounded else {
      return element.storeTerm(
        operation, to: place, operands, at: offset, lanes: lanes, adds: adds, in: &unit)
    }
    let values = operands.map { element.value($0, at: offset, lanes: lanes, in: &unit) }
    let product = element.product(values[0], values[1], lanes: lanes)
    let helpers = ConversionHelpers(isa: element.isa)
    return "\(place) = \(helpers.narrowed(product, to: output.type, lanes: lanes, in: &unit));"
  }

  /// The arrays as pointers to components, each with its step from row to row.
  var arrayArguments: String {
    operands.map { operand in
      "\(operand.stored.components(operand.array, const: true)), \(element.scale)rs_\(operand.array)"
    }.joined(separator: ", ")
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
    _ operation: Term.Operation, to place: String, _ operands: [RowOperand], at offset: String, lanes: Int,
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
      var text = CText()
      text.block("") { text in
        text.line("\(vector(lanes, in: &unit)) s = \(adds ? place : "{0}");")
        text.line(term)
        text.line("\(place) = s;")
      }
      return String(text.text.dropLast())
    case .product:
      let values = operands.map { value($0, at: offset, lanes: lanes, in: &unit) }
      return adds
        ? addProduct(place, values[0], values[1], lanes: lanes)
        : "\(place) = \(product(values[0], values[1], lanes: lanes));"
    case .tripleProduct:
      let values = operands.map { value($0, at: offset, lanes: lanes, in: &unit) }
      let first = product(values[0], values[1], lanes: lanes)
      return "\(place) = \(product(first, values[2], lanes: lanes));"
    }
  }

  /// A statement that adds a term to the variable `sum`.
  func addTerm(
    _ operation: Term.Operation, to sum: String, _ operands: [RowOperand], at offset: String, lanes: Int,
    in unit: inout CUnit
  ) -> String {
    switch operation {
    case .sum: add(sum, value(operands[0], at: offset, lanes: lanes, in: &unit))
    case .product: addTerm(sum, operands[0], operands[1], at: offset, lanes: lanes, in: &unit)
    case .tripleProduct: preconditionFailure("internal: products of three are not added")
    }
  }
}
