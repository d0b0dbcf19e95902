import EinsumIR

/// Emits the helper that copies, or adds, the valid part of a tile in a buffer to where it belongs.
struct TileCopyEmitter {
  let element: CElement
  let addressing: KernelKind.Addressing

  /// Defines the helper and gives its name: `(m, n, tile, nr, c, strides or tables, accumulate)`.
  func define(in unit: inout CUnit) -> String {
    let name = "es_copy_tile\(addressing == .strided ? "" : "tab")_\(element.suffix)"
    let place =
      addressing == .strided
      ? "long rs_c, long cs_c" : "const long *restrict rows, const long *restrict columns"
    unit.define(
      function: name, "Copies the first m x n elements of a tile with rows of nr elements to c.",
      "static void \(name)(long m, long n, const \(element.name) *restrict tile, long nr, "
        + "\(element.name) *restrict c, \(place), long accumulate)"
    ) { text, unit in
      let run = RunEmitter(element: element).define(in: &unit)
      switch addressing {
      case .strided:
        text.block("for (long i = 0; i < m; i++)") { text in
          text.line("const \(element.name) *const x = tile + i * nr;")
          text.line("\(element.name) *const o = c + i * rs_c;")
          text.statement("if (cs_c == 1)", "\(run)(n, x, o, accumulate);")
          emitRows("else if (accumulate)", "o[j * cs_c]", adds: true, &text)
          emitRows("else", "o[j * cs_c]", adds: false, &text)
        }
      case .tabled:
        OffsetTables.emitRuns("columns", "n", "j", &text) { text in
          text.statement(
            "for (long i = 0; i < m; i++)",
            "\(run)(end - j, tile + i * nr + j, c + rows[i] + columns[j], accumulate);")
        }
      }
    }
    return name
  }

  /// One row under a condition.
  private func emitRows(_ condition: String, _ place: String, adds: Bool, _ text: inout CText) {
    text.block(condition) { text in
      text.block("for (long j = 0; j < n; j++)") { text in
        if !adds {
          text.line("\(place) = x[j];")
        } else if element.isComplex {
          text.line("\(place).re += x[j].re;\n\(place).im += x[j].im;")
        } else {
          text.line(element.add(place, "x[j]"))
        }
      }
    }
  }
}
