import EinsumIR

/// Emits packing: rows of an operand, `width` at a time, into a panel in the order in which a tile reads it.
///
/// Rows that lie side by side in memory are copied as vectors, from tables run by run; rows that are contiguous along k
/// are transposed in registers; what is neither is gathered. Rows that do not exist become zeros, which tiles compute with and never store.
struct PackEmitter {
  let width: Int
  let addressing: KernelKind.Addressing
  let element: CElement

  private var isTabled: Bool { addressing == .tabled }

  /// The kernel's function.
  func function(_ head: String, in unit: inout CUnit) -> CText {
    var text = CText()
    let place = isTabled ? "source[row[i] + column[p]]" : "source[i * rs + p * ks]"
    let layout = element.isComplex ? "panel[p, {re, im}, i]" : "panel[p, i]"
    text.function("\(layout) = \(place) for i < rows, else 0, for i < \(width), p < k.", head) { text in
      if element.isComplex {
        emitComplex(place, &text)
      } else {
        emitCopy(&text, &unit)
        emitRest(place, &text, &unit)
      }
    }
    return text
  }

  /// The case of a whole panel whose rows lie side by side: a copy with fixed width, in vectors that may overlap.
  private func emitCopy(_ text: inout CText, _ unit: inout CUnit) {
    let contiguous = isTabled ? "\(OffsetTables.consecutive(in: &unit))(row, \(width))" : "rs == 1"
    text.block("if (rows == \(width) && \(contiguous))") { text in
      text.block("for (long p = 0; p < k; p++, panel += \(width))") { text in
        text.line("const \(element.name) *const s = source + \(isTabled ? "row[0] + column[p]" : "p * ks");")
        Self.emitWholeRow(from: "s", to: "panel", width, element, &text, &unit)
      }
      text.line("return;")
    }
  }

  /// Copies one row of a panel in the widest vectors that fit into it, the last of which may overlap the one before.
  static func emitWholeRow(
    from source: String, to panel: String, _ width: Int, _ element: CElement, _ text: inout CText,
    _ unit: inout CUnit
  ) {
    let lanes = sequence(first: element.lanes) { $0 / 2 }.first { $0 <= width } ?? 1
    let vector = element.vector(lanes, in: &unit)
    let starts = Set(stride(from: 0, to: width - lanes, by: lanes)).union([width - lanes]).sorted()
    for start in starts {
      text.line("const \(vector) s\(start) = *(const \(vector) *)(\(source) + \(start));")
    }
    for start in starts { text.line("*(\(vector) *)(\(panel) + \(start)) = s\(start);") }
  }

  /// All other cases: runs of rows that are copied, or groups that are transposed, then single rows, then zeros.
  private func emitRest(_ place: String, _ text: inout CText, _ unit: inout CUnit) {
    text.line("long done = 0;")
    text.statement(
      "if (rows < \(width))",
      "for (long p = 0; p < k * \(width); p++)\n    panel[p] = 0;")
    if isTabled {
      let run = RunEmitter(element: element).define(in: &unit)
      text.block("if (rows > 1 && row[1] == row[0] + 1)") { text in
        OffsetTables.emitRuns("row", "rows", "i", &text) { text in
          text.statement(
            "for (long p = 0; p < k; p++)",
            "\(run)(end - i, source + row[i] + column[p], panel + p * \(width) + i, 0);")
        }
        text.line("return;")
      }
    }
    if let count = TransposeEmitter.count(for: width, element) {
      let transpose = TransposeEmitter(element: element, count: count, addressing: addressing).define(
        in: &unit)
      let condition = isTabled ? "rows >= \(count)" : "ks == 1 && rows >= \(count)"
      text.block("if (\(condition))") { text in
        text.block("for (long i = 0; done < rows; i += \(count))") { text in
          text.statement("if (i + \(count) > rows)", "i = rows - \(count);")
          text.line(
            isTabled
              ? "\(transpose)(k, source, row + i, column, panel + i, \(width));"
              : "\(transpose)(k, source + i * rs, rs, panel + i, \(width));")
          text.line("done = i + \(count);")
        }
      }
    }
    text.block("for (long p = 0; done < rows && p < k; p++)") { text in
      text.statement("for (long i = done; i < rows; i++)", "panel[p * \(width) + i] = \(place);")
    }
  }

  /// Complex panels: real and imaginary parts are separated on the way.
  private func emitComplex(_ place: String, _ text: inout CText) {
    text.block("for (long p = 0; p < k; p++, panel += \(2 * width))") { text in
      text.block("for (long i = 0; i < rows; i++)") { text in
        text.line("const \(element.name) x = \(place);")
        text.line("panel[i] = x.re;\npanel[\(width) + i] = x.im;")
      }
      text.statement("for (long i = rows; i < \(width); i++)", "panel[i] = panel[\(width) + i] = 0;")
    }
  }
}
