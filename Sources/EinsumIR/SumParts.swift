/// How a sum over an index is cut into parts that threads can form at the same time: each has a sum of its own, and these
/// are added when all are done.
///
/// Where the cuts are depends on the problem alone, so that the result has the same bits for any number of threads.
package struct SumParts: Hashable, Sendable {
  /// The summed index that is cut.
  package var index: Int
  /// How many of its values a part has. What is left behind the last whole part is a part too.
  package var length: Int

  package init(index: Int, length: Int) {
    self.index = index
    self.length = length
  }

  /// The number of parts, the shorter one included.
  package func count(in contraction: Contraction) -> Int {
    (contraction.indices[index].extent - 1) / length + 1
  }
}

extension MapSchedule {
  /// Where a sum in parts keeps what its parts add up to.
  package func partsScratch(for contraction: Contraction) -> PartsScratch {
    PartsScratch(parts, contraction)
  }
}

/// The scratch of a sum in parts, in bytes behind its strips.
///
/// The parts' sums are added in a wider type, where there is one: they are few and large, and would lose more to rounding
/// than all terms before them.
package struct PartsScratch: Hashable, Sendable {
  /// The type in which the parts' sums are added.
  package let totalType: ElementType
  /// The elements of the output, and those that hold the sums of all parts: for each part a contiguous block in the order
  /// of the output's indices.
  package let (totalCount, sumCount): (Int, Int)
  /// Where the parts' sums are again, in the wider type, and where their totals are.
  package let (widenedOffset, totalOffset): (Int, Int)
  package let size: Int

  package init(_ parts: SumParts?, _ contraction: Contraction) {
    let type = contraction.output.elementType
    totalType =
      switch type {
      case .float32: .float64
      case .complex64: .complex128
      case .bool, .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64, .float16, .bfloat16,
        .float64, .complex128:
        type
      }
    guard let parts else {
      (totalCount, sumCount, widenedOffset, totalOffset, size) = (0, 0, 0, 0, 0)
      return
    }
    totalCount = contraction.output.indices.reduce(1) { $0 * contraction.indices[$1].extent }
    sumCount = parts.count(in: contraction) * totalCount
    widenedOffset = WorkspaceAlignment.rounded(sumCount * type.size)
    guard totalType != type else {
      (totalOffset, size) = (widenedOffset, widenedOffset)
      return
    }
    totalOffset = widenedOffset + WorkspaceAlignment.rounded(sumCount * totalType.size)
    size = totalOffset + WorkspaceAlignment.rounded(totalCount * totalType.size)
  }
}
