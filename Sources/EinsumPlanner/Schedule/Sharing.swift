import EinsumIR

/// Whether work of so many cycles gains from a second thread: from some 20 microseconds on, as waking one takes a few.
func isWorthSharing(cycles: Double) -> Bool { cycles > 60_000 }

extension TiledSchedule {
  /// This schedule with its blocks divided among the machine's threads, if it can be.
  ///
  /// The parts of a sum, if it has any, are shared. Else the outermost loop comes first, as threads that work on different
  /// blocks of it have nothing in common; batch loops may change places for that. Then m, where the columns' block is packed
  /// together; or n, where every thread packs all rows for itself, if m has too few panels to go round, or few while n has many
  /// blocks.
  func shared(in contraction: Contraction, on machine: Machine) -> TiledSchedule {
    let threads = machine.threads
    if threads < 2 { return self }
    var result = self
    if parts != nil {
      result.sharing = Sharing(.k, threads: threads)
      return result
    }
    let longest = batch.indices.max {
      contraction.indices[batch[$0]].extent < contraction.indices[batch[$1]].extent
    }
    if let longest { result.batch.insert(result.batch.remove(at: longest), at: 0) }
    let outermost =
      (result.batch + outer).first.map { Self.balance(contraction.indices[$0].extent, threads) } ?? 0
    var sharingOuter = result
    sharingOuter.sharing = Sharing(.outer, threads: threads)
    if outermost > enoughBalance { return sharingOuter }
    result.batch = batch
    let (m, n) = (extent(of: .m, in: contraction), extent(of: .n, in: contraction))
    let smaller = across.map { $0.divided(contraction.indices[$0.index].extent, among: threads) }
    let columns = Self.balance(
      smaller.map { (contraction.indices[$0.index].extent - 1) / $0.block + 1 } ?? (n - 1) / tile.nr + 1,
      threads)
    var rows = Self.balance((m - 1) / tile.mr + 1, threads)
    // Panels across take long to pack, which threads that share rows divide by columns.
    if across != nil { rows = min(rows, Self.balance((min(n, blocking.nc) - 1) / tile.nr + 1, threads)) }
    if max(rows, columns, outermost) <= 1 / Double(threads) { return self }
    if outermost > max(rows, columns) { return sharingOuter }
    let sharesBlocks =
      meetsFewRows(m: m, k: extent(of: .k, in: contraction), kc: blocking.kc, tile: tile)
      && across == nil && n >= enoughBlocks * threads * blocking.nc
    let sharesRows = !sharesBlocks && (rows > enoughBalance || rows >= columns)
    result.sharing = Sharing(sharesRows ? .m : .n, threads: threads)
    if !sharesRows { result.across = smaller }
    result.blocking = Blocking(
      mc: sharesRows ? Self.block(m, atMost: blocking.mc, tile.mr, threads) : blocking.mc, kc: blocking.kc,
      nc: sharesRows || across != nil ? blocking.nc : Self.block(n, atMost: blocking.nc, tile.nr, threads))
    return result
  }

  /// The part of the threads' time that is used when `count` equal pieces are divided.
  private static func balance(_ count: Int, _ threads: Int) -> Double {
    Double(count) / Double(((count - 1) / threads + 1) * threads)
  }

  /// The block for equal blocks whose number is a multiple of the threads.
  private static func block(_ extent: Int, atMost limit: Int, _ multiple: Int, _ threads: Int) -> Int {
    let blocks = ((extent - 1) / limit / threads + 1) * threads
    return evenBlock((extent - 1) / blocks + 1, atMost: limit, multiple: multiple)
  }
}

extension Across {
  /// The same with so few values together that every thread has some, in whole cache lines of 4-byte elements.
  fileprivate func divided(_ extent: Int, among threads: Int) -> Across {
    let line = cacheLine / 4
    let share = ((extent - 1) / threads / line + 1) * line
    return Across(index, block: evenBlock(extent, atMost: min(block, share), multiple: line))
  }
}

/// A division that leaves threads idle for less than an eighth of the time is not worth another look.
private let enoughBalance = 0.875

/// So many blocks for each thread are divided well.
private let enoughBlocks = 4

extension MapSchedule {
  /// This schedule with the blocks of one of its loops divided among the machine's threads, if it can be and gains.
  ///
  /// That is the loop over the parts of a sum, or the outermost one over the output that has enough blocks.
  func sharedIfWorthIt(in contraction: Contraction, on machine: Machine) -> MapSchedule {
    let threads = machine.threads
    if threads < 2 || !isWorthSharing(cycles: contraction.points) {
      return self
    }
    var result = self
    if let parts {
      result.shared = parts.index
      return result
    }
    for index in order where contraction.output.stride(of: index) ?? 0 != 0 {
      let extent = contraction.indices[index].extent
      if extent < threads { continue }
      result.shared = index
      let share = (extent - 1) / threads + 1
      if isGrouped { return result }
      if index == rows { result.rowBlock = min(rowBlock, share) }
      if index == columns { result.columnBlock = min(columnBlock, share) }
      return result
    }
    return self
  }
}
