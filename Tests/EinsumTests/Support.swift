import Einsum
import EinsumIR
import EinsumPlanner
import EinsumTestSupport
import Testing

/// A machine whose caches are so small that every blocking loop of a plan has several blocks.
func tinyMachine(_ isa: ISA) -> Machine { Machine(isa: isa, l1: 1 << 10, l2: 4 << 10, l3: 16 << 10) }

extension Problem {
  /// The plan for this problem.
  func plan(on machine: Machine) -> EinsumIR.Plan {
    makePlan(for: analysis.contraction.simplified(), on: machine)
  }
}
