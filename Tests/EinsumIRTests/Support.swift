import EinsumIR
import EinsumSyntax
import Testing

/// The analysis of an equation for C-ordered operands of some shapes and one type.
func analyze(
  _ text: String, _ shapes: [[Int]], _ type: ElementType = .float32, output: Layout? = nil
) throws(EinsumError) -> Analysis {
  try analyze(text, shapes.map { OperandType(type, Layout(shape: $0)) }, output: output)
}

/// The analysis of an equation for operands of any layouts.
func analyze(
  _ text: String, _ operands: [OperandType], accumulate: ElementType? = nil, output: Layout? = nil
) throws(EinsumError) -> Analysis {
  try Analysis(Equation(parsing: text), operands, accumulate: accumulate, outputLayout: output)
}

/// Expects an analysis to be refused, with exactly this rendering.
func expectRefusal(
  _ text: String, _ operands: [OperandType], accumulate: ElementType? = nil, output: Layout? = nil,
  _ rendering: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  do {
    let analysis = try analyze(text, operands, accumulate: accumulate, output: output)
    Issue.record("accepted as\n\(analysis.contraction)", sourceLocation: sourceLocation)
  } catch {
    #expect(error.description == rendering, sourceLocation: sourceLocation)
  }
}

/// Expects an analysis of C-ordered operands to be refused, with exactly this rendering.
func expectRefusal(
  _ text: String, _ shapes: [[Int]], _ rendering: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  expectRefusal(
    text, shapes.map { OperandType(.float32, Layout(shape: $0)) }, rendering, sourceLocation: sourceLocation)
}
