/// Finds a good path: the best one for few operands; else a greedy one, improved as long as that is worth it.
///
/// A search may take about as long as the contraction is going to run, so that compiling stays well under a
/// millisecond for small contractions, and large ones do not suffer from a bad path. Times are guessed from
/// operation counts, never measured: equal problems have equal paths.
package func findPath(_ problem: PathProblem) -> ContractionPath {
  let operandCount = problem.operands.count
  if operandCount <= 1 { return ContractionPath(steps: []) }
  if operandCount == 2 { return ContractionPath(steps: [.init(0, 1)]) }
  let optimalPrice = SearchBudget.optimalPrice(operandCount: operandCount)
  if optimalPrice <= SearchBudget.least { return optimalPath(problem) }

  var path = greedyPath(problem)
  for level in SearchBudget.reoptimizations {
    let budget = SearchBudget(for: path, in: problem)
    guard level.pricePerOperand * Double(operandCount) <= budget.price else { return path }
    path = reoptimizedPath(path, for: problem, leafLimit: level.leafLimit, passLimit: level.passLimit)
  }
  return optimalPrice <= SearchBudget(for: path, in: problem).price ? optimalPath(problem) : path
}

/// How long a path search may take.
///
/// Prices and budgets count the operations that a contraction does in the same time, at 50 operations a
/// nanosecond.
private struct SearchBudget {
  let price: Double

  /// 0.1 ms: this much is always granted.
  static let least = 5e6
  /// 0.1 s: more is never granted.
  static let most = 5e9

  /// The time that the contraction itself would run.
  init(for path: ContractionPath, in problem: PathProblem) {
    price = min(max(cost(of: path, in: problem).flopCount, Self.least), Self.most)
  }

  /// What the exact search takes; infinite past the number of operands that it accepts.
  static func optimalPrice(operandCount: Int) -> Double {
    guard operandCount <= optimalPathOperandLimit else { return .infinity }
    return (0..<operandCount).reduce(425) { price, _ in 3 * price }
  }

  /// Ever more thorough improvements of a path, and what each takes.
  static let reoptimizations: [(leafLimit: Int, passLimit: Int, pricePerOperand: Double)] = [
    (leafLimit: 4, passLimit: 4, pricePerOperand: 5e5),
    (leafLimit: 6, passLimit: 8, pricePerOperand: 2e6),
    (leafLimit: 8, passLimit: 8, pricePerOperand: 1e7),
  ]
}
