import EinsumCodegen
import EinsumIR
import EinsumPlanner
import EinsumSyntax
import EinsumTestSupport
import Testing

/// A machine whose caches are so small that every blocking loop of a plan has several blocks.
func tinyMachine(_ isa: ISA) -> Machine { Machine(isa: isa, l1: 1 << 10, l2: 4 << 10, l3: 16 << 10) }

extension Problem {
  /// The plan for this problem.
  func plan(on machine: Machine) -> Plan { makePlan(for: analysis.contraction.simplified(), on: machine) }

  /// Runs a program with the interpreter and compares the result with the oracle's.
  func interpreterDifference(_ program: LoopProgram, expected: TestTensor) -> String? {
    let output = makeOutput()
    LoopInterpreter.run(program, operands: pointers, output: output.origin)
    return output.difference(from: expected)
  }
}
