import EinsumIR

/// Emits the helper that adds many short rows of terms to one row of sums.
///
/// The sums of a row of up to three vectors stay in registers, in as many copies as hide the time of an addition. Rows are read
/// as whole vectors: what lies beyond their end, of the next rows, goes into lanes that are not kept. Measured on Zen 3:
/// `ij->j` of 200000 x 6 floats takes 90 us, 326 through memory; of 40000 x 17 52 and 96.
struct NarrowSumEmitter {
  let term: Term
  let shape: [RowOperand.Stride]

  private var element: CElement { term.element }
  private let mostVectors = KernelSpec.mostVectorsOfNarrowSums

  /// The most components in a row.
  var mostComponents: Int { mostVectors * element.lanes }

  /// Rows that are read at once, each for sums of its own.
  private func copies(_ vectors: Int) -> Int { vectors == 1 ? 8 : 4 }

  private var parameters: String { RowEmitter(term: term, shape: shape).parameters(withSteps: true) }

  /// Defines the helper: `(rows, n, o, x, xs, y, ys)`, steps in components, those of contiguous operands at least 1; gives back how
  /// many rows it has added. The others are the last: their vectors would reach beyond the last row.
  func define(in unit: inout CUnit) -> String {
    let name = "es_narrow_\(term.operation.rawValue)_\(shape.map(\.letter).joined())_\(term.suffix)"
    let terms = term.operands.map { "\($0.row)[i, j]" }.joined(separator: " * ")
    unit.define(
      function: name,
      "o[j] += the sum of \(terms) over i < rows, but for the last rows, for j < n <= \(mostComponents); gives back how many.",
      "static long \(name)(long rows, long n, \(element.component) *restrict o, \(parameters))"
    ) { text, unit in
      text.line("const long width = (n + \(element.lanes - 1)) / \(element.lanes) * \(element.lanes);")
      text.line("long last = 0;")
      for (operand, stride) in zip(term.operands, shape) where stride == .unit {
        let step = "\(operand.row)s"
        text.line("const long after_\(operand.row) = (width - n + \(step) - 1) / \(step);")
        text.statement("if (after_\(operand.row) > last)", "last = after_\(operand.row);")
      }
      text.line("const long count = rows - last;")
      text.statement("if (count < \(copies(1)))", "return 0;")
      text.line("\(element.component) sums[\(mostComponents)];")
      for vectors in 1...mostVectors {
        let condition =
          vectors == mostVectors
          ? "else" : (vectors > 1 ? "else " : "") + "if (width == \(vectors * element.lanes))"
        text.block(condition) { emitSums(of: vectors, &$0, &unit) }
      }
      text.statement("for (long j = 0; j < n; j++)", "o[j] = \(element.sum("o[j]", "sums[j]"));")
      text.line("return count;")
    }
    return name
  }

  private func sum(_ copy: Int, _ vector: Int) -> String { "s\(copy)_\(vector)" }

  /// The sums of rows that are so many vectors wide.
  private func emitSums(of vectors: Int, _ text: inout CText, _ unit: inout CUnit) {
    let copies = copies(vectors)
    let type = element.vector(element.lanes, in: &unit)
    for copy in 0..<copies { text.zeros(type, (0..<vectors).map { sum(copy, $0) }) }
    text.block("for (long i = 0; i + \(copies) <= count; i += \(copies))") { text in
      for copy in 0..<copies { emitRow(copy == 0 ? "i" : "(i + \(copy))", copy, vectors, &text, &unit) }
    }
    // The start is an expression of its own, so that compilers that know `count` see where the loop ends.
    text.block("for (long i = count - count % \(copies); i < count; i++)") {
      emitRow("i", 0, vectors, &$0, &unit)
    }
    for vector in 0..<vectors {
      var step = copies / 2
      while step > 0 {
        for copy in 0..<step { text.line(element.add(sum(copy, vector), sum(copy + step, vector))) }
        step /= 2
      }
      let place = element.at(
        "sums", "\(vector * element.lanes)", lanes: element.lanes, const: false, in: &unit)
      text.line("\(place) = \(sum(0, vector));")
    }
  }

  /// Adds the terms of one row to one copy of the sums.
  private func emitRow(_ row: String, _ copy: Int, _ vectors: Int, _ text: inout CText, _ unit: inout CUnit) {
    let operands = term.rowOperands(shape).map { $0.moved(to: "(\($0.pointer) + \(row) * \($0.pointer)s)") }
    for vector in 0..<vectors {
      text.line(
        element.addTerm(
          term.operation, to: sum(copy, vector), operands, at: "\(vector * element.lanes)",
          lanes: element.lanes,
          in: &unit))
    }
  }
}
