package import EinsumIR

/// What each index of a pairwise contraction is to its two operands and the output.
///
/// An index that is summed and in one operand only has no role: early sums leave none.
package struct IndexRoles: Hashable, Sendable {
  /// In both operands and the output.
  package var batch: [Int] = []
  /// In operand 0 and the output.
  package var m: [Int] = []
  /// In operand 1 and the output.
  package var n: [Int] = []
  /// In both operands and summed.
  package var k: [Int] = []

  package init(_ contraction: Contraction) {
    let (first, second) = (contraction.operands[0].indices, contraction.operands[1].indices)
    let output = contraction.output.indices
    for index in contraction.indices.indices {
      switch (first.contains(index), second.contains(index), output.contains(index)) {
      case (true, true, true): batch.append(index)
      case (true, _, true): m.append(index)
      case (_, _, true): n.append(index)
      case (true, true, false): k.append(index)
      case (_, _, false): break
      }
    }
  }

  /// Whether every index has a role.
  func areComplete(in contraction: Contraction) -> Bool {
    batch.count + m.count + n.count + k.count == contraction.indices.count
  }
}
