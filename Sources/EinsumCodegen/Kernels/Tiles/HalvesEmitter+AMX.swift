import EinsumIR

/// Products of bfloat16 by AMX: 32x32 sums in four tiles, to which 32 products each are added at a time.
extension HalvesEmitter {
  /// The elements of k in a row of a tile.
  private static let depth = 32
  /// The rows of a tile.
  private static let height = 16

  /// The body of the kernel's function.
  ///
  /// Tiles take whole steps along k where rows and panel lie. What is left of k is copied first, with zeros behind it:
  /// nothing past a row's end is read. Tiles are released at the end, so that no one has to save them.
  func emitTiles(_ text: inout CText, _ unit: inout CUnit) {
    precondition(tile == Tile(mr: 32, nr: 32), "internal: AMX has tiles of 16x16")
    let configure = Self.defineConfiguration(in: &unit)
    let (restOfPanel, restOfRows) = (defineRestOfPanel(in: &unit), defineRestOfRows(in: &unit))
    let sums = [2, 1].map { defineSums(rowTiles: $0, in: &unit) }
    let isDirect = addressing == .strided && !element.type.isHalf
    text.line("float tile[\(32 * 32)] __attribute__((aligned(64)));")
    text.line("unsigned short a_rest[\(32 * 32)] __attribute__((aligned(64)));")
    text.line("unsigned int b_rest[\(16 * 32)] __attribute__((aligned(64)));")
    text.line("const long rest = k % \(Self.depth), whole = k - rest;")
    if isDirect { text.line("const long isDirect = n == \(tile.nr) && cs_c == 1;") }
    text.statement("if (rest)", "\(restOfPanel)(rest, b + whole * \(tile.nr / 2), b_rest);")
    text.block("for (long i = 0; i < m; i += \(tile.mr))") { text in
      text.line("const long m_i = m - i < \(tile.mr) ? m - i : \(tile.mr);")
      text.line("const unsigned short *const x = a + i * rs_a;")
      text.statement("if (rest)", "\(restOfRows)(m_i, rest, x + whole, rs_a, a_rest);")
      text.statement("if (i == 0 || m_i < \(tile.mr))", "\(configure)(m_i);")
      let target = isDirect ? "isDirect ? c + i * rs_c : tile" : "tile"
      text.line("float *const sums = \(target);")
      text.line("const long step = \(isDirect ? "isDirect ? 4 * rs_c : " : "")\(4 * tile.nr);")
      text.line("const long adds = \(isDirect ? "isDirect && accumulate" : "0");")
      let arguments = "(whole, rest, x, 2 * rs_a, b, a_rest, b_rest, sums, step, adds);"
      text.statement("if (m_i > \(Self.height))", sums[0] + arguments)
      text.statement("else", sums[1] + arguments)
      if isDirect { text.statement("if (isDirect)", "continue;") }
      emitStore(rows: tile.mr, &text, &unit)
    }
    text.line("__builtin_ia32_tilerelease();")
  }

  /// Defines what sets the tiles up, and gives its name: `(m)`.
  ///
  /// Tiles 0 to 3 are the sums, row by row; 4 and 5 hold rows of a, 6 and 7 columns of b.
  private static func defineConfiguration(in unit: inout CUnit) -> String {
    let name = "es_configure_tiles"
    unit.define(
      type: """
        struct es_tile_shapes {
            unsigned char palette, start, zero[14];
            unsigned short bytes[16];
            unsigned char rows[16];
        };
        """)
    unit.define(
      function: name, "Has tiles of 64 bytes in a row, and m rows in the two of each column.",
      "static void \(name)(long m)"
    ) { text, _ in
      text.line(
        """
        const unsigned char upper = m < 16 ? m : 16, lower = m > 16 ? m - 16 : 16;
        const struct es_tile_shapes shapes = {
            1, 0, {0}, {64, 64, 64, 64, 64, 64, 64, 64}, {upper, upper, lower, lower, upper, lower, 16, 16}};
        __builtin_ia32_tile_loadconfig(&shapes);
        """)
    }
    return name
  }

  /// Defines what copies the pairs of the last products, and gives its name: `(rest, b, copy)`.
  private func defineRestOfPanel(in unit: inout CUnit) -> String {
    let name = "es_rest_of_panel"
    let pairs = CElement(type: .uint32, isa: element.isa).vector(16, in: &unit)
    unit.define(
      function: name, "copy[p, j] = b[p, j], pairs, for p < (rest + 1) / 2, else 0, for p < 16.",
      "static void \(name)(long rest, const unsigned int *restrict b, unsigned int *restrict copy)"
    ) { text, _ in
      text.block("for (long p = 0; p < 16; p++)") { text in
        for start in [0, 16] {
          text.line(
            "*(\(pairs) *)(copy + 32 * p + \(start)) = "
              + "2 * p < rest ? *(const \(pairs) *)(b + 32 * p + \(start)) : (\(pairs)){0};")
        }
      }
    }
    return name
  }

  /// Defines what copies the ends of rows, and gives its name: `(m, rest, a, rs_a, copy)`.
  private func defineRestOfRows(in unit: inout CUnit) -> String {
    let name = "es_rest_of_rows"
    unit.define(type: "typedef short es_words __attribute__((vector_size(64)));")
    unit.define(
      function: name, "copy[i, p] = a[i, p] for p < rest, else 0, for i < m, p < \(Self.depth).",
      "static void \(name)(long m, long rest, const unsigned short *restrict a, long rs_a, "
        + "unsigned short *restrict copy)"
    ) { text, _ in
      text.line("const unsigned int mask = (1u << rest) - 1;")
      text.line("const es_words zero = {0};")
      text.statement(
        "for (long i = 0; i < m; i++)",
        "*(es_words *)(copy + \(Self.depth) * i) = "
          + "__builtin_ia32_loaddquhi512_mask((const es_words *)(a + i * rs_a), zero, mask);")
    }
    return name
  }

  /// Defines what forms the sums of one or two rows of tiles, and gives its name: `(whole, rest, a, step_a, b, a_rest,
  /// b_rest, c, step, adds)`; steps are in bytes.
  private func defineSums(rowTiles: Int, in unit: inout CUnit) -> String {
    let name = "es_halves_tiles_\(rowTiles)"
    unit.define(
      function: name,
      "c[i, j] (+)= the sum over p < whole + rest of a[i, p] * b[p, j], in \(rowTiles) x 2 tiles.",
      "static void \(name)(long whole, long rest, const unsigned short *restrict a, long step_a, "
        + "const unsigned int *restrict b, const unsigned short *restrict a_rest, "
        + "const unsigned int *restrict b_rest, float *restrict c, long step, long adds)"
    ) { text, _ in
      let places = (0..<rowTiles).flatMap { row in
        (0..<2).map { ("(char *)c + \(row * Self.height) * step + \($0 * 64)", 2 * row + $0) }
      }
      text.block("if (adds)") { text in
        for (place, number) in places {
          text.line("__builtin_ia32_tileloadd64(\(number), \(place), step);")
        }
      }
      text.block("else") { text in
        for (_, number) in places { text.line("__builtin_ia32_tilezero(\(number));") }
      }
      text.block("for (long p = 0; p < whole; p += \(Self.depth), b += \(16 * tile.nr))") { text in
        Self.emitStep(rowTiles, "(const char *)(a + p)", "step_a", "b", &text)
      }
      text.block("if (rest)") { text in
        Self.emitStep(rowTiles, "(const char *)a_rest", "\(2 * Self.depth)", "b_rest", &text)
      }
      for (place, number) in places {
        text.line("__builtin_ia32_tilestored64(\(number), \(place), step);")
      }
    }
    return name
  }

  /// One step along k; loads stand as late as they can, so that products begin early.
  private static func emitStep(
    _ rowTiles: Int, _ a: String, _ step: String, _ b: String, _ text: inout CText
  ) {
    text.line("__builtin_ia32_tileloadd64(6, \(b), 128);")
    for row in 0..<rowTiles {
      let place = row == 0 ? a : "\(a) + \(row * height) * \(step)"
      text.line("__builtin_ia32_tileloadd64(\(4 + row), \(place), \(step));")
      text.line("__builtin_ia32_tdpbf16ps(\(2 * row), \(4 + row), 6);")
      if row == 0 { text.line("__builtin_ia32_tileloadd64(7, \(b) + 16, 128);") }
      text.line("__builtin_ia32_tdpbf16ps(\(2 * row + 1), \(4 + row), 7);")
    }
  }
}
