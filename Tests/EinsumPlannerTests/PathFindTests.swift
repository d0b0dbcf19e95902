import EinsumPlanner
import Testing

@Suite struct PathFindTests {
  @Test func isTrivialForOneAndTwoOperands() {
    #expect(findPath(PathProblem("ab->a")).steps == [])
    #expect(findPath(PathProblem("ab,bc->ac")).steps == [.init(0, 1)])
  }

  @Test func isOptimalForFewOperands() {
    for seed in 0..<60 {
      let problem = PathProblem.random(operandCount: 3 + seed % 6, indexCount: 4 + seed % 9, seed: seed)
      #expect(findPath(problem) == optimalPath(problem), "seed \(seed)")
    }
  }

  @Test func isNeverWorseThanGreedy() {
    for seed in 0..<40 {
      let problem = PathProblem.random(operandCount: 9 + seed, indexCount: 15 + seed, seed: seed)
      let path = findPath(problem)
      #expect(path.verify(for: problem) == [], "seed \(seed)")
      let greedy = cost(of: greedyPath(problem), in: problem).flopCount
      #expect(cost(of: path, in: problem).flopCount <= greedy, "seed \(seed)")
    }
  }

  /// With all values as leaves, the exact search sees the whole problem.
  @Test func reoptimizationReachesOptimum() {
    for seed in 0..<60 {
      let problem = PathProblem.random(operandCount: 3 + seed % 6, indexCount: 4 + seed % 9, seed: seed)
      let path = reoptimizedPath(greedyPath(problem), for: problem, leafLimit: 8, passLimit: 1)
      #expect(path.verify(for: problem) == [], "seed \(seed)")
      let optimal = cost(of: optimalPath(problem), in: problem).flopCount
      #expect(cost(of: path, in: problem).flopCount == optimal, "seed \(seed)")
    }
  }

  @Test func reoptimizationHelpsBadPath() {
    // From left to right the chain costs 2 * 50 * 50 * 50 a step; from right to left only matrix times
    // vector.
    let problem = PathProblem.chain([Int](repeating: 50, count: 30) + [1])
    let leftToRight = ContractionPath(steps: [.init(0, 1)] + (0..<28).map { .init(30 + $0, 2 + $0) })
    #expect(leftToRight.verify(for: problem) == [])
    let path = reoptimizedPath(leftToRight, for: problem, leafLimit: 4, passLimit: 40)
    #expect(path.verify(for: problem) == [])
    #expect(cost(of: path, in: problem).flopCount == 29 * 2 * 50 * 50)
  }

  @Test func findsEqualPathsForEqualProblems() {
    for seed in 0..<40 {
      let operandCount = 3 + 2 * seed
      let problem = PathProblem.random(operandCount: operandCount, indexCount: operandCount + 5, seed: seed)
      let again = PathProblem.random(operandCount: operandCount, indexCount: operandCount + 5, seed: seed)
      #expect(findPath(problem) == findPath(again), "seed \(seed)")
      #expect(greedyPath(problem) == greedyPath(again), "seed \(seed)")
    }
  }

  /// Hash seeds differ between runs of the process; this path must not.
  @Test func findsRecordedPath() {
    let problem = PathProblem(
      "abc,cd,,bde,ab,ef,fgh,ga,ab,h,dh->", ["a": 4, "b": 4, "c": 4, "d": 4, "e": 4, "f": 4, "g": 4, "h": 4])
    #expect(greedyPath(problem).description == recordedPath)
  }

  private let recordedPath = """
    %11 = contract %4 %8
    %12 = contract %0 %1
    %13 = contract %3 %5
    %14 = contract %6 %7
    %15 = contract %11 %12
    %16 = contract %13 %15
    %17 = contract %14 %16
    %18 = contract %10 %17
    %19 = contract %9 %18
    %20 = contract %2 %19
    """

  @Test(arguments: ["chain", "batched chain", "star", "scalars", "random", "many indices"])
  func handlesThousandOperands(kind: String) {
    let problem =
      switch kind {
      case "chain": PathProblem.chain((0...1000).map { 2 + $0 % 7 })
      case "batched chain":
        PathProblem(
          extents: [Int](repeating: 1_000_000_000, count: 1002),
          operands: (0..<1000).map { [$0, $0 + 1, 1001] },
          output: [0, 1000, 1001])
      case "star":
        PathProblem(
          extents: [Int](repeating: 7, count: 999), operands: [Array(0..<999)] + (0..<999).map { [$0] },
          output: [])
      case "scalars": PathProblem(extents: [], operands: [[Int]](repeating: [], count: 1000), output: [])
      case "random": PathProblem.random(operandCount: 1000, indexCount: 1500, seed: 1)
      default: PathProblem.random(operandCount: 1000, indexCount: 10_000, seed: 1)
      }
    #expect(problem.verify() == [])
    #expect(greedyPath(problem).verify(for: problem) == [])
  }

  @Test func improvesThousandOperands() {
    let problem = PathProblem.random(operandCount: 1000, indexCount: 1100, seed: 2)
    #expect(findPath(problem).verify(for: problem) == [])
  }
}
