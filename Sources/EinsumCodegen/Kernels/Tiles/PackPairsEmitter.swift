import EinsumIR

/// Emits the packing of 16-bit integers in pairs, which tiles multiply two at a time.
///
/// Rows that lie side by side are read as vectors, and those of p and p + 1 are interleaved; rows that are contiguous
/// along k have their pairs side by side already, and are transposed in registers; what is neither is gathered.
struct PackPairsEmitter {
  let width: Int
  let addressing: KernelKind.Addressing
  let isa: ISA

  private var isTabled: Bool { addressing == .tabled }
  private var half: CElement { CElement(type: .uint16, isa: isa) }
  private var pair: CElement { CElement(type: .uint32, isa: isa) }

  private func place(_ i: String, _ p: String) -> String {
    isTabled ? "source[row[\(i)] + column[\(p)]]" : "source[\(i) * rs + (\(p)) * ks]"
  }

  /// The kernel's function.
  func function(_ head: String, in unit: inout CUnit) -> CText {
    var text = CText()
    text.function(
      "panel[p / 2, i] = \(place("i", "p")) below that of p + 1, for i < rows, even p < k, else 0, for i < \(width).",
      head
    ) { text in
      emitNeighbours(&text, &unit)
      text.line("long done = 0;")
      text.statement(
        "if (rows < \(width))", "for (long p = 0; p < (k + 1) / 2 * \(width); p++)\n    panel[p] = 0;")
      if !isTabled { emitTransposed(&text, &unit) }
      text.block("for (long p = 0; done < rows && p < k; p += 2, panel += \(width))") { text in
        text.block("for (long i = done; i < rows; i++)") { text in
          text.line("const unsigned int next = p + 1 < k ? \(place("i", "p + 1")) : 0;")
          text.line("panel[i] = \(place("i", "p")) | next << 16;")
        }
      }
    }
    return text
  }

  /// The case of a whole panel whose rows lie side by side, in vectors that may overlap.
  private func emitNeighbours(_ text: inout CText, _ unit: inout CUnit) {
    let lanes = sequence(first: pair.lanes) { $0 / 2 }.first { $0 <= width } ?? 1
    let (words, pairs) = (half.vector(lanes, in: &unit), pair.vector(lanes, in: &unit))
    let starts = Set(stride(from: 0, to: width - lanes, by: lanes)).union([width - lanes]).sorted()
    let contiguous = isTabled ? "\(OffsetTables.consecutive(in: &unit))(row, \(width))" : "rs == 1"
    func row(_ name: String, _ p: String) -> String {
      "const unsigned short *const \(name) = source + \(isTabled ? "row[0] + column[\(p)]" : "(\(p)) * ks");"
    }
    func value(_ name: String, _ start: Int) -> String {
      "__builtin_convertvector(*(const \(words) *)(\(name) + \(start)), \(pairs))"
    }
    text.block("if (rows == \(width) && \(contiguous))") { text in
      text.block("for (long p = 0; p < k; p += 2, panel += \(width))") { text in
        text.line(row("s", "p"))
        text.block("if (p + 1 < k)") { text in
          text.line(row("t", "p + 1"))
          for start in starts {
            text.line("*(\(pairs) *)(panel + \(start)) = \(value("s", start)) | \(value("t", start)) << 16;")
          }
        }
        text.block("else") { text in
          for start in starts { text.line("*(\(pairs) *)(panel + \(start)) = \(value("s", start));") }
        }
      }
      text.line("return;")
    }
  }

  /// The case of rows that are contiguous along k: groups of them, of which the last overlaps the one before.
  private func emitTransposed(_ text: inout CText, _ unit: inout CUnit) {
    guard let count = TransposeEmitter.count(for: width, pair) else { return }
    let transpose = defineTranspose(count, in: &unit)
    text.block("if (ks == 1 && rows >= \(count))") { text in
      text.block("for (long i = 0; done < rows; i += \(count))") { text in
        text.statement("if (i + \(count) > rows)", "i = rows - \(count);")
        text.line("\(transpose)(k, source + i * rs, rs, panel + i);")
        text.line("done = i + \(count);")
      }
    }
  }

  /// Defines the helper that moves the pairs of `count` rows across, and gives its name: `(k, s, rs, d)`.
  private func defineTranspose(_ count: Int, in unit: inout CUnit) -> String {
    let name = "es_transpose_pairs_\(count)_\(width)_\(isa.rawValue)"
    let (words, pairs) = (half.vector(2 * count, in: &unit), pair.vector(count, in: &unit))
    unit.define(
      function: name, "d[p / 2, r] = the pair s[r, p], s[r, p + 1] for r < \(count), even p < k.",
      "static void \(name)(long k, const unsigned short *restrict s, long rs, unsigned int *restrict d)"
    ) { text, _ in
      text.line("long p = 0;")
      text.block("for (; p + \(2 * count) <= k; p += \(2 * count), d += \(count * width))") { text in
        for row in 0..<count {
          let address = row == 0 ? "s + p" : "s + \(CText.steps(row, "rs")) + p"
          text.line("const \(pairs) x\(row) = (\(pairs))*(const \(words) *)(\(address));")
        }
        let rows = TransposeEmitter(element: pair, count: count, addressing: .strided)
          .emitBlock(pairs, &text)
        for (row, name) in rows.enumerated() {
          text.line("*(\(pairs) *)(d + \(row * width)) = \(name);")
        }
      }
      text.block("for (; p < k; p += 2, d += \(width))") { text in
        text.block("for (long r = 0; r < \(count); r++)") { text in
          text.line("const unsigned int next = p + 1 < k ? s[r * rs + p + 1] : 0;")
          text.line("d[r] = s[r * rs + p] | next << 16;")
        }
      }
    }
    return name
  }
}
