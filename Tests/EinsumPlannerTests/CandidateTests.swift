import EinsumIR
import EinsumPlanner
import EinsumSyntax
import EinsumTestSupport
import Testing

/// The schedules that the planner compares: all legal, in order, and the first is what the plan has.
@Suite struct CandidateTests {
  @Test func theBestIsTaken() throws {
    for seed in 0..<300 {
      let problem = try Problem.random(seed: seed, points: 4000)
      let plan = problem.plan(on: .reference)
      for step in plan.steps {
        let candidates = ScheduleCandidates(for: step, of: plan, on: .reference)
        #expect(candidates.best.schedule == step.schedule, "\(problem)")
        #expect(zip(candidates.all, candidates.all.dropFirst()).allSatisfy { $0.cycles <= $1.cycles })
        #expect(Set(candidates.all.map(\.schedule)).count == candidates.all.count, "\(problem)")
        for candidate in candidates.all {
          #expect(candidate.schedule.violations(for: step.contraction, on: .avx512).isEmpty, "\(problem)")
        }
      }
    }
  }

  /// A conjugated operand: more than L2, which outputs are streamed from, and so little that the next step finds it in L3.
  @Test func theBestIsTakenWhereAnIntermediateStaysInCache() throws {
    let plan = try plan("ij,jk->ik", [[512, 512], [512, 64]], .complex64, conjugated: [0])
    #expect(plan.steps.first?.operation == .conjugate)
    for step in plan.steps {
      #expect(ScheduleCandidates(for: step, of: plan, on: .reference).best.schedule == step.schedule)
    }
  }

  @Test func everyTileIsCompared() throws {
    let contraction = try contraction("ij,jk->ik", [[512, 1024], [1024, 768]])
    let all = ScheduleCandidates(for: contraction, .contract, isIntermediate: false, on: .reference).all
    let tiles = all.compactMap { candidate in
      if case .tiled(let tiled) = candidate.schedule { tiled.tile } else { nil }
    }
    #expect(Set(tiles) == Set(Machine.reference.tiles(for: .float32)))
    #expect(all.count == tiles.count + 1)
    #expect(all.allSatisfy { $0.cycles >= 512 * 1024 * 768 / 32 })
  }
}
