extension CElement {
  /// Emits a loop over `n` components in strips: full vectors, then halves of them, then single elements.
  ///
  /// `body` gets the lanes of the strip; the strip's first component is `j`. Every component is visited once and in
  /// order, whatever the width, so widths never change a result.
  func emitStrips(over n: String, _ text: inout CText, _ body: (inout CText, Int) -> Void) {
    text.line("long j = 0;")
    emitStrips(from: strips, over: n, &text, body)
  }

  /// Emits the loops for some widths, from a `j` that is declared.
  ///
  /// After strips of twice the width there is at most one more, so that is an `if`.
  func emitStrips(
    from widths: [Int], after wider: Int? = nil, over n: String, _ text: inout CText,
    _ body: (inout CText, Int) -> Void
  ) {
    var previous = wider
    for lanes in widths {
      let fits = lanes == 1 ? "j < \(n)" : "j + \(lanes) <= \(n)"
      let once = previous == 2 * lanes
      if once {
        text.block("if (\(fits))") {
          body(&$0, lanes)
          if lanes > elementLanes { $0.line("j += \(lanes);") }
        }
      } else {
        text.block(lanes == 1 ? "for (; \(fits); j++)" : "for (; \(fits); j += \(lanes))") {
          body(&$0, lanes)
        }
      }
      previous = lanes
    }
  }
}
