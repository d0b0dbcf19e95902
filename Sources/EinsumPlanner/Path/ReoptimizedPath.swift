/// Improves a path by exact searches within it.
///
/// A path is a binary tree. Around each inner node, a few nodes next to it are cut out (up to `leafLimit`
/// subtrees hang below them), and the cut is replaced by the optimal tree over the same subtrees if that
/// takes fewer operations. This repeats until nothing changes, at most `passLimit` times. The result is never
/// worse than `path`.
///
/// The method is the subtree reconfiguration of Gray and Kourtis, "Hyper-optimized tensor network
/// contraction" (2021).
///
/// - Precondition: `path` is valid for `problem`, and `leafLimit` is at most ``optimalPathOperandLimit``.
package func reoptimizedPath(
  _ path: ContractionPath, for problem: PathProblem, leafLimit: Int, passLimit: Int
) -> ContractionPath {
  guard problem.operands.count > 2 else { return path }
  var tree = ContractionTree(path, for: problem)
  for _ in 0..<passLimit {
    var isChanged = false
    for node in tree.innerNodes() where tree.reoptimize(around: node, leafLimit: leafLimit) {
      isChanged = true
    }
    if !isChanged { break }
  }
  return tree.path()
}

/// A path as a tree that can be changed: nodes keep their numbers, but not the order of single static
/// assignment.
private struct ContractionTree {
  private let problem: PathProblem
  private let operandCount: Int
  /// The two children of inner node `operandCount + i`; operands are the leaves.
  private var children: [ContractionPath.Step]
  /// The indices of each node's value, ascending.
  private var indices: [[Int]]
  /// The operations of each node's step; 0 for operands.
  private var flopCounts: [Double]
  /// Scratch of `subproblem`: the number of an index there.
  private var localNumbers: [Int]

  init(_ path: ContractionPath, for problem: PathProblem) {
    self.problem = problem
    operandCount = problem.operands.count
    children = path.steps
    indices = problem.operands + problem.resultIndices(of: path)
    flopCounts = [Double](repeating: 0, count: indices.count)
    localNumbers = [Int](repeating: 0, count: problem.extents.count)
    for node in operandCount..<indices.count { flopCounts[node] = stepFlopCount(of: node) }
  }

  private var root: Int { indices.count - 1 }

  private func stepFlopCount(of node: Int) -> Double {
    let step = children[node - operandCount]
    return PathCost.flopCount(
      loopCount: problem.elementCount(of: sortedUnion(indices[step.lhs], indices[step.rhs])),
      resultCount: problem.elementCount(of: indices[node]))
  }

  /// The inner nodes, children before parents.
  func innerNodes() -> [Int] {
    var parentsFirst: [Int] = []
    var stack = [root]
    while let node = stack.popLast() {
      guard node >= operandCount else { continue }
      parentsFirst.append(node)
      stack.append(children[node - operandCount].lhs)
      stack.append(children[node - operandCount].rhs)
    }
    return parentsFirst.reversed()
  }

  /// Replaces the top of a node's subtree by a tree of fewer operations, and returns whether there was one.
  mutating func reoptimize(around node: Int, leafLimit: Int) -> Bool {
    var inner = [node]
    var leaves = [children[node - operandCount].lhs, children[node - operandCount].rhs]
    // Most is to be gained where the steps are dear.
    while leaves.count < leafLimit,
      let place = leaves.indices.max(by: { flopCounts[leaves[$0]] < flopCounts[leaves[$1]] }),
      leaves[place] >= operandCount
    {
      let step = children[leaves[place] - operandCount]
      inner.append(leaves[place])
      leaves[place] = step.lhs
      leaves.append(step.rhs)
    }
    guard leaves.count > 2 else { return false }

    let (subproblem, indexNumbers) = subproblem(from: leaves, to: node)
    let path = optimalPath(subproblem)
    let flopCount = inner.reduce(0) { $0 + flopCounts[$1] }
    guard cost(of: path, in: subproblem).flopCount < flopCount else { return false }

    // The node itself makes the last step's value, so what is above it does not change.
    let nodes = leaves + inner.reversed()
    for ((step, result), node) in zip(zip(path.steps, subproblem.resultIndices(of: path)), inner.reversed()) {
      children[node - operandCount] = .init(nodes[step.lhs], nodes[step.rhs])
      indices[node] = result.map { indexNumbers[$0] }
      flopCounts[node] = stepFlopCount(of: node)
    }
    return true
  }

  /// The problem of making a node's value from those of other nodes, and the problem's own index for each of
  /// its.
  private mutating func subproblem(from leaves: [Int], to node: Int) -> (PathProblem, indexNumbers: [Int]) {
    let used = leaves.reduce([]) { sortedUnion($0, indices[$1]) }
    for (local, index) in used.enumerated() { localNumbers[index] = local }
    let subproblem = PathProblem(
      extents: used.map { problem.extents[$0] },
      operands: leaves.map { indices[$0].map { localNumbers[$0] } },
      output: indices[node].map { localNumbers[$0] })
    return (subproblem, used)
  }

  /// The tree as a path, each subtree's steps together.
  func path() -> ContractionPath {
    var steps: [ContractionPath.Step] = []
    var values = Array(indices.indices)
    for node in innerNodes() {
      let step = children[node - operandCount]
      values[node] = operandCount + steps.count
      steps.append(.init(values[step.lhs], values[step.rhs]))
    }
    return ContractionPath(steps: steps)
  }
}
