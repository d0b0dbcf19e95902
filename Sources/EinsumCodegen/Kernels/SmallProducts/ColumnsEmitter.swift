import EinsumIR

/// Emits `columns`: many small products of operands as they lie in memory, with vectors along contiguous columns.
///
/// A product is divided into register blocks, each the work of a helper (see ``ColumnBlockEmitter``). Columns take the
/// widest vectors that fit a row, and the last vector is moved back to end where the row ends, so that there is neither
/// padding nor a remainder; rows take even shares. A product of one block leaves the loop over products to its helper,
/// so that tiny ones cost no calls.
struct ColumnsEmitter {
  let element: CElement

  private var count: Int { element.componentCount }
  /// The vector widths that rows are made of, widest first.
  private var widths: [Int] { element.strips }

  /// The most vectors in a row of a block.
  private var vectorLimit: Int { element.isa == .avx512 && element.type.numberClass == .real ? 4 : 2 }

  /// The most rows of a block: accumulators leave registers for a row of b, and narrow blocks are small anyway.
  private func rowLimit(_ vectors: Int, _ lanes: Int) -> Int {
    guard element.isa == .avx512, element.type.numberClass == .real else {
      return min(8, (element.isa == .avx512 ? 24 : 12) / vectors, max(4, 2 * lanes))
    }
    return lanes == element.lanes ? min(16, 24 / vectors) : min(8, 24 / vectors, max(4, 2 * lanes))
  }

  /// The most vectors of a width that a block needs: rows as wide as the next width use that one.
  private func vectorLimit(_ place: Int) -> Int {
    let lanes = widths[place]
    return place == 0 ? vectorLimit : min(vectorLimit, (widths[place - 1] + lanes - 2) / lanes)
  }

  /// The kernel's function.
  func function(_ head: String, in unit: inout CUnit) -> CText {
    let rows = widths.indices.map { place in
      (1...vectorLimit(place)).map { defineRows(widths[place], $0, in: &unit) }
    }
    let type = defineRowsType(in: &unit)
    var text = CText()
    text.function(
      "c[t, i, j] (+)= the sum over p < k of a[t, i, p] * b[t, p, j], for t < batch, i < m, j < n; j is contiguous.",
      head
    ) { text in
      text.line("static const \(type) products[][\(vectorLimit)] = {")
      for names in rows { text.line("    {\(names.joined(separator: ", "))},") }
      text.line("};")
      text.line("if (batch <= 0 || m <= 0 || n <= 0)\n    return;")
      emitOperands(&text)
      emitWidth(&text)
      text.block("if (vectors <= \(vectorLimit))") { text in
        text.line("s.last = n - lanes;\nproducts[width][vectors - 1](&s, batch, m, o, x, y);\nreturn;")
      }
      emitWide(&text)
    }
    return text
  }

  /// Declares the operands and the shape in components.
  private func emitOperands(_ text: inout CText) {
    let strides = ["bs_c", "rs_c", "bs_a", "rs_a", "cs_a", "bs_b", "rs_b"].map { element.scale + $0 }
    let component = element.component
    if count > 1 { text.line("n *= \(count);") }
    text.line("struct es_columns s = {k, \(strides.joined(separator: ", ")), 0, accumulate};")
    let (a, b) = (element.components("a", const: true), element.components("b", const: true))
    text.line("\(component) *o = \(element.components("c", const: false));")
    text.line("const \(component) *x = \(a), *y = \(b);")
  }

  /// Declares the width of the vectors that suits rows of n components, and the number of them.
  private func emitWidth(_ text: inout CText) {
    let narrower = widths.dropLast().map { "(n < \($0))" }
    text.line(
      "static const long shifts[] = {\(widths.map { "\($0.trailingZeroBitCount)" }.joined(separator: ", "))};"
    )
    text.line(
      "const long width = \(narrower.isEmpty ? "0" : narrower.joined(separator: " + ")), lanes = (long)1 << shifts[width];"
    )
    text.line("const long vectors = (n + lanes - 1) >> shifts[width];")
  }

  /// Products whose rows are several blocks: whole ones, perhaps one that is a vector less, and a last one.
  ///
  /// The last block has two vectors at least: the last vector then overlaps its own block and not the one before,
  /// whose elements have been stored already.
  private func emitWide(_ text: inout CText) {
    let limit = vectorLimit
    text.line("struct es_columns middle = s, end = s;")
    text.line("const long over = vectors % \(limit), rest = over < 2 ? over + \(limit) : over;")
    text.line("const long start = rest > \(limit) ? vectors - 2 : vectors - rest;")
    text.line("s.last = \(limit - 1) * lanes;\nmiddle.last = \(limit - 2) * lanes;")
    text.line("end.last = n - (start + 1) * lanes;")
    text.block("for (; batch > 0; batch--, o += s.bs_c, x += s.bs_a, y += s.bs_b)") { text in
      text.block("for (long v = 0; v < vectors - rest; v += \(limit))") {
        $0.line("products[width][\(limit - 1)](&s, 1, m, o + v * lanes, x, y + v * lanes);")
      }
      text.block("if (rest > \(limit))") { text in
        text.line("const long j = (vectors - rest) * lanes;")
        text.line("products[width][\(limit - 2)](&middle, 1, m, o + j, x, y + j);")
      }
      text.line("products[width][vectors - start - 1](&end, 1, m, o + start * lanes, x, y + start * lanes);")
    }
  }

  // MARK: Rows

  private var parameters: String {
    let component = element.component
    return "const struct es_columns *s, long batch, long m, \(component) *o, const \(component) *x, "
      + "const \(component) *y"
  }

  /// Defines the pointer type of the functions that ``defineRows`` makes.
  private func defineRowsType(in unit: inout CUnit) -> String {
    let name = "es_columns_rows_\(element.type.code)"
    unit.define(type: "typedef void (*\(name))(\(parameters));")
    return name
  }

  /// Defines the helper for products whose rows are `vectors` vectors of `lanes` components: the shares of their rows.
  private func defineRows(_ lanes: Int, _ vectors: Int, in unit: inout CUnit) -> String {
    let name = "es_columns_\(vectors)x\(lanes)_\(element.suffix)"
    let limit = rowLimit(vectors, lanes)
    let blocks = (1...limit).map {
      ColumnBlockEmitter(rows: $0, vectors: vectors, lanes: lanes, element: element).define(in: &unit)
    }
    let type = ColumnBlockEmitter.defineType(element, in: &unit)
    unit.define(
      function: name, "Products whose rows are \(vectors) x \(lanes) components.",
      "static void \(name)(\(parameters))"
    ) { text, _ in
      text.line("static const \(type) blocks[] = {")
      text.line("    " + blocks.joined(separator: ",\n    "))
      text.line("};")
      text.block("if (m <= \(limit))") { text in
        text.line("blocks[m - 1](s, batch, o, x, y);\nreturn;")
      }
      text.line("const long shares = (m + \(limit - 1)) / \(limit), rows = m / shares, more = m % shares;")
      text.block("for (; batch > 0; batch--, o += s->bs_c, x += s->bs_a, y += s->bs_b)") { text in
        text.block("for (long i = 0; i < more; i++)") { text in
          text.line("const long r = i * (rows + 1);")
          text.line("blocks[rows](s, 1, o + r * s->rs_c, x + r * s->rs_a, y);")
        }
        text.block("for (long i = more; i < shares; i++)") { text in
          text.line("const long r = i * rows + more;")
          text.line("blocks[rows - 1](s, 1, o + r * s->rs_c, x + r * s->rs_a, y);")
        }
      }
    }
    return name
  }
}
