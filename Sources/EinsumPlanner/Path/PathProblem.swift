/// What a path finder sees of a contraction: extents, and which indices each operand and the output have.
///
/// Indices are numbers into ``extents``. Strides, types and labels do not matter here, so contractions that
/// differ in them only share a path. An index that a single operand has and the output lacks is legal, but
/// every finder takes it for part of that operand until the operand's step: sum it before, as simplification
/// does.
package struct PathProblem: Hashable, Sendable {
  /// The extent of each index, at least 1.
  package let extents: [Int]
  /// The indices of each operand, ascending and without repeats.
  package let operands: [[Int]]
  /// The indices of the output, ascending and without repeats; each is an index of some operand.
  package let output: [Int]

  package init(extents: [Int], operands: [[Int]], output: [Int]) {
    self.extents = extents
    self.operands = operands
    self.output = output
  }

  /// The number of elements of a tensor that has the given indices.
  ///
  /// A `Double`, because a bad path's intermediates can be past `Int`: exact to 2^53, then rounded, at last
  /// infinite.
  package func elementCount(of indices: [Int]) -> Double {
    indices.reduce(1) { $0 * Double(extents[$1]) }
  }

  /// The indices of each step's result: those of its two values that the output or a value not yet contracted
  /// has.
  ///
  /// - Precondition: `path` is valid for this problem.
  package func resultIndices(of path: ContractionPath) -> [[Int]] {
    var uses = [Int](repeating: 0, count: extents.count)
    for index in output { uses[index] += 1 }
    for operand in operands { for index in operand { uses[index] += 1 } }

    var values = operands
    for step in path.steps {
      for index in values[step.lhs] { uses[index] -= 1 }
      for index in values[step.rhs] { uses[index] -= 1 }
      let result = sortedUnion(values[step.lhs], values[step.rhs]).filter { uses[$0] > 0 }
      for index in result { uses[index] += 1 }
      values.append(result)
    }
    return Array(values.dropFirst(operands.count))
  }
}

/// The union of two ascending lists without repeats, in ascending order.
func sortedUnion(_ a: [Int], _ b: [Int]) -> [Int] {
  var result: [Int] = []
  result.reserveCapacity(a.count + b.count)
  var (i, j) = (0, 0)
  while i < a.count, j < b.count {
    let (x, y) = (a[i], b[j])
    result.append(min(x, y))
    if x <= y { i += 1 }
    if y <= x { j += 1 }
  }
  result += a[i...]
  result += b[j...]
  return result
}
