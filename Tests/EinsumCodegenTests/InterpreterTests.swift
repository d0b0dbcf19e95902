import EinsumCodegen
import EinsumIR
import EinsumTestSupport
import Testing

/// Lowered programs mean what the equation says, for the planner's schedules and for any legal ones.
@Suite struct InterpreterTests {
  @Test(arguments: ISA.allCases) func plannedSchedules(isa: ISA) throws {
    for seed in 0..<150 {
      let problem = try Problem.random(seed: seed, points: 4000)
      check(problem, problem.plan(on: .tiny(isa)))
    }
  }

  @Test(arguments: ISA.allCases) func randomSchedules(isa: ISA) throws {
    for seed in 1000..<1150 {
      var random = SplitMix64(seed: seed)
      let isPair = seed % 2 == 0
      let problem =
        try isPair ? Problem.randomPair(seed: seed, points: 4000) : .random(seed: seed, points: 4000)
      check(problem, problem.plan(on: .tiny(isa)).rescheduled(using: &random))
    }
  }

  private func check(_ problem: Problem, _ plan: Plan) {
    let program = lower(plan)
    #expect(plan.verify() == [], "\(problem)\n\(plan)")
    #expect(program.verify() == [], "\(problem)\n\(plan)")
    let difference = problem.interpreterDifference(program, expected: problem.expected())
    #expect(difference == nil, "interpreter: \(problem)\n\(plan)")
  }
}
