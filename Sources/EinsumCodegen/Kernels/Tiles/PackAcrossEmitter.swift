import EinsumIR

/// Emits packing across: the panels of several neighbours at once, from an operand in which these neighbours, and not
/// the rows or columns of a panel, are contiguous.
///
/// Blocks of rows by neighbours are transposed in registers, so that each cache line is read once and whole. The last
/// blocks overlap the ones before where rows or neighbours are not whole blocks. What the next column will read is fetched
/// ahead, as no hardware follows that many places.
struct PackAcrossEmitter {
  let element: CElement

  /// The kernel's function.
  func function(_ head: String, in unit: inout CUnit) -> CText {
    let sizes = Self.sizes(element)
    let helpers = sizes.map { (size: $0, name: defineBlock($0, in: &unit)) }
    var text = CText()
    text.function(
      "panel[q * step + p * width + i] = source[q + i * rs + p * ks] for q < count, i < rows, p < k, "
        + "else 0, for i < width.", head
    ) { text in
      text.block("for (long p = 0; p < k; p++, source += ks, panel += width)") { text in
        for (number, helper) in helpers.enumerated() {
          let size = helper.size
          text.block("\(number == 0 ? "if" : "else if") (rows >= \(size) && count >= \(size))") { text in
            text.block("for (long i = 0, end = 0; end < rows; i = end)") { text in
              text.statement("if (i + \(size) > rows)", "i = rows - \(size);")
              text.line("\(helper.name)(count, source + i * rs, rs, ks, panel + i, step);")
              text.line("end = i + \(size);")
            }
          }
        }
        text.block(helpers.isEmpty ? "" : "else") { text in
          text.block("for (long q = 0; q < count; q++)") { text in
            text.statement("for (long i = 0; i < rows; i++)", "panel[q * step + i] = source[q + i * rs];")
          }
        }
        text.block("for (long q = 0; rows < width && q < count; q++)") { text in
          text.statement("for (long i = rows; i < width; i++)", "panel[q * step + i] = 0;")
        }
      }
    }
    return text
  }

  /// The blocks that are transposed in registers, largest first: whole vectors, then ones for few rows.
  private static func sizes(_ element: CElement) -> [Int] {
    guard let largest = TransposeEmitter.count(for: 16, element) else { return [] }
    return largest > 4 ? [largest, 4] : [largest]
  }

  /// Defines the helper for one block of rows and all neighbours: `(count, source, rs, ahead, panel, step)`.
  private func defineBlock(_ size: Int, in unit: inout CUnit) -> String {
    let name = "es_packacross\(size)_\(element.suffix)"
    let transpose = TransposeEmitter(element: element, count: size, addressing: .strided)
    let vector = element.vector(size, in: &unit)
    unit.define(
      function: name, "d[q * step + r] = s[r * rs + q] for q < count, r < \(size); at least \(size) of q.",
      "static void \(name)(long count, const \(element.name) *restrict s, long rs, long ahead, "
        + "\(element.name) *restrict d, long step)"
    ) { text, _ in
      text.block("for (long q = 0, end = 0; end < count; q = end)") { text in
        text.statement("if (q + \(size) > count)", "q = count - \(size);")
        for row in 0..<size {
          text.line("const \(vector) x\(row) = *(const \(vector) *)(s + \(row) * rs + q);")
          text.line("__builtin_prefetch(s + \(row) * rs + q + ahead);")
        }
        for (row, value) in transpose.emitBlock(vector, &text).enumerated() {
          text.line("*(\(vector) *)(d + (q + \(row)) * step) = \(value);")
        }
        text.line("end = q + \(size);")
      }
    }
    return name
  }
}
