import EinsumSyntax
import Testing

/// The echoed equation and its caret, for texts that are long, wide or hostile.
@Suite struct SnippetTests {
  /// The two lines that show a range of a text.
  private func snippet(_ text: String, _ start: Int, _ end: Int) -> [String] {
    let error = EinsumError(.strayDot, in: text, at: SourceRange(start: start, end: end))
    let lines = error.description.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    #expect(lines.count == 3)
    return Array(lines.dropFirst())
  }

  @Test func caretsAtTheEnds() {
    #expect(snippet("ij", 0, 1) == ["  ij", "  ^"])
    #expect(snippet("ij", 2, 2) == ["  ij", "    ^"])
    #expect(snippet("ij", 0, 2) == ["  ij", "  ^~"])
    #expect(snippet("", 0, 0) == ["  ", "  ^"])
  }

  @Test func aRangeBeyondTheTextIsClamped() {
    #expect(snippet("ij", 1, 9) == ["  ij", "   ^"])
    #expect(snippet("ij", 7, 9) == ["  ij", "    ^"])
  }

  @Test func wideLettersTakeTwoColumns() {
    #expect(snippet("中i", 1, 2) == ["  中i", "    ^"])
    #expect(snippet("i中中", 1, 3) == ["  i中中", "   ^~~~"])
    #expect(snippet("αβ", 1, 2) == ["  αβ", "   ^"])
  }

  @Test func marksTakeNoColumn() {
    #expect(snippet("e\u{301}\u{302}j", 3, 4) == ["  e\u{301}\u{302}j", "   ^"])
    #expect(snippet("ie\u{301}", 2, 3) == ["  ie\u{301}", "   ^"])
    #expect(snippet("\u{301}", 0, 1) == ["  \u{301}", "  ^"])
  }

  @Test func controlCharactersHaveStandIns() {
    let text = "\u{0}\u{1B}\u{7F}\u{9B}\u{202E}\u{200B}\u{2028}\u{3000}\u{FE0F}\u{E000}i"
    #expect(
      snippet(text, 10, 11) == ["  ␀␛␡\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}␣\u{FFFD}\u{FFFD}i", "            ^"])
  }

  @Test func everyScalarIsShownInOneLine() {
    for value in 0...0x10FFFF as ClosedRange<UInt32> {
      guard value < 0x3000 || value % 97 == 0, let scalar = Unicode.Scalar(value) else { continue }
      let lines = EinsumError(.strayDot, in: "\(scalar)i", at: SourceRange(start: 1, end: 2)).description
      let controls = lines.unicodeScalars.filter {
        switch $0.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: $0 != "\n"
        default: false
        }
      }
      let newlines = lines.unicodeScalars.count { $0 == "\n" }
      if !controls.isEmpty || newlines != 2 { Issue.record("U+\(String(value, radix: 16)) is printed raw") }
    }
  }

  @Test func longTextsAreCutRoundTheCaret() {
    let text = String(repeating: "a", count: 500) + "X" + String(repeating: "b", count: 500)
    let a = String(repeating: "a", count: 50)
    let b = String(repeating: "b", count: 49)
    #expect(
      snippet(text, 500, 501) == ["  ...\(a)X\(b)...", "     " + String(repeating: " ", count: 50) + "^"])
  }

  @Test func longTextsAreCutOnOneSideNearTheirEnds() {
    let text = "X" + String(repeating: "b", count: 499) + "Y"
    let b = String(repeating: "b", count: 99)
    #expect(snippet(text, 0, 1) == ["  X\(b)...", "  ^"])
    #expect(snippet(text, 500, 501) == ["  ...\(b)Y", "     " + String(repeating: " ", count: 99) + "^"])
    #expect(snippet(text, 501, 501) == ["  ...\(b)Y", "     " + String(repeating: " ", count: 100) + "^"])
  }

  @Test func aTextOfOneWindowIsNotCut() {
    let text = String(repeating: "a", count: 100)
    #expect(snippet(text, 99, 100) == ["  \(text)", "  " + String(repeating: " ", count: 99) + "^"])
  }

  @Test func aLongRangeIsUnderlinedUpToTheCut() {
    let text = String(repeating: "a", count: 300)
    let shown = String(repeating: "a", count: 100)
    #expect(snippet(text, 0, 300) == ["  \(shown)...", "  ^" + String(repeating: "~", count: 99)])
  }
}
