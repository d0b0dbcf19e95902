import EinsumIR

/// Emits the helper for `out[i] (+)= the sum over j of a[i, j] (* b[i, j])` where i is contiguous in the operands.
///
/// It walks the operands in memory order: for each j, a row of terms is added to a row of sums that stays in the first
/// cache. Every sum takes its terms in the order of j, one by one.
struct ColumnSumEmitter {
  let term: Term

  private var element: CElement { term.element }

  /// How many elements a row of sums has: 16 KiB.
  private var block: Int { 16384 / element.type.size }

  /// Defines the helper: `(rows, columns, out, rs_out, a, rs_a, cs_a, b, rs_b, cs_b, accumulate)`.
  func define(in unit: inout CUnit) -> String {
    let name = "es_columns_\(term.operation.rawValue)_\(term.suffix)"
    let operands = term.operands.map {
      "const \($0.stored.name) *restrict \($0.array), long rs_\($0.array), long cs_\($0.array)"
    }
    let product = term.operands.map { "\($0.array)[i, j]" }.joined(separator: " * ")
    unit.define(
      function: name,
      "out[i] (+)= the sum over j < columns of \(product), for i < rows; a contiguous in i, b also, or constant.",
      "static void \(name)(long rows, long columns, \(element.name) *restrict out, long rs_out, "
        + "\(operands.joined(separator: ", ")), long accumulate)"
    ) { text, unit in
      text.line("\(element.name) buffer[\(block)];")
      text.block("for (long i = 0; i < rows; i += \(block))") { text in
        text.line("const long n = rows - i < \(block) ? rows - i : \(block);")
        text.line("\(element.name) *const sums = rs_out == 1 ? out + i : buffer;")
        text.line("\(element.component) *const o = \(cast("sums", const: false));")
        text.block("if (!accumulate)") { text in
          text.statement("for (long r = 0; r < \(element.scale)n; r++)", "o[r] = 0;")
        }
        text.block("else if (rs_out != 1)") { text in
          text.statement("for (long r = 0; r < n; r++)", "buffer[r] = out[(i + r) * rs_out];")
        }
        for operand in term.operands {
          text.line(
            "\(operand.pointer)const \(operand.row) = "
              + "\(cast("\(operand.array) + i * rs_\(operand.array)", const: true));")
        }
        emitRows(&text, &unit)
        text.statement("for (long r = 0; rs_out != 1 && r < n; r++)", "out[(i + r) * rs_out] = buffer[r];")
      }
      if term.operation == .sum { text.line("(void)rs_a;") }
    }
    return name
  }

  private func cast(_ pointer: String, const: Bool) -> String {
    guard element.isComplex else { return pointer }
    return "(\(const ? "const " : "")\(element.component) *)(\(pointer))"
  }

  /// The loops over j.
  private func emitRows(_ text: inout CText, _ unit: inout CUnit) {
    let shapes = term.rowShapes.filter { $0[0] == .unit }
    for (index, shape) in shapes.enumerated() {
      if shapes.count == 1 {
        emitLoops(shape, &text, &unit)
      } else {
        text.block(index == 0 ? "if (rs_b == \(shape[1].value))" : "else") { emitLoops(shape, &$0, &unit) }
      }
    }
  }

  /// Several rows of terms at a time, then one: sixteen, or eight where each is made of more than one row of numbers.
  private func emitLoops(_ shape: [RowOperand.Stride], _ text: inout CText, _ unit: inout CUnit) {
    let isProduct = term.operation == .product
    let isWide = element.isComplex || isProduct && shape[1] == .unit
    let most = isWide || element.isa == .baseline ? 8 : 16
    let row = RowEmitter(term: term, shape: shape)
    for count in [most, 1] {
      let add = row.defineStreams(count, in: &unit)
      // The second loop's start is an expression of its own, so that compilers that know `columns` see where it ends.
      let head =
        count == most
        ? "for (long j = 0; j + \(most) <= columns; j += \(most))"
        : "for (long j = columns - columns % \(most); j < columns; j++)"
      let operands = term.operands.map { operand in
        let stride = "\(element.scale)cs_\(operand.array)"
        let row = "\(operand.row) + \(element.scale)j * cs_\(operand.array)"
        return count == 1 ? row : "\(row), \(stride)"
      }
      text.statement(head, "\(add)(\(element.scale)n, o, \(operands.joined(separator: ", ")));")
    }
  }
}
