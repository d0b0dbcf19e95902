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
  /// The elements that hold the sums of all parts: for each part a contiguous block in the order of the output's indices.
  package func partialSumCount(for contraction: Contraction) -> Int {
    guard let parts else { return 0 }
    let sums = contraction.output.indices.reduce(1) { $0 * contraction.indices[$1].extent }
    return parts.count(in: contraction) * sums
  }
}
