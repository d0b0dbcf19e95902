/// The most operands that ``optimalPath(_:)`` accepts; there it takes a good part of a second.
package let optimalPathOperandLimit = 16

/// Finds a path of the fewest operations; among these, one whose largest intermediate is smallest.
///
/// Dynamic programming over the subsets of operands: the best tree for a subset joins the best trees of its
/// two parts, for the best of all ways to part it. What a subset's value is does not depend on the tree that
/// makes it: it has the indices that occur both in the subset and outside. Time grows as 3^n, memory as 2^n,
/// for n operands.
///
/// The method is that of Pfeifer, Haegeman and Verstraete, "Faster identification of optimal contraction
/// sequences for tensor networks" (2014), and of opt_einsum's `dp`. Those build connected subsets only, which
/// is no longer optimal when an outer product of small operands pays, so here every subset counts; a lower
/// bound (below) rejects most partings in a few instructions instead.
///
/// - Precondition: at most ``optimalPathOperandLimit`` operands.
package func optimalPath(_ problem: PathProblem) -> ContractionPath {
  let operandCount = problem.operands.count
  precondition(operandCount <= optimalPathOperandLimit, "internal: too many operands for the exact search")
  guard operandCount > 1 else { return ContractionPath(steps: []) }

  var search = SubsetSearch(problem)
  search.solveAll()
  var steps: [ContractionPath.Step] = []
  _ = search.appendSteps(of: (1 << operandCount) - 1, to: &steps)
  return ContractionPath(steps: steps)
}

/// The tables of the exact search, by subset of operands, a bit for each operand.
private struct SubsetSearch {
  /// All indices that the same tensors have, taken for one.
  ///
  /// No path tells them apart, and there are far fewer groups than indices.
  private struct Group {
    /// The operands that have the indices.
    let holders: Int
    let isInOutput: Bool
    /// The product of the indices' extents.
    var extent: Double
  }

  /// The best tree for a subset.
  private struct Tree {
    var flopCount = 0.0
    var largestIntermediate = 0.0
    /// The part that the left subtree makes; the right one makes the rest.
    var left = 0

    /// Whether this tree is the better one: fewer operations, or as many and a smaller largest intermediate.
    func isBetter(than other: Tree) -> Bool {
      if flopCount != other.flopCount { return flopCount < other.flopCount }
      return largestIntermediate < other.largestIntermediate
    }
  }

  private let operandCount: Int
  /// The groups that more than one operand has, or the output.
  private var groups: [Group] = []
  /// For single operands, the product of the extents of the indices that nothing else has; 1 for other
  /// subsets.
  private var loneExtents: [Double]
  private var trees: [Tree]

  init(_ problem: PathProblem) {
    operandCount = problem.operands.count
    loneExtents = [Double](repeating: 1, count: 1 << operandCount)
    trees = [Tree](repeating: Tree(), count: 1 << operandCount)

    let outputBit = 1 << operandCount
    var tensors = [Int](repeating: 0, count: problem.extents.count)
    for (number, operand) in problem.operands.enumerated() {
      for index in operand { tensors[index] |= 1 << number }
    }
    for index in problem.output { tensors[index] |= outputBit }

    let order = tensors.indices.sorted { (tensors[$0], $0) < (tensors[$1], $1) }
    var last = 0
    for index in order where tensors[index] != 0 {
      let extent = Double(problem.extents[index])
      if tensors[index].nonzeroBitCount == 1 {
        loneExtents[tensors[index] & ~outputBit] *= extent
      } else if tensors[index] == last {
        groups[groups.count - 1].extent *= extent
      } else {
        last = tensors[index]
        let isInOutput = last & outputBit != 0
        groups.append(Group(holders: last & ~outputBit, isInOutput: isInOutput, extent: extent))
      }
    }
  }

  /// Solves every subset; smaller numbers first, as these include all parts of a subset.
  mutating func solveAll() {
    for subset in 1..<1 << operandCount where subset.nonzeroBitCount > 1 { solve(subset) }
  }

  /// Finds the best tree for a subset from those for its parts.
  ///
  /// An index is summed at the step that brings the last of its holders together, so the step that joins two
  /// parts runs over the result's indices and over those that end in the subset and in neither of its parts.
  private mutating func solve(_ subset: Int) {
    var ending: [(holders: Int, extent: Double)] = []
    var resultCount = 1.0
    for group in groups where group.holders & subset != 0 {
      if group.isInOutput || group.holders & ~subset != 0 {
        resultCount *= group.extent
      } else {
        ending.append((group.holders, group.extent))
      }
    }

    // The left part always has the first operand, so each parting is seen once.
    let first = subset & -subset
    let others = subset ^ first
    var best = Tree(flopCount: .infinity, largestIntermediate: .infinity, left: first)
    var right = others
    while right != 0 {
      let left = subset ^ right
      let below = trees[left].flopCount + trees[right].flopCount
      // The step costs at least its result.
      if below + resultCount <= best.flopCount {
        var loopCount = resultCount * loneExtents[left] * loneExtents[right]
        for index in ending where index.holders & left != 0 && index.holders & right != 0 {
          loopCount *= index.extent
        }
        let candidate = Tree(
          flopCount: below + PathCost.flopCount(loopCount: loopCount, resultCount: resultCount),
          largestIntermediate: max(
            resultCount, trees[left].largestIntermediate, trees[right].largestIntermediate),
          left: left)
        if candidate.isBetter(than: best) { best = candidate }
      }
      right = (right - 1) & others
    }
    trees[subset] = best
  }

  /// Appends the steps that make a subset's value, each subtree's together, and returns the value's number.
  func appendSteps(of subset: Int, to steps: inout [ContractionPath.Step]) -> Int {
    if subset.nonzeroBitCount == 1 { return subset.trailingZeroBitCount }
    let left = trees[subset].left
    let lhs = appendSteps(of: left, to: &steps)
    let rhs = appendSteps(of: subset ^ left, to: &steps)
    steps.append(.init(lhs, rhs))
    return operandCount + steps.count - 1
  }
}
