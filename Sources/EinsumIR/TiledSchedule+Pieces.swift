/// The contiguous pieces that a block of the output consists of, where no single stride steps through its columns.
///
/// The output is contiguous along the last index of n, and then along m: all rows of a block make one piece for each
/// value of the other indices of n. Collected in this order, they are written past the caches.
package struct OutputPieces: Hashable, Sendable {
  /// The extent of the last index of n.
  package let columns: Int
  /// The output's stride from one piece to the next.
  package let stride: Int
  /// The elements of a piece in the block where tiles are collected.
  package let size: Int
  /// How many pieces a block has.
  package let count: Int
}

extension TiledSchedule {
  /// The pieces of a block of the output, or nil if it has one stride along n, or is in no such pieces.
  package func pieces(in contraction: Contraction) -> OutputPieces? {
    guard let column = n.last, stride(of: .n, in: .output, of: contraction) == nil else { return nil }
    let output = contraction.output
    let columns = contraction.indices[column].extent
    guard output.stride(of: column) == 1, stride(of: .m, in: .output, of: contraction) == columns,
      let step = stride(of: Array(n.dropLast()), in: output, of: contraction),
      columns > 0, blocking.nc % columns == 0, step % columns == 0
    else { return nil }
    let rows = min(blocking.mc, extent(of: .m, in: contraction))
    let count = min(blocking.nc, extent(of: .n, in: contraction)) / columns
    return OutputPieces(columns: columns, stride: step, size: rows * columns, count: count)
  }
}
