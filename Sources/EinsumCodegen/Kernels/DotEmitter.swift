import EinsumIR

/// Emits the helper that sums the terms of one row: `s[0] += the sum over j < n of x[j] * y[j]`.
///
/// Four vectors of partial sums; they are added pairwise, then halves of the result, and terms that do not fill a
/// vector join where the sum has become as narrow as they are. The order depends on n alone, and no padding is needed.
struct DotEmitter {
  let operation: TermOperation
  let shape: [RowOperand.Stride]
  let element: CElement

  private var operands: [RowOperand] {
    zip(operation.operands, shape).map { RowOperand(pointer: $0.row, stride: $1) }
  }

  /// A complex product has two sums: of `x * y`, whose lanes are re*re and im*im, and of `x * swap(y)`, re*im and im*re.
  private var sums: [String] { operation == .product && element.isComplex ? ["p", "q"] : ["p"] }
  private var accumulatorCount: Int { 4 / sums.count }

  /// Defines the helper and gives its name: `(n, x, y, s)`, n in components.
  func define(in unit: inout CUnit) -> String {
    let name = "es_dot_\(operation.rawValue)_\(shape.map(\.letter).joined())_\(element.suffix)"
    unit.define(function: name) { unit in
      var text = CText()
      let parameters = operation.operands.map { "const \(element.component) *\($0.row)" }
      let term = zip(operation.operands, shape)
        .map { $1 == .unit ? "\($0.row)[j]" : "\($0.row)[0]" }.joined(separator: " * ")
      text.function(
        "Adds the sum over j < n of \(term) to s\(element.isComplex ? ", n in components" : "").",
        "static inline void \(name)(long n, \(parameters.joined(separator: ", ")), \(element.component) *s)"
      ) { text in
        emitVectors(&text, &unit)
        emitHalves(&text, &unit)
      }
      return text
    }
    return name
  }

  /// The loops over whole vectors, which end with the sums in `p0` (and `q0`).
  private func emitVectors(_ text: inout CText, _ unit: inout CUnit) {
    let lanes = element.lanes
    let vector = element.vector(lanes, in: &unit)
    for sum in sums {
      text.line(
        "\(vector) " + (0..<accumulatorCount).map { "\(sum)\($0) = {0}" }.joined(separator: ", ") + ";")
    }
    text.line("long j = 0;")
    let block = lanes * accumulatorCount
    text.block("for (; j + \(block) <= n; j += \(block))") { text in
      for index in 0..<accumulatorCount {
        emitTerm("\(index)", at: index == 0 ? "j" : "j + \(index * lanes)", lanes, &text, &unit)
      }
    }
    text.block("for (; j + \(lanes) <= n; j += \(lanes))") { emitTerm("0", at: "j", lanes, &$0, &unit) }
    for sum in sums {
      let pairs = stride(from: 0, to: accumulatorCount, by: 2).map { index in
        element.sum("\(sum)\(index)", "\(sum)\(index + 1)")
      }
      text.line("\(sum)0 = \(pairs.count == 1 ? pairs[0] : element.sum("(\(pairs[0]))", "(\(pairs[1]))"));")
    }
  }

  /// One strip's terms, added to the sums with the given suffix.
  private func emitTerm(
    _ suffix: String, at offset: String, _ lanes: Int, _ text: inout CText, _ unit: inout CUnit
  ) {
    guard sums.count == 2 else {
      text.line(element.addTerm(operation, to: "p\(suffix)", operands, at: offset, lanes: lanes, in: &unit))
      return
    }
    let vector = element.vector(lanes, in: &unit)
    let x = element.value(operands[0], at: offset, lanes: lanes, in: &unit)
    let y = element.value(operands[1], at: offset, lanes: lanes, in: &unit)
    text.block("") { text in
      text.line("const \(vector) x_ = \(x);\nconst \(vector) y_ = \(y);")
      text.line("p\(suffix) += x_ * y_;")
      text.line("q\(suffix) += x_ * \(element.shuffle("y_", (0..<lanes).map { $0 ^ 1 }));")
    }
  }

  /// The sums' way from a vector to one element.
  private func emitHalves(_ text: inout CText, _ unit: inout CUnit) {
    var previous = (lanes: element.lanes, suffix: "0")
    for lanes in element.strips.dropFirst() {
      let type = element.vector(lanes, in: &unit)
      let suffix = "_\(lanes)"
      for sum in sums {
        let name = sum + previous.suffix
        let parts: [String]
        if previous.lanes == 2 * lanes {
          parts = [false, true].map { element.half(name, upper: $0, of: previous.lanes) }
        } else {
          parts = (0..<previous.lanes).map { "\(name)[\($0)]" }
        }
        text.line("\(type) \(sum)\(suffix) = \(parts.dropFirst().reduce(parts[0]) { element.sum($0, $1) });")
      }
      element.emitStrips(from: [lanes], after: previous.lanes, over: "n", &text) { text, lanes in
        emitTerm(suffix, at: "j", lanes, &text, &unit)
      }
      previous = (lanes, suffix)
    }
    guard element.isComplex else {
      text.line(element.add("s[0]", "p\(previous.suffix)"))
      return
    }
    if sums.count == 2 {
      text.line("s[0] += p\(previous.suffix)[0] - p\(previous.suffix)[1];")
      text.line("s[1] += q\(previous.suffix)[0] + q\(previous.suffix)[1];")
    } else {
      text.line("s[0] += p\(previous.suffix)[0];\ns[1] += p\(previous.suffix)[1];")
    }
  }
}
