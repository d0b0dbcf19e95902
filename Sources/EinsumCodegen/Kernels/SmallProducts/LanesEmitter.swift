import EinsumIR

/// Emits `lanes`: many small products side by side, one to each lane of a vector; the products are contiguous.
///
/// The products are taken in vectors, and in narrower ones at the end. What such a group of products computes is divided
/// into register blocks, each the work of a helper (see ``LaneBlockEmitter``).
struct LanesEmitter {
  let element: CElement

  private var count: Int { element.componentCount }

  /// The most rows and columns of a register block for vectors of a width: all its sums are registers. Narrow vectors
  /// only finish what whole ones leave.
  private func blockLimit(_ lanes: Int) -> Int {
    element.isa == .avx512 && !element.isComplex && lanes == element.lanes ? 4 : 2
  }

  /// The kernel's function.
  func function(_ head: String, in unit: inout CUnit) -> CText {
    let groups = element.strips.map { defineGroup($0, in: &unit) }
    let component = element.component
    var text = CText()
    text.function(
      "c[t, i, j] (+)= the sum over p < k of a[t, i, p] * b[t, p, j], for t < batch, i < m, j < n; t is contiguous.",
      head
    ) { text in
      let strides = ["rs_c", "cs_c", "rs_a", "cs_a", "rs_b", "cs_b"].map { element.scale + $0 }
      text.line("const struct es_lanes s = {k, \(strides.joined(separator: ", ")), accumulate};")
      let (a, b) = (element.components("a", const: true), element.components("b", const: true))
      text.line("\(component) *const o = \(element.components("c", const: false));")
      text.line("const \(component) *const x = \(a), *const y = \(b);")
      if count > 1 { text.line("batch *= \(count);") }
      element.emitStrips(over: "batch", &text) { text, lanes in
        let group = groups[element.strips.firstIndex(of: lanes) ?? 0]
        text.line("\(group)(&s, m, n, o + j, x + j, y + j);")
      }
    }
    return text
  }

  /// Defines the helper for as many products as a vector has lanes: all register blocks of theirs.
  private func defineGroup(_ lanes: Int, in unit: inout CUnit) -> String {
    let limit = blockLimit(lanes)
    let blocks = (1...limit).map { rows in
      (1...limit).map {
        LaneBlockEmitter(rows: rows, columns: $0, lanes: lanes, element: element).define(in: &unit)
      }
    }
    let parameters = LaneBlockEmitter.parameters(element)
    let type = "es_lanes_block_\(element.type.code)"
    unit.define(type: "typedef void (*\(type))(const struct es_lanes *s, \(parameters));")
    let name = "es_lanes_\(lanes)_\(element.suffix)"
    unit.define(
      function: name, "Products in vectors of \(lanes) components.",
      "static void \(name)(const struct es_lanes *s, long m, long n, \(parameters))"
    ) { text, _ in
      text.line("static const \(type) blocks[][\(limit)] = {")
      for names in blocks { text.line("    {\(names.joined(separator: ", "))},") }
      text.line("};")
      text.block("for (long i = 0; i < m; i += \(limit))") { text in
        text.line("const long rows = m - i < \(limit) ? m - i : \(limit);")
        text.block("for (long j = 0; j < n; j += \(limit))") { text in
          text.line("const long columns = n - j < \(limit) ? n - j : \(limit);")
          text.line(
            "blocks[rows - 1][columns - 1](s, o + i * s->rs_c + j * s->cs_c, x + i * s->rs_a, y + j * s->cs_b);"
          )
        }
      }
    }
    return name
  }
}
