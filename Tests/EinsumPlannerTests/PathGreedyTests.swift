import EinsumPlanner
import Testing

@Suite struct PathGreedyTests {
  @Test func isValidForRandomProblems() {
    for seed in 0..<400 {
      let operandCount = 1 + seed % 40
      let problem = PathProblem.random(operandCount: operandCount, indexCount: seed % 53, seed: seed)
      #expect(problem.verify() == [], "seed \(seed)")
      #expect(greedyPath(problem).verify(for: problem) == [], "seed \(seed)")
    }
  }

  /// Compares with a plain greedy search that looks at all pairs before every step.
  @Test func takesCheapestPairAtEveryStep() {
    for seed in 0..<200 {
      let problem = PathProblem.random(operandCount: 2 + seed % 9, indexCount: 3 + seed % 17, seed: seed)
      let path = greedyPath(problem)
      let values = problem.operands + problem.resultIndices(of: path)
      var live = Set(problem.operands.indices)
      for (number, step) in path.steps.enumerated() {
        let prices = live.sorted().flatMap { a in
          live.filter { $0 > a && isPair(values[a], values[$0]) }
            .map { price(a, $0, values, live, problem) }
        }
        let isHadamard = values[step.lhs] == values[step.rhs]
        if let cheapest = prices.min(), !isHadamard {
          #expect(
            price(step.lhs, step.rhs, values, live, problem) == cheapest, "seed \(seed), step \(number)")
        }
        live.subtract([step.lhs, step.rhs])
        live.insert(problem.operands.count + number)
      }
    }
  }

  private func isPair(_ a: [Int], _ b: [Int]) -> Bool { !Set(a).isDisjoint(with: b) }

  private func price(_ a: Int, _ b: Int, _ values: [[Int]], _ live: Set<Int>, _ problem: PathProblem)
    -> Double
  {
    let rest = live.subtracting([a, b]).reduce(into: Set(problem.output)) { $0.formUnion(values[$1]) }
    let result = Set(values[a]).union(values[b]).intersection(rest)
    return problem.elementCount(of: Array(result)) - problem.elementCount(of: values[a])
      - problem.elementCount(of: values[b])
  }

  @Test func multipliesEqualOperandsFirst() {
    let problem = PathProblem("ab,bc,ab,bc,ab->ac", ["a": 9, "b": 9, "c": 9])
    #expect(greedyPath(problem).steps == [.init(0, 2), .init(1, 3), .init(4, 5), .init(6, 7)])
  }

  @Test func joinsDisconnectedValuesSmallestFirst() {
    let problem = PathProblem("a,b,,c->abc", ["a": 50, "b": 3, "c": 4])
    #expect(greedyPath(problem).steps == [.init(1, 2), .init(3, 4), .init(0, 5)])
  }

  @Test func contractsStarFromItsCenter() {
    let problem = PathProblem("abcd,a,b,c,d->", ["a": 2, "b": 3, "c": 4, "d": 5])
    // The longest leg shrinks the center most.
    #expect(greedyPath(problem).steps == [.init(0, 4), .init(3, 5), .init(2, 6), .init(1, 7)])
  }

  @Test func multipliesScalars() {
    let problem = PathProblem(",,,->")
    #expect(greedyPath(problem).verify(for: problem) == [])
    #expect(cost(of: greedyPath(problem), in: problem).flopCount == 3)
  }

  /// Within a small factor of the optimum on average; a single problem can be far off.
  @Test func isNearOptimum() {
    var factor = 0.0
    for seed in 0..<100 {
      let problem = PathProblem.random(operandCount: 7, indexCount: 10, seed: seed)
      let greedy = cost(of: greedyPath(problem), in: problem).flopCount
      let optimal = cost(of: optimalPath(problem), in: problem).flopCount
      #expect(greedy >= optimal, "seed \(seed)")
      factor += greedy / optimal / 100
    }
    #expect(factor < 3)
  }
}
