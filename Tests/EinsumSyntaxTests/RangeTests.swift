import EinsumSyntax
import Testing

/// Where the parts of an equation stand in its text.
@Suite struct RangeTests {
  @Test func itemsAndTerms() throws {
    let text = " i{batch} ... , α𝒜 -> 𝒜 i "
    let equation = try Equation(parsing: text)
    #expect(equation.inputs.map { slice(text, $0.range) } == ["i{batch} ...", "α𝒜"])
    #expect(equation.inputs[0].items.map { slice(text, $0.range) } == ["i", "{batch}", "..."])
    #expect(equation.inputs[1].items.map { slice(text, $0.range) } == ["α", "𝒜"])
    #expect(slice(text, equation.output.range) == "𝒜 i")
    #expect(
      equation.output.items.map(\.range) == [
        SourceRange(start: 22, end: 23), SourceRange(start: 24, end: 25),
      ])
  }

  @Test func emptyTermsStandBeforeTheirDelimiter() throws {
    let equation = try Equation(parsing: "i, ,->")
    #expect(equation.inputs[1].range == SourceRange(start: 3, end: 3))
    #expect(equation.inputs[2].range == SourceRange(start: 4, end: 4))
    #expect(equation.output.range == SourceRange(start: 6, end: 6))
  }

  @Test func itemsOfAnImplicitOutputPointAtTheInputs() throws {
    let equation = try Equation(parsing: "b...a,...b")
    #expect(
      equation.output.items.map(\.range) == [SourceRange(start: 1, end: 4), SourceRange(start: 4, end: 5)])
    #expect(equation.output.range == SourceRange(start: 10, end: 10))
  }
}
