import EinsumIR

/// Emits a register block of products side by side: `rows` x `columns` vectors stay in registers over all of k.
///
/// Every element of the output has one accumulator, to which products are added in the order of p.
struct LaneBlockEmitter {
  let rows: Int
  let columns: Int
  let lanes: Int
  let element: CElement

  /// The pointers that helpers take after the strides: output, rows' and columns' operand, in components.
  static func parameters(_ element: CElement) -> String {
    "\(element.component) *o, const \(element.component) *x, const \(element.component) *y"
  }

  /// Defines the helper and gives its name: `(s, o, x, y)`.
  func define(in unit: inout CUnit) -> String {
    unit.define(type: "struct es_lanes { long k, rs_c, cs_c, rs_a, cs_a, rs_b, cs_b, accumulate; };")
    let name = "es_lanes_\(rows)x\(columns)x\(lanes)_\(element.suffix)"
    let vector = element.vector(lanes, in: &unit)
    unit.define(
      function: name, "A block of \(rows) x \(columns) in vectors of \(lanes) components.",
      "static void \(name)(const struct es_lanes *s, \(Self.parameters(element)))"
    ) { text, unit in
      let strides =
        ["k", "cs_a", "rs_b"] + (rows > 1 ? ["rs_a", "rs_c"] : []) + (columns > 1 ? ["cs_b", "cs_c"] : [])
      text.line("const long \(strides.map { "\($0) = s->\($0)" }.joined(separator: ", "));")
      for row in 0..<rows { text.zeros(vector, (0..<columns).map { accumulator(row, $0) }) }
      text.block("for (long p = 0; p < k; p++, x += cs_a, y += rs_b)") { text in
        emitTerms(vector, &text, &unit)
      }
      emitStores(&text, &unit)
    }
    return name
  }

  private func accumulator(_ row: Int, _ column: Int) -> String { "c\(row)_\(column)" }

  /// The multiply-adds for one p.
  ///
  /// Complex: `c += x * (re y, re y)`, then `c += swap(x) * (-im y, im y)`.
  private func emitTerms(_ vector: String, _ text: inout CText, _ unit: inout CUnit) {
    let signs = (0..<lanes).map { $0 % 2 == 0 ? "-1" : "1" }.joined(separator: ", ")
    for column in 0..<columns {
      let value = element.at("y", CText.steps(column, "cs_b"), lanes: lanes, in: &unit)
      text.line("const \(vector) b\(column) = \(value);")
      guard element.isComplex else { continue }
      text.line("const \(vector) r\(column) = \(element.shuffle("b\(column)", (0..<lanes).map { $0 & ~1 }));")
      let imaginary = element.shuffle("b\(column)", (0..<lanes).map { $0 | 1 })
      text.line("const \(vector) i\(column) = \(imaginary) * (\(vector)){\(signs)};")
    }
    for row in 0..<rows {
      let value = element.at("x", CText.steps(row, "rs_a"), lanes: lanes, in: &unit)
      text.line("const \(vector) a\(row) = \(value);")
      guard element.isComplex else {
        for column in 0..<columns {
          text.line(element.addProduct(accumulator(row, column), "a\(row)", "b\(column)", lanes: lanes))
        }
        continue
      }
      text.line("const \(vector) s\(row) = \(element.shuffle("a\(row)", (0..<lanes).map { $0 ^ 1 }));")
      for column in 0..<columns {
        text.line("\(accumulator(row, column)) += a\(row) * r\(column);")
        text.line("\(accumulator(row, column)) += s\(row) * i\(column);")
      }
    }
  }

  private func emitStores(_ text: inout CText, _ unit: inout CUnit) {
    let all = (0..<rows).flatMap { row in (0..<columns).map { (row, $0) } }
    func place(_ row: Int, _ column: Int) -> String {
      let parts = [CText.steps(row, "rs_c"), CText.steps(column, "cs_c")].filter { $0 != "0" }
      return element.at(
        "o", parts.isEmpty ? "0" : parts.joined(separator: " + "), lanes: lanes, const: false, in: &unit)
    }
    text.block("if (s->accumulate)") { text in
      for (row, column) in all {
        let sum = accumulator(row, column)
        text.line("\(sum) = \(element.sum(place(row, column), sum));")
      }
    }
    for (row, column) in all { text.line("\(place(row, column)) = \(accumulator(row, column));") }
  }
}
