import EinsumPlanner
import Testing

/// Paths of about as few operations as the best: which are planned to the end.
@Suite struct PathCompetitionTests {
  /// The distinct sets of steps' values, so that two orders of one tree count as one.
  private func trees(_ paths: [ContractionPath], operandCount: Int) -> Set<Set<Set<Set<Int>>>> {
    Set(
      paths.map { path in
        var values = (0..<operandCount).map { Set([$0]) }
        return Set(
          path.steps.map { step -> Set<Set<Int>> in
            let parts = [values[step.lhs], values[step.rhs]]
            values.append(parts[0].union(parts[1]))
            return Set(parts)
          })
      })
  }

  @Test func holdsEveryTreeOfThreeOperands() {
    let extents = Dictionary(uniqueKeysWithValues: "ijka".map { ($0, 64) })
    let problem = PathProblem("ijk,ja,ka->ia", extents)
    let paths = competingPaths(problem)
    #expect(paths.count == 3)
    #expect(trees(paths, operandCount: 3).count == 3)
  }

  @Test func areFewAndLegalAndLittleMoreWork() {
    for seed in 0..<200 {
      let problem = PathProblem.random(operandCount: 2 + seed % 4, indexCount: 6 + seed % 6, seed: seed)
      let paths = competingPaths(problem)
      #expect(paths.count <= 3, "seed \(seed)")
      #expect(trees(paths, operandCount: problem.operands.count).count == paths.count, "seed \(seed)")
      #expect(Set(paths.compactMap(\.steps.first)).count == paths.count, "seed \(seed)")
      let best = cost(of: findPath(problem), in: problem).flopCount
      #expect(cost(of: paths[0], in: problem).flopCount == best, "seed \(seed)")
      for path in paths {
        #expect(path.verify(for: problem) == [], "seed \(seed)")
        #expect(cost(of: path, in: problem).flopCount <= 1.5 * best, "seed \(seed)")
      }
    }
  }

  @Test func smallAndLongContractionsHaveOne() {
    #expect(competingPaths(PathProblem("ij,jk,kl->il")).count == 1)
    #expect(competingPaths(.chain([200, 200, 200, 200, 200, 200])).count == 1)
    #expect(competingPaths(.chain([200, 200, 200, 200, 200])).count > 1)
  }
}
