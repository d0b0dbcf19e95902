import EinsumPlanner
import EinsumTestSupport
import Testing

@Suite struct PathOptimalTests {
  /// Brute force over all trees: as few operations, and as small a largest intermediate among these.
  @Test(arguments: 2...5)
  func agreesWithBruteForce(operandCount: Int) {
    let paths = allPaths(operandCount: operandCount)
    for seed in 0..<(operandCount == 5 ? 60 : 150) {
      let problem = PathProblem.random(operandCount: operandCount, indexCount: 2 + seed % 7, seed: seed)
      #expect(problem.verify() == [], "seed \(seed)")
      let path = optimalPath(problem)
      #expect(path.verify(for: problem) == [], "seed \(seed)")
      let best = paths.map { cost(of: $0, in: problem) }
        .min { ($0.flopCount, $0.largestIntermediate) < ($1.flopCount, $1.largestIntermediate) }!
      let found = cost(of: path, in: problem)
      #expect(found.flopCount == best.flopCount, "seed \(seed)\n\(problem)")
      #expect(found.largestIntermediate == best.largestIntermediate, "seed \(seed)\n\(problem)")
    }
  }

  /// Random problems and the cost that opt_einsum 3.4.0 gives for its own `optimal`.
  private static let recorded: [(problem: PathProblem, flopCount: Double)] = [
    (
      PathProblem(
        extents: [4, 8, 16, 16, 2, 7], operands: [[0, 1, 3, 4], [0, 2], [2, 3, 4, 5], [0, 4, 5]], output: [1]),
      31616.0
    ),
    (
      PathProblem(
        extents: [5, 3, 5, 16, 7, 32, 5, 4, 8],
        operands: [[1, 4, 6], [0, 3, 5, 7], [1, 5], [3, 4, 8], [2, 6], [0, 3, 6, 7]], output: [1, 2, 8]),
      100800
    ),
    (
      PathProblem(
        extents: [2, 2, 7, 32], operands: [[0, 1, 3], [0, 1, 2, 3], [0, 1, 2, 3]], output: []),
      2048
    ),
    (
      PathProblem(
        extents: [7, 4, 32, 16, 4, 7, 5], operands: [[0, 2, 5], [1, 3], [2], [1, 4], [], [3], [0, 4, 6]],
        output: [5, 6]),
      4070
    ),
    (PathProblem(extents: [32, 32, 4], operands: [[0, 1, 2], [0, 1, 2], [0]], output: [0]), 8224),
  ]

  @Test(arguments: recorded)
  func agreesWithOptEinsum(problem: PathProblem, flopCount: Double) {
    #expect(cost(of: optimalPath(problem), in: problem).flopCount == flopCount)
  }

  /// Here opt_einsum 3.4.0 misses the optimum (2016): it takes a pair's result from a cache that forgets what
  /// is left.
  @Test func multipliesEqualOperandsFirst() {
    let problem = PathProblem("abc,abc,abcd->d", ["a": 3, "b": 7, "c": 2, "d": 16])
    let path = optimalPath(problem)
    #expect(path.steps == [.init(0, 1), .init(3, 2)])
    #expect(cost(of: path, in: problem).flopCount == 42 + 2 * 672)
  }

  @Test func ordersChain() {
    // (A B) C is 2 * (10*100*5 + 10*5*50), A (B C) is 2 * (100*5*50 + 10*100*50).
    let problem = PathProblem.chain([10, 100, 5, 50])
    #expect(optimalPath(problem).steps == [.init(0, 1), .init(3, 2)])
    #expect(cost(of: optimalPath(problem), in: problem).flopCount == 15000)
  }

  /// The textbook dynamic program for chains of matrices.
  @Test func agreesWithMatrixChainOrder() {
    for seed in 0..<30 {
      var random = SplitMix64(seed: seed)
      let extents = (0...8).map { _ in Int.random(in: 2...60, using: &random) }
      var best = [[Int]](repeating: [Int](repeating: 0, count: 9), count: 9)
      for length in 2...8 {
        for first in 0...(8 - length) {
          let end = first + length
          best[first][end] = (first + 1..<end)
            .map { best[first][$0] + best[$0][end] + 2 * extents[first] * extents[$0] * extents[end] }
            .min()!
        }
      }
      let problem = PathProblem.chain(extents)
      let found = cost(of: optimalPath(problem), in: problem).flopCount
      #expect(found == Double(best[0][8]), "seed \(seed)")
    }
  }

  /// Joining two small vectors first pays, though they share no index.
  @Test func takesOuterProductWhereItPays() {
    let problem = PathProblem("a,b,abc->c", ["a": 2, "b": 2, "c": 1000])
    #expect(optimalPath(problem).steps.contains(.init(0, 1)))
  }

  @Test func multipliesScalarIntoSmallestValue() {
    let problem = PathProblem("ab,,bc->ac", ["a": 50, "b": 3, "c": 70])
    #expect(optimalPath(problem).steps == [.init(0, 1), .init(3, 2)])
  }

  /// A result of 10^540 elements is past the range of Double: any valid path will do.
  @Test func survivesOverflow() {
    let problem = PathProblem(
      extents: [Int](repeating: 1_000_000_000, count: 60),
      operands: (0..<6).map { Array($0 * 10..<$0 * 10 + 10) },
      output: Array(0..<60))
    #expect(optimalPath(problem).verify(for: problem) == [])
    #expect(cost(of: optimalPath(problem), in: problem).flopCount == .infinity)
  }

  @Test func acceptsOneOperand() {
    #expect(optimalPath(PathProblem("ab->a")).steps == [])
  }
}
