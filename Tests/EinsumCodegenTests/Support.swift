import EinsumCodegen
import EinsumIR
import EinsumPlanner
import EinsumSyntax
import EinsumTestSupport
import Testing

extension Problem {
  /// Runs a program with the interpreter and compares the result with the oracle's.
  func interpreterDifference(_ program: LoopProgram, expected: TestTensor) -> String? {
    let output = makeOutput()
    LoopInterpreter.run(program, operands: pointers, output: output.origin)
    return output.difference(from: expected)
  }
}
