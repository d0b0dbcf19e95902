import EinsumIR

/// Emits `dots`: products of matrices that are contiguous along the sum, as they lie in memory, with vectors along it.
///
/// A register block has an accumulator of its own for each pair of a row of a and a column of b, whose lanes are summed
/// at the end. So both operands are read as vectors and none has to be packed, which is what a product with few columns
/// has no time for: all of a is read once, as fast as memory gives it, while b stays in cache.
///
/// Long sums are cut where the columns' part would leave L1; the order of the sum depends on n and k alone.
struct DotsEmitter {
  let element: CElement

  /// Rows of a block: three, or one where fewer are left.
  private static let heights = [3, 1]

  /// Columns of blocks, widest first: accumulators leave registers for the rows and one column.
  private var widths: [Int] {
    let most = min(element.isa == .avx512 ? 8 : 4, element.lanes)
    return Array(sequence(first: most) { $0 / 2 }.prefix { $0 > 0 })
  }

  /// The kernel's function.
  func function(_ head: String, in unit: inout CUnit) -> CText {
    let rows = Self.heights.map { defineRows($0, in: &unit) }
    let single = widths.filter { $0 > 1 }.map { (width: $0, name: defineSingleRows($0, in: &unit)) }
    let size = element.type.size
    var text = CText()
    text.function(
      "c[t, i, j] (+)= the sum over p < k of a[t, i, p] * b[t, p, j], for t < batch, i < m, j < n; p is contiguous.",
      head
    ) { text in
      text.block(
        "if (m == 1 && bs_b != 0 && cs_c == 1 && !accumulate && k <= \(Self.shortVectors * element.lanes))"
      ) {
        text in
        for (width, name) in single {
          text.block("if (n >= \(width))") { text in
            text.line("\(name)(batch, n, k, c, bs_c, a, bs_a, b, bs_b, cs_b);\nreturn;")
          }
        }
      }
      text.line("/* Products of one row with the same columns are rows of one product. */")
      text.block("if (m == 1 && bs_b == 0)") { text in
        text.line("m = batch;\nrs_a = bs_a;\nrs_c = bs_c;\nbatch = 1;")
      }
      text.line("const struct es_dots s = {rs_a, cs_b, rs_c, cs_c};")
      text.line(
        "const long most = n > 32 ? \(Self.columnBytes / 32 / size) : "
          + "\(Self.columnBytes / size) / (n > 0 ? n : 1) / \(element.lanes) * \(element.lanes);")
      text.block("for (; batch > 0; batch--, c += bs_c, a += bs_a, b += bs_b)") { text in
        text.block("for (long p = 0; p == 0 || p < k; p += most)") { text in
          text.line("const long depth = k - p < most ? k - p : most, adds = accumulate | (p > 0);")
          text.line("long i = 0;")
          for (height, name) in zip(Self.heights, rows) {
            text.block("for (; i + \(height) <= m; i += \(height))") { text in
              text.line("\(name)(&s, depth, n, a + i * rs_a + p, b + p, c + i * rs_c, adds);")
            }
          }
        }
      }
    }
    return text
  }

  /// The vectors of a short sum.
  private static let shortVectors = 4

  /// The bytes of b that stay in L1 beside the rows.
  private static let columnBytes = 32 << 10

  /// Defines the helper for some rows and all columns: `(s, k, n, a, b, c, accumulate)`.
  private func defineRows(_ height: Int, in unit: inout CUnit) -> String {
    let name = "es_dots_\(height)_\(element.suffix)"
    let blocks = widths.map { defineBlock(height, $0, in: &unit) }
    let type = element.component
    unit.define(
      function: name, "Blocks of \(height) rows.",
      "static void \(name)(const struct es_dots *s, long k, long n, const \(type) *a, const \(type) *b, "
        + "\(type) *c, long accumulate)"
    ) { text, _ in
      text.line("long j = 0;")
      for (place, (width, block)) in zip(widths, blocks).enumerated() {
        let call = "\(block)(s, k, a, b + j * s->cs_b, c + j * s->cs_c, accumulate);"
        if place == 0 {
          text.block("for (; j + \(width) <= n; j += \(width))") { $0.line(call) }
        } else {
          text.block("if (j + \(width) <= n)") { text in
            text.line(call)
            if width > 1 { text.line("j += \(width);") }
          }
        }
      }
    }
    return name
  }

  // MARK: Register blocks

  private func accumulator(_ row: Int, _ column: Int) -> String { "s\(row)_\(column)" }

  /// Defines the helper for a block: `(s, k, a, b, c, accumulate)`.
  private func defineBlock(_ rows: Int, _ columns: Int, in unit: inout CUnit) -> String {
    let name = "es_dots_\(rows)x\(columns)_\(element.suffix)"
    let part = element.definePart(in: &unit)
    unit.define(type: "struct es_dots { long rs_a, cs_b, rs_c, cs_c; };")
    let type = element.component
    unit.define(
      function: name, "A block of \(rows) x \(columns).",
      "static void \(name)(const struct es_dots *s, long k, const \(type) *a, const \(type) *b, \(type) *c, "
        + "long accumulate)"
    ) { text, unit in
      let vector = element.vector(element.lanes, in: &unit)
      text.line("const long rs_a = s->rs_a\(columns > 1 ? ", cs_b = s->cs_b" : "");")
      for row in 0..<rows { text.zeros(vector, (0..<columns).map { accumulator(row, $0) }) }
      text.line("long p = 0;")
      if rows > 1 { text.line("/* volatile: read once, and not by the multiply-add of each row. */") }
      text.block("for (; p + \(element.lanes) <= k; p += \(element.lanes))") { text in
        emitTerms(rows, columns, &text, &unit) { pointer, isColumn in
          "*(const \(isColumn && rows > 1 ? "volatile " : "")\(vector) *)(\(pointer) + p)"
        }
        for row in 0..<rows { text.line("__builtin_prefetch(a + \(rows + row) * rs_a + p);") }
      }
      text.block("if (p < k)") { text in
        emitTerms(rows, columns, &text, &unit) { pointer, _ in "\(part)(\(pointer) + p, k - p)" }
      }
      emitStores(rows, columns, &text, &unit)
    }
    return name
  }

  /// The multiply-adds of one vector of each row and column.
  ///
  /// - Parameter load: the vector at a pointer, to a column or else to a row. gcc would load a column's again for each
  ///   row, as an operand in memory, and loads would take longer than the multiply-adds: 1.2 times the time of a product
  ///   with 16 columns. It does not repeat a volatile load.
  private func emitTerms(
    _ rows: Int, _ columns: Int, _ text: inout CText, _ unit: inout CUnit,
    _ load: (_ pointer: String, _ isColumn: Bool) -> String
  ) {
    let vector = element.vector(element.lanes, in: &unit)
    for row in 0..<rows {
      text.line("const \(vector) a\(row) = \(load(CText.pointer("a", row, "rs_a"), false));")
    }
    for column in 0..<columns {
      text.line("const \(vector) b\(column) = \(load(CText.pointer("b", column, "cs_b"), true));")
      for row in 0..<rows {
        text.line(
          element.addProduct(accumulator(row, column), "a\(row)", "b\(column)", lanes: element.lanes))
      }
    }
  }

  /// Defines the helper for products of one row each, whose sums are short: `(batch, n, k, c, bs_c, a, bs_a, b, bs_b, cs_b)`.
  ///
  /// Most of the time of such a product would go to calls and to choices, so there are none: where columns are left at the end
  /// the last block begins earlier. On Zen 3, float32, 12 columns and sums of 5: 8.5 ns for a product, 35 in blocks.
  private func defineSingleRows(_ columns: Int, in unit: inout CUnit) -> String {
    let name = "es_dots_single\(columns)_\(element.suffix)"
    let part = element.definePart(in: &unit)
    let type = element.component
    unit.define(
      function: name, "Products of one row, with columns in blocks of \(columns), at least as many.",
      "static void \(name)(long batch, long n, long k, \(type) *c, long bs_c, const \(type) *a, long bs_a, "
        + "const \(type) *b, long bs_b, long cs_b)"
    ) { text, unit in
      let vector = element.vector(element.lanes, in: &unit)
      text.line("const long whole = k & -\(element.lanes);")
      text.block("for (; batch > 0; batch--, c += bs_c, a += bs_a, b += bs_b)") { text in
        text.block("for (long j = 0;; j = j + \(2 * columns) <= n ? j + \(columns) : n - \(columns))") {
          text in
          text.line("const \(type) *const y = b + j * cs_b;")
          text.zeros(vector, (0..<columns).map { accumulator(0, $0) })
          func terms(_ text: inout CText, _ load: (String) -> String) {
            text.line("const \(vector) x = \(load("a"));")
            for column in 0..<columns {
              let y = load(CText.pointer("y", column, "cs_b"))
              text.line(element.addProduct(accumulator(0, column), "x", y, lanes: element.lanes))
            }
          }
          text.block("for (long p = 0; p < whole; p += \(element.lanes))") { text in
            terms(&text) { "*(const \(vector) *)(\($0) + p)" }
          }
          text.block("if (whole < k)") { text in
            text.statement("if (whole == 0)", "__builtin_prefetch((const char *)y + \(Self.aheadBytes));")
            terms(&text) { "\(part)(\($0) + whole, k - whole)" }
          }
          let sums = element.emitLaneSums(
            (0..<columns).map { accumulator(0, $0) }, prefix: "t", &text, &unit)
          text.line("*(\(element.vector(columns, in: &unit)) *)(c + j) = \(sums);")
          text.statement("if (j + \(columns) >= n)", "break;")
        }
      }
    }
    return name
  }

  /// How far ahead columns are fetched that are only read under a mask, which Zen 3 does not do by itself: from memory, 12 columns
  /// and sums of 5 take 44.6 ns for a product without and 19.5 with it, whole vectors longer than without.
  private static let aheadBytes = 2048

  private func emitStores(_ rows: Int, _ columns: Int, _ text: inout CText, _ unit: inout CUnit) {
    let store = defineStore(columns, in: &unit)
    for row in 0..<rows {
      let sums = element.emitLaneSums(
        (0..<columns).map { accumulator(row, $0) }, prefix: "t\(row)_", &text, &unit)
      text.line("\(store)(\(sums), \(CText.pointer("c", row, "s->rs_c")), s->cs_c, accumulate);")
    }
  }

  /// Defines the helper that writes or adds the sums of a row: `(sums, c, cs_c, accumulate)`.
  private func defineStore(_ columns: Int, in unit: inout CUnit) -> String {
    let name = "es_dots_store_\(columns)_\(element.suffix)"
    let vector = element.vector(columns, in: &unit)
    unit.define(
      function: name, nil,
      "static inline void \(name)(\(vector) sums, \(element.component) *c, long cs_c, long accumulate)"
    ) { text, _ in
      guard columns > 1 else {
        text.line("(void)cs_c;\nc[0] = accumulate ? c[0] + sums : sums;")
        return
      }
      text.block("if (cs_c == 1)") { text in
        text.line("if (accumulate)\n    sums += *(const \(vector) *)c;\n*(\(vector) *)c = sums;\nreturn;")
      }
      for column in 0..<columns {
        let place = "c[\(CText.steps(column, "cs_c"))]"
        text.line("\(place) = accumulate ? \(place) + sums[\(column)] : sums[\(column)];")
      }
    }
    return name
  }
}
