import EinsumIR

/// Emits the packing of contiguous rows into as many panels as they fill.
///
/// Memory is read along the rows, which hardware foresees; panel by panel it would be read in pieces as wide as a panel,
/// each from another page. Where rows of the source lie pages apart, a few are read side by side, so that each panel
/// gets some lines at once; where they are neighbours one after the other.
///
/// Measured on Zen 3 for float32, 4096x4096 from memory into panels 16 wide and 256 deep: 17 to 27 ms panel by panel, 5.5 to
/// 6.4 so, where reading alone takes 4.5; rows of 384: 38 and 18.5 ms for 198 MB, read in 13.
struct PackPanelsEmitter {
  let width: Int
  let element: CElement

  /// The kernel's function.
  func function(_ head: String, in unit: inout CUnit) -> CText {
    var text = CText()
    let pageStep = 4096 / element.type.size
    text.function(
      "panel[i / \(width), p, i % \(width)] = source[i + p * ks] for i < rows, p < k, else 0; panels are step apart.",
      head
    ) { text in
      text.line("const long whole = rows - rows % \(width), rest = rows % \(width);")
      text.line("const long most = ks >= \(pageStep) || ks <= -\(pageStep) ? \(Self.sideBySide) : 1;")
      text.block("for (long p = 0; p < k; p += most)") { text in
        text.line("const long n = k - p < most ? k - p : most;")
        text.line("const \(element.name) *s = source + p * ks;\n\(element.name) *d = panel + p * \(width);")
        text.block("for (long i = 0; i < whole; i += \(width), s += \(width), d += step)") { text in
          text.block("for (long q = 0; q < n; q++)") { text in
            PackEmitter.emitWholeRow(from: "s + q * ks", to: "d + q * \(width)", width, element, &text, &unit)
          }
        }
        text.block("for (long q = 0; rest > 0 && q < n; q++)") { text in
          text.statement(
            "for (long i = 0; i < \(width); i++)", "d[q * \(width) + i] = i < rest ? s[q * ks + i] : 0;")
        }
      }
    }
    return text
  }

  /// The rows of the source that are read together.
  private static let sideBySide = 4
}
