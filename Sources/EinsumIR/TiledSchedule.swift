import EinsumSyntax

/// The extents of the cache blocks of a tiled contraction, in elements along composite m, k and n.
package struct Blocking: Hashable, Sendable, Codable {
  package let mc: Int
  package let kc: Int
  package let nc: Int

  package init(mc: Int, kc: Int, nc: Int) {
    self.mc = mc
    self.kc = kc
    self.nc = nc
  }
}

/// How threads divide a tiled step. The sums are the same for any number of them.
package struct Sharing: Hashable, Sendable {
  /// The loop whose blocks are divided.
  package enum Level: String, Hashable, Sendable {
    /// The outermost loop round the groups: nothing is common to two threads.
    case outer
    /// The blocks of m: the packed block of the columns' operand is made, and read, by all.
    case m
    /// The blocks of n: each thread packs all that it needs.
    case n
    /// The parts of the sum.
    case k
  }

  package let level: Level
  /// The most threads that there is scratch for.
  package let threads: Int

  package init(_ level: Level, threads: Int) {
    self.level = level
    self.threads = threads
  }
}

/// An index of n beside the group: panels do not run from one of its values to the next, but those of several values are
/// in scratch together, so that each packed row meets them all.
///
/// If the columns' operand is contiguous along it they are packed at once too: its elements share cache lines, which
/// packing panel by panel would fetch once for each of them.
package struct Across: Hashable, Sendable {
  package let index: Int
  /// How many of the index's values have their panels in scratch at a time.
  package let block: Int

  package init(_ index: Int, block: Int) {
    self.index = index
    self.block = block
  }
}

/// How a pairwise step runs as the five loops of a blocked matrix product over composite index groups.
///
/// Each group lists positions of the step's indices, the slowest first. The panel of the operand that has the m
/// indices is broadcast, the other's is read as vectors. Sums run over k in blocks of `kc`, and inside a block in
/// order: this and nothing else decides rounding.
///
/// A group need not hold all indices of its kind: those in `outer` run one by one in loops round the groups, which
/// leaves a single stride where the whole group would need a table of offsets.
///
/// Source: F. Van Zee, R. van de Geijn, "BLIS: a framework for rapidly instantiating BLAS functionality", 2015;
/// D. Matthews, "High-performance tensor contraction without transposition", 2018, for the composite groups.
package struct TiledSchedule: PairSchedule, Hashable, Sendable {
  package var batch: [Int]
  package var m: [Int]
  package var n: [Int]
  package var k: [Int]
  /// Indices of m and then of n that run in loops round the groups, outermost first.
  package var outer: [Int]
  /// An index of n that is in neither `n` nor `outer`, if there is one.
  package var across: Across?
  /// Whether tiles are collected in a block of the workspace, from where the output is written past the caches.
  package var streams: Bool
  /// Whether the rows' operand is read where it lies instead of being packed: it is contiguous along k, and its rows have
  /// one stride.
  package var readsRowsInPlace = false
  /// Whether tiles that read rows in place read the columns' operand where it lies too: it is contiguous along n, which is
  /// whole tiles, and has one stride along k.
  package var readsColumnsInPlace = false
  /// Whether the tiles of a block follow each other along the output's rows, instead of each panel of columns meeting all rows.
  package var tilesAlongRows = false
  package var rowOperand: Int
  package var tile: Tile
  package var blocking: Blocking
  /// The parts of a sum over one index that is too long for a single chain of blocks, if it is.
  package var parts: SumParts?
  /// nil if one thread does all.
  package var sharing: Sharing?

  package init(
    batch: [Int], m: [Int], n: [Int], k: [Int], outer: [Int] = [], across: Across? = nil,
    streams: Bool = false, rowOperand: Int, tile: Tile, blocking: Blocking, sharing: Sharing? = nil
  ) {
    self.batch = batch
    self.m = m
    self.n = n
    self.k = k
    self.outer = outer
    self.across = across
    self.streams = streams
    self.rowOperand = rowOperand
    self.tile = tile
    self.blocking = blocking
    self.sharing = sharing
  }
}

extension TiledSchedule {
  /// Why this schedule is not legal for a step, or nothing if it is.
  package func violations(for contraction: Contraction, on isa: ISA) -> [String] {
    guard contraction.operands.count == 2, rowOperand == 0 || rowOperand == 1 else {
      return ["a tiled schedule needs two operands"]
    }
    var violations: [String] = []
    let rows = Set(contraction.operands[rowOperand].indices)
    let columns = Set(contraction.operands[1 - rowOperand].indices)
    let output = Set(contraction.output.indices)
    let isM = { rows.contains($0) && !columns.contains($0) && output.contains($0) }
    let isN = { !rows.contains($0) && columns.contains($0) && output.contains($0) }
    let acrossIndices = across.map { [$0.index] } ?? []
    let groups: [(name: String, indices: [Int], isLegal: (Int) -> Bool)] = [
      ("batch", batch, { rows.contains($0) && columns.contains($0) && output.contains($0) }),
      ("m", m, isM),
      ("n", n, isN),
      ("k", k, { rows.contains($0) && columns.contains($0) && !output.contains($0) }),
      ("outer", outer, { isM($0) || isN($0) }),
      ("across", acrossIndices, isN),
    ]
    for group in groups {
      for index in group.indices where !group.isLegal(index) {
        violations.append("index \(contraction.indices[index].label) does not belong in group \(group.name)")
      }
    }
    if (batch + m + n + k + outer + acrossIndices).sorted() != Array(contraction.indices.indices) {
      violations.append("the groups do not hold every index once")
    }
    if !KernelSpec.tiles(for: contraction, on: isa).contains(tile) {
      violations.append("the library has no tile \(tile.mr)x\(tile.nr)")
    }
    if blocking.mc < tile.mr || blocking.mc % tile.mr != 0 { violations.append("mc is not whole tiles") }
    if blocking.nc < tile.nr || blocking.nc % tile.nr != 0 { violations.append("nc is not whole tiles") }
    if blocking.kc < 1 { violations.append("kc is not positive") }
    if contraction.multipliesPairs || contraction.multipliesHalves {
      if blocking.kc % 2 != 0 { violations.append("kc cuts a pair in two") }
    } else if contraction.operands.contains(where: {
      !$0.elementType.sharesKernels(with: contraction.computeType)
    }) {
      violations.append("an operand has another type")
    }
    if let across, across.block < 1 { violations.append("no panels lie across") }
    if readsRowsInPlace {
      if !isContiguousAlongSum(in: contraction) { violations.append("rows are read in place that cannot be") }
      if contraction.multipliesPairs
        || !contraction.multipliesHalves
          && !KernelSpec.tilesInPlace(for: contraction.computeType.kernelType, on: isa).contains(tile)
      {
        violations.append("no tile \(tile.mr)x\(tile.nr) reads rows in place")
      }
    }
    if readsColumnsInPlace {
      if !readsRowsInPlace || contraction.multipliesHalves {
        violations.append("no tile \(tile.mr)x\(tile.nr) reads columns in place but packed rows")
      }
      if !hasWholeRowsOfColumns(in: contraction) {
        violations.append("columns are read in place that cannot be")
      }
    }
    if let parts { violations += self.violations(of: parts, for: contraction) }
    if streams {
      if extent(of: .k, in: contraction) > blocking.kc { violations.append("sums in parts are streamed") }
      if isTabled(.output, in: contraction) && pieces(in: contraction) == nil {
        violations.append("an output with tables is streamed")
      }
    }
    if contraction.multipliesHalves { violations += halvesViolations(for: contraction) }
    return violations + sharingViolations(for: contraction)
  }

  private func violations(of parts: SumParts, for contraction: Contraction) -> [String] {
    var violations: [String] = []
    if k != [parts.index] || m.count != 1 || n.count != 1 || !(batch + outer).isEmpty || across != nil {
      violations.append("sums in parts are not those of one matrix product")
    }
    if parts.length < 1 { violations.append("parts of a sum have no length") }
    if streams { violations.append("sums in parts are streamed") }
    if contraction.multipliesPairs || contraction.multipliesHalves {
      violations.append("sums of pairs are in parts")
    }
    return violations
  }

  private func halvesViolations(for contraction: Contraction) -> [String] {
    var violations: [String] = []
    if !readsRowsInPlace && isTabled(.rows, in: contraction) {
      violations.append("rows with tables are laid out anew")
    }
    if streams { violations.append("sums of halves are streamed") }
    if tilesAlongRows { violations.append("all rows at once are in no order") }
    if contraction.output.elementType.isHalf && extent(of: .k, in: contraction) > blocking.kc {
      violations.append("sums in parts are rounded")
    }
    return violations
  }

  private func sharingViolations(for contraction: Contraction) -> [String] {
    guard let sharing else { return [] }
    var violations: [String] = []
    if sharing.threads < 2 { violations.append("one thread cannot share") }
    if sharing.level == .outer && batch.isEmpty && outer.isEmpty {
      violations.append("there is no outer loop to share")
    }
    if sharing.level == .k && parts == nil { violations.append("one sum is shared") }
    let shared: [Int] =
      switch sharing.level {
      case .outer: Array((batch + outer).prefix(1))
      case .m: m
      case .n: across.map { [$0.index] } ?? n
      case .k: []
      }
    if shared.contains(where: { contraction.output.stride(of: $0) ?? 0 == 0 }) {
      violations.append("threads would share elements of the output")
    }
    return violations
  }
}
