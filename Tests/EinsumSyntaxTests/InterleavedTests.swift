import EinsumSyntax
import Testing

/// numpy's interleaved form.
@Suite struct InterleavedTests {
  @Test func explicitOutput() throws {
    let equation = try Equation(interleaved: [[0, 1], [1, 2]], output: [0, 2])
    #expect(equation.text == "{0}{1},{1}{2}->{0}{2}")
    #expect(try equation == Equation(parsing: "{0}{1},{1}{2}->{0}{2}"))
    #expect(equation.description == "equation      {0}{1},{1}{2}->{0}{2}")
  }

  @Test func implicitOutputSortsByValue() throws {
    let equation = try Equation(interleaved: [[10, 9, 100, 9]], output: nil)
    #expect(equation.isImplicit)
    #expect(equation.output.labels == [Label("10"), Label("100")])
    #expect(try Equation(interleaved: [[2, 10, 1]], output: nil).output.description == "{1}{2}{10}")
  }

  @Test func ellipsis() throws {
    let equation = try Equation(interleaved: [[.ellipsis, 0], [0, .ellipsis]], output: [.ellipsis])
    #expect(equation.text == "...{0},{0}...->...")
  }

  @Test func scalarsAndEmptyTerms() throws {
    #expect(try Equation(interleaved: [[]], output: []).canonicalText == "->")
    #expect(try Equation(interleaved: [[], [3]], output: nil).canonicalText == ",{3}->{3}")
  }

  @Test func largestNumber() throws {
    #expect(
      try Equation(interleaved: [[.index(.max), 0]], output: nil).output.description == "{0}{\(Int.max)}")
  }

  @Test func negativeNumbers() {
    expectRefusal(
      """
      error: index -2 is negative; indices are integers from 0 on [negative-label]
        {0}{1},{1}{-2}
                  ^~~~
      """
    ) { () throws(EinsumError) in try Equation(interleaved: [[0, 1], [1, -2]], output: [0]) }
    expectRefusal(
      """
      error: index \(Int.min) is negative; indices are integers from 0 on [negative-label]
        {0}->{\(Int.min)}
             ^~~~~~~~~~~~~~~~~~~~~~
      """
    ) { () throws(EinsumError) in try Equation(interleaved: [[0]], output: [.index(.min)]) }
  }

  @Test func errorsOfTheNotation() {
    expectRefusal(
      """
      error: output index '{7}' occurs in no input [output-label]
        {0}->{7}
             ^~~
      """
    ) { () throws(EinsumError) in try Equation(interleaved: [[0]], output: [7]) }
    expectRefusal(
      """
      error: second ellipsis in one term [repeated-ellipsis]
        ......
           ^~~
      note: the first ellipsis is here
        ......
        ^~~
      """
    ) { () throws(EinsumError) in try Equation(interleaved: [[.ellipsis, .ellipsis]], output: nil) }
    expectRefusal("error: an einsum needs at least one operand [no-operands]") { () throws(EinsumError) in
      try Equation(interleaved: [], output: [])
    }
  }
}
