/// The paths that are worth planning to the end, the one of the fewest operations first.
///
/// How fast a step runs depends on where its indices lie in memory, which operation counts do not see: a product whose
/// sum is contiguous may take half as long as another of as many operations. So for a few operands these are, for each
/// first step, the path of the fewest operations, if that is little more work than the best of all; for many operands,
/// or if the contraction is over before they were compared, the one that ``findPath(_:)`` finds.
package func competingPaths(_ problem: PathProblem) -> [ContractionPath] {
  let best = findPath(problem)
  let flopCount = cost(of: best, in: problem).flopCount
  guard (3...mostComparedOperands).contains(problem.operands.count), flopCount >= leastComparedFlops else {
    return [best]
  }
  var firstSteps: Set<ContractionPath.Step> = []
  let paths = allPaths(operandCount: problem.operands.count).map {
    (path: $0, cost: cost(of: $0, in: problem))
  }
  return paths.filter { $0.cost.flopCount <= mostExtraWork * flopCount }
    .sorted { a, b in
      (a.cost.flopCount, a.cost.largestIntermediate) < (b.cost.flopCount, b.cost.largestIntermediate)
    }
    .map(\.path).filter { firstSteps.insert($0.steps[0]).inserted }.prefix(mostComparedPaths).map(\.self)
}

/// With more operands the paths are too many.
private let mostComparedOperands = 4

/// Each path that is compared costs about as long as planning takes.
private let mostComparedPaths = 3

/// Below this, a contraction runs no longer than comparing its paths takes.
private let leastComparedFlops = 1e7

/// The operations of a path that is compared, in those of the best.
private let mostExtraWork = 1.5

/// Every path, each tree once: steps that do not depend on each other come in one order only.
private func allPaths(operandCount: Int) -> [ContractionPath] {
  var paths: [ContractionPath] = []
  func extend(_ steps: [ContractionPath.Step], _ values: [Int]) {
    guard values.count > 1 else { return paths.append(ContractionPath(steps: steps)) }
    let result = operandCount + steps.count
    for i in values.indices {
      for j in values.indices where j > i {
        let step = ContractionPath.Step(values[i], values[j])
        if let last = steps.last, step.rhs != result - 1, (step.lhs, step.rhs) < (last.lhs, last.rhs) {
          continue
        }
        extend(steps + [step], values.filter { $0 != step.lhs && $0 != step.rhs } + [result])
      }
    }
  }
  extend([], Array(0..<operandCount))
  return paths
}
