import EinsumIR

/// Emits the helper for `out[i] (+)= the sum over j of a[i, j] (* b[i, j])` where i is contiguous in the operands.
///
/// Rows of terms are added to a row of sums that stays in the first cache, or in registers if it is shorter still
/// (``NarrowSumEmitter``). Several rows are added in turn; short ones from as many parts of the operands, so that each part is a
/// stream through memory that goes on. The order of a sum's terms depends on their count and distance alone.
struct ColumnSumEmitter {
  let term: Term

  private var element: CElement { term.element }

  /// The elements from the start of a row to the next from which on rows are streams of their own: a page.
  private var farStride: Int { 4096 / term.operands[0].stored.type.size }

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

  private static let rowsTogether = 8

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

  /// Eight rows of terms at a time, then one.
  ///
  /// No more, as rows a multiple of 4 KiB apart share the sets of the first cache, which has eight lines in each on many CPUs.
  /// 4096 x 4096 floats on Zen 3: 16 rows 10.2 GB/s, 8 rows 15.8; 8 times 64 x 4096 on Zen 4: 55 and 74.
  /// For the same reason the parts' rows lie an odd number of rows apart: rows of 128 floats on Zen 3, 256 to a sum, from parts
  /// 19.6 GB/s, neighbours 8.8. Rows of which each has pages of its own are better read as neighbours: 23 GB/s, 12 from parts.
  private func emitLoops(_ shape: [RowOperand.Stride], _ text: inout CText, _ unit: inout CUnit) {
    let most = Self.rowsTogether
    let row = RowEmitter(term: term, shape: shape)
    let (many, one) = (row.defineStreams(most, in: &unit), row.defineStreams(1, in: &unit))
    func operands(_ step: String?) -> String {
      term.operands.map { operand in
        let stride = "\(element.scale)cs_\(operand.array)"
        let row = "\(operand.row) + \(element.scale)j * cs_\(operand.array)"
        return step.map { "\(row), \($0) * \(stride)" } ?? row
      }.joined(separator: ", ")
    }
    let first = term.operands[0].array
    let narrow = NarrowSumEmitter(term: term, shape: shape)
    let steps = zip(term.operands, shape).filter { $1 == .unit }.map { " && cs_\($0.0.array) > 0" }.joined()
    let rows = term.operands.map { "\($0.row), \(element.scale)cs_\($0.array)" }.joined(separator: ", ")
    text.line("long done = 0;")
    text.statement(
      "if (\(element.scale)n <= \(narrow.mostComponents)\(steps))",
      "done = \(narrow.define(in: &unit))(columns, \(element.scale)n, o, \(rows));")
    text.block("for (long j = done; columns - j >= \(most);)") { text in
      text.line("const long part = cs_\(first) < \(farStride) ? ((columns - j) / \(most) - 1) | 1 : 1;")
      text.block("for (const long end = j + part; j < end; j++)") { text in
        text.line("const long next = j + 1 < end ? 1 : \(most - 1) * part + 1;")
        text.line(
          "\(many)(\(element.scale)n, o, \(operands("part")), \(element.scale)next * cs_\(first) - \(element.scale)n);"
        )
      }
      text.line("j += \(most - 1) * part;")
    }
    // The start is an expression of its own, so that compilers that know `columns` see where the loop ends.
    text.statement(
      "for (long j = columns - (columns - done) % \(most); j < columns; j++)",
      "\(one)(\(element.scale)n, o, \(operands(nil)));")
  }
}
