import EinsumIR

extension MapSchedule {
  /// This schedule with its sum formed in parts, if the sum is long and the output too small to be divided among threads.
  ///
  /// The index that is cut is the outermost one that is long enough. Parts are long enough that starting them costs nothing, and
  /// as many as leave few threads idle at the end. The number of threads must not matter: it would change the result.
  func inParts(of contraction: Contraction, on machine: Machine) -> MapSchedule {
    let points = contraction.points
    let output = contraction.output
    guard !machine.isStandalone, points >= leastPoints,
      contraction.size(of: output.indices) * sumsOfPart <= points,
      !output.indices.contains(where: { isDivisible(output: $0, contraction) })
    else { return self }
    for index in order where contraction.summed.contains(index) {
      let extent = contraction.indices[index].extent
      let inner = points / Double(extent)
      let unit = index == columns ? partLength : 1
      let terms = inner / contraction.size(of: output.indices)
      let least = max(
        Int((Double(partLength) / inner).rounded(.up)), Int((sumsOfPart / terms).rounded(.up)), unit)
      if extent < 4 * least { continue }
      var result = self
      result.parts = SumParts(index: index, length: max(least, extent / fewestParts / unit * unit))
      result.rowBlock = index == rows ? min(rowBlock, result.parts?.length ?? rowBlock) : rowBlock
      result.columnBlock =
        index == columns ? min(columnBlock, result.parts?.length ?? columnBlock) : columnBlock
      return result
    }
    return self
  }

  /// Whether threads could divide the output along an index, with enough for each of them.
  private func isDivisible(output index: Int, _ contraction: Contraction) -> Bool {
    let extent = contraction.indices[index].extent
    let bytes = extent * contraction.computeType.size
    return index == columns ? bytes >= leastRun : extent >= leastBlocks
  }
}

/// Multiply-adds from which on a sum is formed in parts.
private let leastPoints = 131_072.0

/// Multiply-adds of a part for each of its sums, at least.
private let sumsOfPart = 256.0

/// Multiply-adds of a part, at least; along contiguous elements a multiple of it, as this is what `RowSumEmitter` reads at once.
private let partLength = 16384

/// As many parts as long sums have, and up to twice as many.
private let fewestParts = 64

/// Output elements side by side of which threads may take shares, in bytes: rows of less are read badly.
///
/// Measured with two threads: halves of rows of 4 KiB are read at 26 GB/s, rows in two parts of memory at 32.
private let leastRun = 16384

/// Blocks of the output of which threads may take shares.
private let leastBlocks = 16
