/// What a path costs, independent of any machine.
///
/// Each figure is a `Double`: exact to 2^53, then rounded, at last infinite, never a trap.
package struct PathCost: Hashable, Sendable {
  /// Multiplications and additions of all steps.
  ///
  /// A step whose two values have indices of extents e1, e2, ... together does `e1 * e2 * ...`
  /// multiplications, and as many additions if it sums, that is if its result has fewer elements than that.
  /// This is opt_einsum's count.
  package let flopCount: Double

  /// The elements of the largest result of a step; the output is one of them. 0 for a path without steps.
  package let largestIntermediate: Double

  package init(flopCount: Double, largestIntermediate: Double) {
    self.flopCount = flopCount
    self.largestIntermediate = largestIntermediate
  }

  /// The operations of one step that runs over `loopCount` points and makes `resultCount` elements.
  static func flopCount(loopCount: Double, resultCount: Double) -> Double {
    loopCount > resultCount ? 2 * loopCount : loopCount
  }
}

/// Counts what a path costs.
///
/// - Precondition: `path` is valid for `problem`.
package func cost(of path: ContractionPath, in problem: PathProblem) -> PathCost {
  let results = problem.resultIndices(of: path)
  let values = problem.operands + results
  var (flopCount, largest) = (0.0, 0.0)
  for (step, result) in zip(path.steps, results) {
    let resultCount = problem.elementCount(of: result)
    let loopCount = problem.elementCount(of: sortedUnion(values[step.lhs], values[step.rhs]))
    flopCount += PathCost.flopCount(loopCount: loopCount, resultCount: resultCount)
    largest = max(largest, resultCount)
  }
  return PathCost(flopCount: flopCount, largestIntermediate: largest)
}
