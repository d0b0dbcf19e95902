import EinsumIR

extension PairProblem {
  /// The predicted cycles of a tiled schedule on one thread: tiles, packing, and the output.
  func cycles(of schedule: TiledSchedule) -> Double {
    let size = { (indices: [Int]) in contraction.size(of: indices) }
    let outerRows = size(schedule.batch) * size(schedule.outer.filter(rows.contains))
    let outerColumnLoops = size(schedule.outer.filter(columns.contains))
    let acrossExtent = schedule.across.map { size([$0.index]) } ?? 1
    let outerColumns = outerColumnLoops * acrossExtent
    let (m, n, k) = (size(schedule.m), size(schedule.n), size(schedule.k))
    let isHoisted = Int(m) <= schedule.blocking.mc && Int(k) <= schedule.blocking.kc
    let blocks =
      (acrossExtent / Double(schedule.across?.block ?? 1)).rounded(.up)
      * (n / Double(schedule.blocking.nc)).rounded(.up)
    let rowPacks = outerRows * (isHoisted ? 1 : outerColumnLoops * blocks)
    let packing =
      rowPacks * m * k * packCost(.rows, schedule) + outerRows * outerColumns * n * k
      * packCost(.columns, schedule)
    return outerRows * outerColumns
      * (tiledCost(schedule.tile, m, n, contraction.multipliesPairs ? k / 2 : k, lanes)
        + (k / Double(schedule.blocking.kc)).rounded(.up) * m * n * storeCost(schedule))
      + packing + 300
  }

  /// What packing an element costs, in cycles: by vectors where the panel's rows or its sums are contiguous in memory,
  /// else one by one, and then from lines that are fetched for each of their elements unless the next panels share them.
  ///
  /// Columns that come from memory take as long as it does: least along whole rows, more in pieces as wide as a panel, more
  /// again from as many places as there are panels across, most one by one. Measured on Zen 3 for 198 MB in float32: 0.37,
  /// 0.77, 1 and 7 ns.
  private func packCost(_ tensor: PairTensor, _ schedule: TiledSchedule) -> Double {
    let access = schedule.access(tensor, in: contraction)
    let isTabled = schedule.isTabled(tensor, in: contraction)
    // Each line is fetched once more by the tiles themselves.
    if tensor == .rows && schedule.readsRowsInPlace {
      let isReadOnce = schedule.extent(of: .n, in: contraction) <= schedule.tile.nr
      return schedule.tile.mr > 8 && waitsForRows && !isReadOnce ? 0.8 : 0.25
    }
    let isFromMemory = tensor == .columns && comesFromMemory
    if tensor == .columns && schedule.packsAcross(in: contraction) { return isFromMemory ? 3 : 0.5 }
    let group = schedule.indices(of: tensor == .rows ? .m : .n)
    let isUnit = { (index: Int?) in index.map { access.stride(of: $0) == 1 } ?? true }
    if isUnit(group.last) {
      // Panels across are made of pieces of lines that are far from each other.
      let isScattered = tensor == .columns && schedule.across != nil
      if isFromMemory { return isTabled || isScattered ? 2.3 : 1.1 }
      return isTabled ? 0.6 : isScattered ? 0.5 : 0.25
    }
    if isUnit(schedule.k.last) { return isTabled ? 0.7 : 0.5 }
    let sharesLines = [group, schedule.k].contains { indices in
      indices.dropLast().last.map { access.stride(of: $0) == 1 } ?? false
    }
    return isFromMemory ? 20 : sharesLines ? 3 : 6
  }

  /// What an element of the output costs beyond its store from a register, each time that it is written.
  ///
  /// Tiles whose columns are not all there, or not in whole vectors, are stored in a buffer and copied. Their rows do not
  /// begin and end with cache lines, which they share with the next rows: from memory, lines are had sooner for tall tiles.
  private func storeCost(_ schedule: TiledSchedule) -> Double {
    let spread = isSpread(schedule) ? 0.1 : 0
    let isTabled = schedule.isTabled(.output, in: contraction)
    let isRow = !isTabled || schedule.stride(of: .n, in: .output, of: contraction) == 1
    let run = schedule.n.last.map { contraction.indices[$0].extent } ?? 1
    let isWhole = isRow || run % lanes == 0
    if schedule.streams { return spread + (isWhole ? 0.1 : 0.3) }
    let columns = schedule.extent(of: .n, in: contraction)
    let copied = isWhole ? Double(columns % schedule.tile.nr) / Double(max(columns, 1)) : 1
    let lines = isLarge ? 2.4 / Double(schedule.tile.mr) : 0
    return spread + (isLarge && isScattered(schedule) ? 0.6 : 0) + copied * (0.5 + lines)
      + (isTabled ? 0.1 : 0.05)
  }

  /// Whether each row of a tile is written to a page of its own, where another order of m would put them side by side.
  private func isSpread(_ schedule: TiledSchedule) -> Bool {
    let steps = schedule.m.map { abs(output.stride(of: $0) ?? 0) }
    guard let step = steps.last, let least = steps.min() else { return false }
    return step > least && step * output.elementType.size >= page
  }

  /// Whether the rows of a tile lie far from each other.
  private func isScattered(_ schedule: TiledSchedule) -> Bool {
    let step = schedule.m.last.map { abs(output.stride(of: $0) ?? 0) } ?? 0
    return step * output.elementType.size >= page / 8
  }

  /// Whether no cache holds the output.
  private var isLarge: Bool { outputBytes(contraction) > largeOutput }
}

/// The bytes of a page of memory.
let page = 4096

/// The bytes of an output from which on it is counted as written to memory.
private let largeOutput = 0x1p26

/// The predicted time of one block through a tile, in cycles: whole tiles, padding included, with two multiply-adds a
/// cycle; the output stored once; and the calls.
///
/// A step along k is a multiply-add for each vector of the tile, or loading its row of b and its column of a if that takes
/// longer.
private func tiledCost(_ tile: Tile, _ m: Double, _ n: Double, _ k: Double, _ lanes: Int) -> Double {
  let tiles = (m / Double(tile.mr)).rounded(.up) * (n / Double(tile.nr)).rounded(.up)
  let vectors = (tile.nr + lanes - 1) / lanes
  let loads = Double(tile.mr + vectors)
  let step = max(Double(tile.mr * vectors), loadCost * loads) + hiddenLoadCost * loads
  return tiles * (k * step / 2 + 100) + 2 * m * n / Double(lanes)
}

/// A load from L1 or L2 in multiply-adds, measured on Ice Lake with 64-byte vectors: 3.3 against 5.6 in a nanosecond.
private let loadCost = 1.7

/// What a load costs in multiply-adds even where these take longer: why tiles with fewer loads are a little faster.
private let hiddenLoadCost = 0.15
