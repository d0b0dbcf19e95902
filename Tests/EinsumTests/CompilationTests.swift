import Einsum
import EinsumCodegen
import EinsumIR
import EinsumTestSupport
import Testing

/// The stages in a row. A debug build also verifies each value as it is made.
@Suite struct CompilationTests {
  @Test(arguments: ISA.allCases) func everyStageIsLegal(isa: ISA) throws {
    for seed in 0..<100 {
      let problem =
        try seed % 2 == 0 ? Problem.random(seed: seed, points: 8000) : .randomPair(seed: seed, points: 20_000)
      let machine = Machine.tiny(isa).with(threads: 1 + seed % 3)
      let compilation = try Compilation(problem.request, on: machine)
      let violations =
        compilation.analysis.contraction.verify() + compilation.plan.verify() + compilation.program.verify()
      #expect(violations == [], "\(problem)")
    }
  }
}
