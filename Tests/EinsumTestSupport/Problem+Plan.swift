package import EinsumIR
import EinsumPlanner

extension Machine {
  /// A machine whose caches are so small that every blocking loop of a plan has several blocks.
  ///
  /// With AVX-512 it multiplies bfloat16 as such: the library has a version of these kernels for every such CPU.
  package static func tiny(_ isa: ISA) -> Machine {
    Machine(
      isa: isa, l1: 1 << 10, l2: 4 << 10, l3: 16 << 10, halfProducts: isa == .avx512 ? .amx : nil)
  }
}

extension Problem {
  /// The plan for this problem.
  package func plan(on machine: Machine) -> Plan {
    makePlan(for: analysis.contraction.simplified(), on: machine)
  }
}
