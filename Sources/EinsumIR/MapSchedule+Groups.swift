/// Copies whose blocks cover several indices on a side: neighbours in memory, so that what is read and what is written are
/// long runs though the innermost extents are short. A block goes by way of a strip of scratch.
extension MapSchedule {
  /// Whether blocks cover more than the rows and the columns.
  package var isGrouped: Bool { !rowGroup.isEmpty || !columnGroup.isEmpty }

  /// The indices of a block's rows and columns, innermost first.
  package var rowIndices: [Int] { (rows.map { [$0] } ?? []) + rowGroup }
  package var columnIndices: [Int] { (columns.map { [$0] } ?? []) + columnGroup }

  /// This schedule with blocks over two indices only.
  package var withoutGroups: MapSchedule {
    var result = self
    result.rowGroup = []
    result.columnGroup = []
    return result
  }

  /// The elements from one row of a grouped block to the next in its strip: an odd number of cache lines, so that the
  /// elements of a column do not compete for a few places of a cache.
  package func stripPitch(of type: ElementType) -> Int {
    let lines = (columnBlock * type.size - 1) / 64 + 1
    return (lines | 1) * 64 / type.size
  }

  /// Why the groups are not legal for a step, or nothing if they are.
  func groupViolations(for contraction: Contraction) -> [String] {
    guard isGrouped else { return [] }
    guard contraction.operands.count == 1, contraction.summed.isEmpty, staged.isEmpty, parts == nil,
      contraction.operands[0].elementType == contraction.output.elementType
    else { return ["a step that is no copy has groups"] }
    let all = rowIndices + columnIndices
    if Set(all).count < all.count || !all.allSatisfy(order.contains) {
      return ["the groups do not hold different indices of the order"]
    }
    let isLegal =
      isRun(rowIndices, rowBlock, in: contraction.operands[0], contraction)
      && isRun(columnIndices, columnBlock, in: contraction.output, contraction)
    return isLegal ? [] : ["a group is no run of memory"]
  }

  /// Whether a tensor's elements along a group lie side by side, and a block covers all of its indices but the last whole.
  private func isRun(
    _ indices: [Int], _ block: Int, in tensor: TensorAccess, _ contraction: Contraction
  ) -> Bool {
    var length = 1
    for (place, index) in indices.enumerated() {
      if tensor.stride(of: index) != length || length < 1 { return false }
      if place == indices.count - 1 { return block % length == 0 }
      length *= contraction.indices[index].extent
    }
    return false
  }
}
