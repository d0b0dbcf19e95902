import EinsumSyntax
import EinsumTestSupport
import Testing

/// Properties of the parser on random texts. Each failure names the text.
@Suite struct FuzzTests {
  /// The grammar once more, as a regular expression over ASCII: what must be accepted, but for unknown output
  /// labels.
  private func grammar() throws -> Regex<AnyRegexOutput> {
    let items = "(?:[ ]|[A-Za-z]|\\{[A-Za-z0-9_]{1,256}\\})*"
    let term = "\(items)(?:\\.\\.\\.)?\(items)"
    return try Regex("\(term)(?:,\(term))*(?:->\(term))?")
  }

  /// A text of pieces drawn from a list, 0 to 12 of them.
  private func text(of pieces: [String], using generator: inout SplitMix64) -> String {
    (0..<Int.random(in: 0...12, using: &generator))
      .map { _ in pieces.randomElement(using: &generator) ?? "" }
      .joined()
  }

  @Test(arguments: 1...8)
  func acceptsExactlyTheGrammar(seed: Int) throws {
    let pieces = [
      "i", "j", "Z", "{i}", "{ab}", "{1_}", "ij", " ", ",", "...", "->", ".", "-", ">", "{", "}", "3", "%",
    ]
    let weights = [Array(pieces.prefix(9)), Array(pieces.prefix(11)), pieces]  // the first are well-formed
    let grammar = try grammar()
    var accepted = 0
    var generator = SplitMix64(seed: seed)
    for _ in 0..<500 {
      let text = text(of: weights.randomElement(using: &generator) ?? pieces, using: &generator)
      let expected = text.wholeMatch(of: grammar) != nil
      do {
        let equation = try Equation(parsing: text)
        #expect(expected, "seed \(seed): \(text.debugDescription) was accepted")
        checkParsed(equation)
        accepted += 1
      } catch {
        let isAllowed = !expected || error.code == "output-label"
        #expect(isAllowed, "seed \(seed): \(text.debugDescription) was refused:\n\(error)")
        checkRefused(error, text)
      }
    }
    #expect(100..<400 ~= accepted, "seed \(seed) draws texts of one kind only")
  }

  @Test(arguments: 1...8)
  func anyScalarsAreParsedOrRefused(seed: Int) {
    var generator = SplitMix64(seed: seed)
    for _ in 0..<300 {
      var text = ""
      for _ in 0..<Int.random(in: 0...30, using: &generator) {
        let ceiling: UInt32 = [0x80, 0x80, 0x800, 0x10FFFF].randomElement(using: &generator) ?? 0x80
        text.unicodeScalars.append(Unicode.Scalar(.random(in: 0...ceiling, using: &generator)) ?? "i")
      }
      do { checkParsed(try Equation(parsing: text)) } catch { checkRefused(error, text) }
    }
  }

  /// The invariants of an equation: ranges that show what they stand for, the output rule, and a text form
  /// that parses to the same.
  private func checkParsed(_ equation: Equation) {
    let text = equation.text
    let items = equation.inputs.flatMap(\.items)
    for item in items + equation.output.items {
      let written = slice(text, item.range)
      let isRight = written == item.description || written == "{\(item.description)}"
      #expect(isRight, "\(text.debugDescription): \(written) for \(item)")
    }
    let labels = items.compactMap(\.label)
    if equation.isImplicit {
      let once = labels.filter { label in labels.count { $0 == label } == 1 }
      #expect(equation.output.labels == once.sorted(), "\(text.debugDescription)")
      #expect(equation.output.hasEllipsis == equation.inputs.contains(where: \.hasEllipsis))
    } else {
      #expect(equation.output.labels.allSatisfy(labels.contains), "\(text.debugDescription)")
    }
    let again = try? Equation(parsing: equation.canonicalText)
    #expect(again?.canonicalText == equation.canonicalText, "\(text.debugDescription)")
    #expect(again?.inputs.map { $0.items.map(\.kind) } == equation.inputs.map { $0.items.map(\.kind) })
    #expect(again?.output.items.map(\.kind) == equation.output.items.map(\.kind))
  }

  /// A refusal points into the text and can be printed.
  private func checkRefused(_ error: EinsumError, _ text: String) {
    #expect(error.text == text)
    #expect((error.range?.end ?? .max) <= text.unicodeScalars.count, "\(text.debugDescription)")
    let lines = error.description.unicodeScalars.count { $0 == "\n" }
    #expect(lines == 2 + 3 * error.notes.count, "\(text.debugDescription):\n\(error)")
  }
}
