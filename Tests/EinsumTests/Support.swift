import Einsum
import EinsumIR
import EinsumSyntax
import EinsumTestSupport

extension Problem {
  /// What compiles this problem: with the output in the place that the problem gives it.
  var request: CompileRequest {
    CompileRequest(
      equation: equation,
      operands: operands.enumerated().map { $1.operandType(isConjugated: conjugated.contains($0)) },
      accumulate: accumulate, outputLayout: analysis.outputLayout)
  }
}

extension CompileRequest {
  /// An einsum of C-ordered operands that all have one type.
  init(_ text: String, _ shapes: [[Int]], _ type: ElementType = .float32) throws {
    self.init(
      equation: try Equation(parsing: text), operands: shapes.map { OperandType(type, Layout(shape: $0)) })
  }
}
