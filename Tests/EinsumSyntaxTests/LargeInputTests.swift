import EinsumSyntax
import Testing

/// Sizes at which anything quadratic would run for minutes, and recursion would overflow the stack.
@Suite struct LargeInputTests {
  @Test func aThousandOperandsAndTenThousandLabels() throws {
    let terms = (0..<1000).map { term in (0..<10).map { "{x\(10 * term + $0)}" }.joined() }
    let text = terms.joined(separator: ",")
    let implicit = try Equation(parsing: text)
    #expect(implicit.inputs.count == 1000)
    #expect(implicit.output.items.count == 10_000)
    #expect(implicit.output.labels.first == Label("x0"))
    #expect(implicit.output.labels.last == Label("x9999"))
    let explicit = try Equation(parsing: text + "->" + terms.joined())
    #expect(explicit.output.labels.count == 10_000)
  }

  @Test func interleavedTenThousandLabels() throws {
    let equation = try Equation(interleaved: [(0..<10_000).reversed().map { .index($0) }], output: nil)
    #expect(equation.output.labels == (0..<10_000).map { Label(String($0)) })
  }

  @Test(arguments: ["i", ",", " ", "α", "{ab}"])
  func longestText(piece: String) throws {
    let count = Equation.longestText / piece.utf8.count
    let equation = try Equation(parsing: String(repeating: piece, count: count))
    let items = equation.inputs.reduce(0) { $0 + $1.items.count }
    #expect(equation.inputs.count == (piece == "," ? count + 1 : 1))
    #expect(items == (piece == "," || piece == " " ? 0 : count))
  }

  @Test(arguments: ["{", "{a ", "-", ".", "{a{"])
  func longestTextWithAnError(piece: String) {
    let text = String(repeating: piece, count: Equation.longestText / piece.utf8.count)
    #expect(throws: EinsumError.self) { try Equation(parsing: text) }
  }

  @Test func anErrorAtTheVeryEnd() throws {
    let text = String(repeating: "i", count: Equation.longestText - 1) + "%"
    let range = SourceRange(start: Equation.longestText - 1, end: Equation.longestText)
    let error = EinsumError(.unknownCharacter(name: "'%'"), in: text, at: range)
    #expect(throws: error) { try Equation(parsing: text) }
    #expect(error.description.utf8.count < 500)
  }
}
