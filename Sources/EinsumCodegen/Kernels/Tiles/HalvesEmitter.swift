import EinsumIR

/// Emits products of bfloat16 that are summed in float32: rows of a where they lie, times a panel of b in pairs.
///
/// With AMX the sums of a tile stay in four of its tiles (see `HalvesEmitter+AMX.swift`). Without, twelve rows at a time
/// have theirs in vectors; each step along k broadcasts a pair of every row, and adds both of its products by one
/// instruction of AVX512-BF16, or by two multiply-adds where there is none. Sums go through a buffer, from where they
/// are stored, added, or rounded.
struct HalvesEmitter {
  let tile: Tile
  let addressing: KernelKind.Addressing
  /// The output's.
  let element: CElement

  var sum: CElement { CElement(type: .float32, isa: element.isa) }
  var half: CElement { CElement(type: .bfloat16, isa: element.isa) }
  private var pair: CElement { CElement(type: .uint32, isa: element.isa) }
  /// Vectors side by side in a row of the tile.
  private var vectors: Int { tile.nr / sum.lanes }
  /// As many rows as leave registers for a row of b.
  private static let rows = 12

  /// The kernel's function.
  func function(_ head: String, in unit: inout CUnit) -> CText {
    let place = addressing == .strided ? "c[i, j]" : "c[rows[i] + columns[j]]"
    let sign = element.type.isHalf ? "=" : "(+)="
    var text = CText()
    text.function(
      "\(place) \(sign) the sum over p < k of a[i, p] * b[p, j], for i < m, j < n <= \(tile.nr).", head
    ) { text in
      if unit.uses == .amx { return emitTiles(&text, &unit) }
      let rows = defineRows(in: &unit)
      text.block("for (long i = 0; i < m; i += \(Self.rows))") { text in
        text.line("const long m_i = m - i < \(Self.rows) ? m - i : \(Self.rows);")
        text.line("float tile[\(Self.rows * tile.nr)] __attribute__((aligned(64)));")
        text.line("\(rows)(m_i, k, a + i * rs_a, rs_a, b, tile);")
        emitStore(rows: Self.rows, &text, &unit)
      }
    }
    return text
  }

  /// Defines the helper that forms the sums of some rows, and gives its name: `(m, k, a, rs_a, b, tile)`.
  private func defineRows(in unit: inout CUnit) -> String {
    let name = "es_halves_rows_\(tile.nr)_\(element.isa.rawValue)"
    let dot = defineDot(in: &unit)
    let sums = sum.vector(sum.lanes, in: &unit)
    let pairs = pair.vector(sum.lanes, in: &unit)
    unit.define(type: "typedef unsigned int es_pair __attribute__((aligned(2), may_alias));")
    unit.define(
      function: name,
      "tile[i, j] = the sum over p < k of a[i, p] * b[p, j], for i < m <= \(Self.rows), j < \(tile.nr).",
      "static void \(name)(long m, long k, const unsigned short *restrict a, long rs_a, "
        + "const unsigned int *restrict b, float *restrict tile)"
    ) { text, unit in
      for row in 0..<Self.rows {
        let place = row == 0 ? "a" : "m > \(row) ? a + \(CText.steps(row, "rs_a")) : a"
        text.line("const unsigned short *const a\(row) = \(place);")
        text.zeros(sums, (0..<vectors).map { "c\(row)_\($0)" })
      }
      text.line("long p = 0;")
      for isPair in [true, false] {
        text.block(isPair ? "for (; p + 1 < k; p += 2, b += \(tile.nr))" : "if (p < k)") { text in
          for vector in 0..<vectors {
            text.line("const \(pairs) b\(vector) = *(const \(pairs) *)(b + \(vector * sum.lanes));")
          }
          for row in 0..<Self.rows {
            let factor = isPair ? "*(const es_pair *)(a\(row) + p)" : "a\(row)[p]"
            for vector in 0..<vectors {
              text.line("c\(row)_\(vector) = \(dot)(c\(row)_\(vector), b\(vector), \(factor));")
            }
          }
        }
      }
      for row in 0..<Self.rows {
        for vector in 0..<vectors {
          text.line("*(\(sums) *)(tile + \(row * tile.nr + vector * sum.lanes)) = c\(row)_\(vector);")
        }
      }
    }
    return name
  }

  /// Defines what adds to each lane the two products of its pairs, and gives its name: `(sum, x, y)`; y is one pair.
  private func defineDot(in unit: inout CUnit) -> String {
    let name = "es_half_dot_\(element.isa.rawValue)"
    let sums = sum.vector(sum.lanes, in: &unit)
    let pairs = pair.vector(sum.lanes, in: &unit)
    let isDirect = unit.uses == .bf16
    if isDirect { unit.define(type: Self.vectorType) }
    unit.define(
      function: name, "sum + x.low * y.low + x.high * y.high, where halves are bfloat16.",
      "static inline \(sums) \(name)(\(sums) sum, \(pairs) x, unsigned int y)"
    ) { text, _ in
      text.line("const \(pairs) all = (\(pairs)){0} + y;")
      if isDirect {
        text.line("return __builtin_ia32_dpbf16ps_512(sum, (es_halves)x, (es_halves)all);")
      } else {
        text.line("sum += (\(sums))(x << 16) * (\(sums))(all << 16);")
        text.line("return sum + (\(sums))(x & 0xffff0000) * (\(sums))(all & 0xffff0000);")
      }
    }
    return name
  }

  private static let vectorType = "typedef __bf16 es_halves __attribute__((vector_size(64)));"

  // MARK: Stores

  /// Brings the sums of rows i to i + m_i from a buffer to where they belong.
  func emitStore(rows: Int, _ text: inout CText, _ unit: inout CUnit) {
    let place = addressing == .strided ? "c + i * rs_c, rs_c, cs_c" : "c, rows + i, columns"
    guard element.type.isHalf else {
      let copy = TileCopyEmitter(element: element, addressing: addressing).define(in: &unit)
      return text.line("\(copy)(m_i, n, tile, \(tile.nr), \(place), accumulate);")
    }
    let words = CElement(type: .uint16, isa: element.isa)
    let copy = TileCopyEmitter(element: words, addressing: addressing).define(in: &unit)
    let round = defineRounding(in: &unit)
    if addressing == .strided {
      text.block("if (n == \(tile.nr) && cs_c == 1)") { text in
        text.line("\(round)(m_i, tile, c + i * rs_c, rs_c);")
        text.line("continue;")
      }
    }
    text.line("unsigned short rounded[\(rows * tile.nr)] __attribute__((aligned(64)));")
    text.line("\(round)(m_i, tile, rounded, \(tile.nr));")
    text.line("\(copy)(m_i, n, rounded, \(tile.nr), \(place), 0);")
  }

  /// Defines the helper that rounds whole rows of a tile, and gives its name: `(m, tile, c, rs_c)`.
  private func defineRounding(in unit: inout CUnit) -> String {
    let name = "es_round_tile_\(tile.nr)_\(element.isa.rawValue)"
    let lanes = sum.lanes
    let sums = sum.vector(lanes, in: &unit)
    let halves = half.vector(2 * lanes, in: &unit)
    unit.define(
      function: name, "c[i, j] = the bfloat16 nearest to tile[i, j], for i < m, j < \(tile.nr).",
      "static void \(name)(long m, const float *restrict tile, unsigned short *restrict c, long rs_c)"
    ) { text, unit in
      text.block("for (long i = 0; i < m; i++, tile += \(tile.nr), c += rs_c)") { text in
        for start in stride(from: 0, to: tile.nr, by: 2 * lanes) {
          text.line("const \(sums) x\(start) = *(const \(sums) *)(tile + \(start));")
          text.line("const \(sums) y\(start) = *(const \(sums) *)(tile + \(start + lanes));")
          let value =
            unit.uses == nil
            ? ConversionHelpers(isa: element.isa)
              .narrowed("x\(start)", "y\(start)", to: .bfloat16, lanes: lanes, in: &unit)
            : "(\(halves))__builtin_ia32_cvtne2ps2bf16_512(y\(start), x\(start))"
          text.line("*(\(halves) *)(c + \(start)) = \(value);")
        }
      }
    }
    return name
  }
}
