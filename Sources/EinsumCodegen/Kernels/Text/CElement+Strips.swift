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

  /// Emits what writes a row of `n` components where no harm is done if some are written twice: the last vector ends with the row,
  /// whatever it shares with the one before.
  ///
  /// - Parameter body: of an offset and a width.
  func emitOverlappingStrips(
    from widths: [Int], over n: String, _ text: inout CText, _ body: (inout CText, String, Int) -> Void
  ) {
    let widest = widths[0]
    text.block("if (\(n) > \(2 * widest))") { text in
      text.block("for (long j = 0; j < \(n) - \(widest); j += \(widest))") { body(&$0, "j", widest) }
      body(&text, "\(n) - \(widest)", widest)
    }
    // What is left of the widest are up to two.
    for (wider, lanes) in zip([4 * widest] + widths, widths) {
      if lanes == elementLanes {
        // After twice the width there is at most one, and none where a row is empty.
        let isOnce = wider == 2 * lanes
        text.block(isOnce ? "else if (\(n) > 0)" : "else") { text in
          if isOnce { return body(&text, "0", lanes) }
          text.block("for (long j = 0; j < \(n); j += \(lanes))") { body(&$0, "j", lanes) }
        }
      } else {
        text.block("else if (\(n) >= \(lanes))") { text in
          body(&text, "0", lanes)
          body(&text, "\(n) - \(lanes)", lanes)
        }
      }
    }
  }
}
