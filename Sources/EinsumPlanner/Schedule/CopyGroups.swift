import EinsumIR

extension MapSchedule {
  /// This schedule of a copy with blocks that cover more indices, where those of two would be short runs of memory.
  ///
  /// The shorter run takes in the index that follows it in memory, until both are long or the block is large. An index
  /// that follows in both tensors makes both runs longer, whichever takes it.
  func grouped(in contraction: Contraction) -> MapSchedule {
    let (input, output) = (contraction.operands[0], contraction.output)
    guard let rows, let columns, input.stride(of: rows) == 1, output.stride(of: columns) == 1 else {
      return self
    }
    let size = output.elementType.size
    var runs = [
      Run(input, rows, atMost: rowBlock, contraction),
      Run(output, columns, atMost: columnBlock, contraction),
    ]
    func length(_ number: Int) -> Int {
      let other = runs[1 - number]
      guard let next = runs[number].next(contraction), other.indices.contains(next) else {
        return runs[number].length
      }
      return runs[number].length * other.covered(next, contraction)
    }
    /// Whether runs of the output along some indices begin on cache lines.
    func isAligned(_ run: [Int]) -> Bool {
      contraction.indices.indices.allSatisfy {
        run.contains($0) || (output.stride(of: $0) ?? 0) * size % cacheLine == 0
      }
    }
    func isShort(_ number: Int, _ bytes: Int) -> Bool { length(number) * size < bytes }
    if !isShort(0, shortRun) && !isShort(1, shortRun) { return self }
    while true {
      let growing = [0, 1].filter { number in
        guard let next = runs[number].next(contraction) else { return false }
        return isShort(number, longRun) && !runs[1 - number].indices.contains(next)
      }
      guard let number = growing.min(by: { length($0) < length($1) }),
        let next = runs[number].next(contraction)
      else { break }
      let bytes = runs[0].length * runs[1].length * size
      let wanted = (longRun - 1) / (runs[number].length * size) + 1
      let most = min(wanted, groupBytes / bytes)
      if most < 2 { break }
      let run = runs[number].length * size
      let isWhole = number == 1 && isAligned(runs[1].indices + [next])
      let line = isWhole ? [1, 2, 4, 8, 16, 32].first { run * $0 % cacheLine == 0 } ?? 1 : 1
      let extent = contraction.indices[next].extent
      let count = min(evenBlock(extent, atMost: most, multiple: line), extent)
      runs[number].append(next, count, contraction)
    }
    if runs.allSatisfy({ $0.indices.count == 1 }) { return self }
    var result = self
    result.rowGroup = Array(runs[0].indices.dropFirst())
    result.columnGroup = Array(runs[1].indices.dropFirst())
    (result.rowBlock, result.columnBlock) = (runs[0].length, runs[1].length)
    let outer = order.filter { index in !runs.contains { $0.indices.contains(index) } }
    let (source, target) = (Array(runs[0].indices.reversed()), Array(runs[1].indices.reversed()))
    // The line that two runs of the output share is still in a cache where the second follows soon.
    let hasLines = isAligned(target) && result.columnBlock * size % cacheLine == 0
    result.order = outer + (hasLines ? target + source : source + target)
    return result
  }
}

/// Elements side by side in a tensor: those along some indices, all whole but the last.
private struct Run {
  let tensor: TensorAccess
  private(set) var indices: [Int]
  private(set) var length: Int
  private var extent: Int

  init(_ tensor: TensorAccess, _ index: Int, atMost limit: Int, _ contraction: Contraction) {
    self.tensor = tensor
    indices = [index]
    extent = contraction.indices[index].extent
    length = min(extent, limit)
  }

  /// The index that follows in memory, if the run is whole.
  func next(_ contraction: Contraction) -> Int? {
    guard length == extent else { return nil }
    return contraction.indices.indices.first {
      tensor.stride(of: $0) == length && !indices.contains($0) && contraction.indices[$0].extent > 1
    }
  }

  mutating func append(_ index: Int, _ count: Int, _ contraction: Contraction) {
    indices.append(index)
    extent = length * contraction.indices[index].extent
    length *= count
  }

  /// How many values of one of its indices are covered.
  func covered(_ index: Int, _ contraction: Contraction) -> Int {
    var rest = length
    for member in indices {
      let extent = contraction.indices[member].extent
      if member == index { return min(rest, extent) }
      rest /= extent
    }
    return 1
  }
}

/// A run of fewer bytes is short.
private let shortRun = 512

/// Runs grow until they have so many bytes.
private let longRun = 768

/// The most bytes of a block, which stays in the second cache while it is copied twice.
private let groupBytes = 196_608
