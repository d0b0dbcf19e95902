import EinsumIR

/// The tiled schedules for a pairwise step: one for each register tile and each way to group the indices; none where it
/// is too large for any memory.
func makeTiledCandidates(for contraction: Contraction, on machine: Machine) -> [ScheduleCandidate] {
  let pair = PairProblem(contraction, on: machine)
  guard max(pair.m * pair.n, pair.m * pair.k, pair.n * pair.k) < mostElements else { return [] }
  let tiles = machine.tiles(for: pair.type)
  // Orders of flat groups differ in what packing costs, and that not from tile to tile.
  let flat = pair.flatGroups
  let best =
    flat.count == 1 ? flat[0] : flat.least { pair.cycles(of: pair.schedule($0, tiles[0], on: machine)) }
  let pieced = pair.isStreamed(on: machine) ? pair.piecedGroups : nil
  let groupings = [best] + pair.nestedGroups + (pieced.map { [$0] } ?? [])
  return groupings.flatMap { groups in
    tiles.map { tile in
      var schedule = pair.schedule(groups, tile, on: machine)
      let cycles = pair.cycles(of: schedule)
      if isWorthSharing(cycles: cycles) { schedule = schedule.shared(in: contraction, on: machine) }
      return ScheduleCandidate(schedule: .tiled(schedule), cycles: cycles)
    }
  }
}

extension Array {
  /// The element with the least cost, the first of those that are alike.
  fileprivate func least(_ cost: (Element) -> Double) -> Element {
    let costs = map(cost)
    let order = indices.min { (costs[$0], $0) < (costs[$1], $1) }
    return self[order ?? startIndex]
  }
}

/// More elements than any memory holds, and few enough that sizes in bytes do not overflow.
let mostElements = 0x1p48

/// A pairwise step as its tiled schedules see it.
///
/// The operand whose indices hold the output's smallest stride gives the columns, so that tiles are stored as vectors.
struct PairProblem {
  let contraction: Contraction
  let roles: IndexRoles
  let rowOperand: Int
  /// The indices of the rows' operand and of the columns' one that the output has.
  let rows: [Int]
  let columns: [Int]
  /// The type of the kernels, and how many of its components a vector holds.
  let type: ElementType
  let lanes: Int
  /// Whether no cache holds the columns' operand.
  let comesFromMemory: Bool
  /// Whether tall tiles that read rows in place wait for them: with AVX-512, where others fetch those of the next tile from
  /// beyond L2.
  let waitsForRows: Bool

  init(_ contraction: Contraction, on machine: Machine) {
    self.contraction = contraction
    roles = IndexRoles(contraction)
    let smallest = { (indices: [Int]) in
      indices.compactMap { contraction.output.stride(of: $0).map(abs) }.min() ?? Int.max
    }
    rowOperand = smallest(roles.m) < smallest(roles.n) ? 1 : 0
    (rows, columns) = rowOperand == 0 ? (roles.m, roles.n) : (roles.n, roles.m)
    type = contraction.computeType.kernelType
    lanes = machine.isa.vectorBytes / type.componentType.size
    let bytes = contraction.bytes(of: contraction.operands[1 - rowOperand])
    comesFromMemory = bytes > Double(machine.keptBytes)
    let rowBytes = contraction.bytes(of: contraction.operands[rowOperand])
    waitsForRows = machine.isa == .avx512 && rowBytes > Double(machine.l2)
  }

  /// The bytes of an element in a panel.
  private var panelElementSize: Int { contraction.panelType.size }

  var m: Double { contraction.size(of: rows) }
  var n: Double { contraction.size(of: columns) }
  var k: Double { contraction.size(of: roles.k) }
  var output: TensorAccess { contraction.output }
  var rowTensor: TensorAccess { contraction.operands[rowOperand] }
  var columnTensor: TensorAccess { contraction.operands[1 - rowOperand] }

  /// The schedule for some groups and a tile, on one thread.
  func schedule(_ groups: TiledGroups, _ tile: Tile, on machine: Machine) -> TiledSchedule {
    let extents = [groups.m, groups.n, groups.k].map { Int(contraction.size(of: $0)) }
    var blocking = makeBlocking(
      m: extents[0], n: extents[1], k: extents[2], tile: tile, elementSize: panelElementSize,
      runsAlongRows: runsAlongRows(groups), machine: machine)
    var across: Across?
    if let index = groups.across {
      // The panels for all of its values stay in cache together, which leaves room for so many columns: in L2, or in L3
      // if each of them meets many rows.
      let isLong = extents[0] > blocking.mc || extents[2] > blocking.kc
      let cache = min(isLong ? machine.l3 / 4 : machine.l2 * 3 / 4, mostPanelBytes)
      if let depth = depthAcross(index, columnBytes: tile.nr * panelElementSize, cache: cache, on: machine) {
        let kc = evenBlock(extents[2], atMost: min(depth, blocking.kc), multiple: 8)
        blocking = Blocking(mc: blocking.mc, kc: kc, nc: blocking.nc)
      }
      let block = acrossBlock(index, panelBytes: tile.nr * blocking.kc * panelElementSize, cache: cache)
      across = Across(index, block: block)
      let room = cache / (block * blocking.kc * panelElementSize)
      blocking = Blocking(
        mc: blocking.mc, kc: blocking.kc,
        nc: evenBlock(extents[1], atMost: max(min(room, blocking.nc), tile.nr), multiple: tile.nr))
    }
    var schedule = TiledSchedule(
      batch: groups.batch, m: groups.m, n: groups.n, k: groups.k, outer: groups.outer, across: across,
      rowOperand: rowOperand, tile: tile, blocking: blocking)
    if isStreamed(on: machine), schedule.isTabled(.output, in: contraction) {
      schedule.blocking = pieceBlocking(schedule, on: machine) ?? blocking
    }
    schedule.streams = streams(schedule, on: machine)
    schedule.readsRowsInPlace = readsRowsInPlace(schedule, on: machine)
    schedule.readsColumnsInPlace = readsColumnsInPlace(schedule, on: machine)
    schedule.tilesAlongRows = tilesAlongRows(schedule, on: machine)
    schedule.parts = sumParts(schedule, on: machine)
    return schedule
  }

  /// The parts of a long sum whose output is too small to be divided among threads: as many as leave few of them idle, each of
  /// many blocks. The number of threads must not matter: it would change the result.
  private func sumParts(_ schedule: TiledSchedule, on machine: Machine) -> SumParts? {
    guard !machine.isStandalone, let index = schedule.k.last, Int(k) >= 2 * leastPart,
      m * n <= mostOutputOfParts
    else { return nil }
    var result = schedule
    let count = min(Int(k) / leastPart, mostParts)
    let length = ((Int(k) - 1) / count / schedule.blocking.kc + 1) * schedule.blocking.kc
    result.parts = SumParts(index: index, length: length)
    return result.violations(for: contraction, on: machine.isa).isEmpty ? result.parts : nil
  }

  /// Whether packing the rows would cost more than it saves: they stay in a quarter of L2 as they are, or they meet all
  /// columns while a few of them are in L1, as one tile has these or all their panels are there too.
  ///
  /// Measured in float32: 128^3 is 1.11 times as fast in place, 192^3 1.10; 768^3 and 1024^3 are not. 16384x32x128 is
  /// 1.23 times as fast; longer sums, in parts that lie far apart, are not. On Zen 3 259200x60x72 and 259200x64x64 are 1.13
  /// times as fast; where panels fill L1, 60000x64x96 is 1.09 times as fast, in float64 60000x48x64 0.95.
  private func readsRowsInPlace(_ schedule: TiledSchedule, on machine: Machine) -> Bool {
    let rows = schedule.extent(of: .m, in: contraction), depth = schedule.extent(of: .k, in: contraction)
    let columns = schedule.extent(of: .n, in: contraction)
    let isSmall = isSmall(rows, depth, on: machine)
    let isReadOnce = columns <= schedule.tile.nr && depth <= schedule.blocking.kc
    return (isSmall || isReadOnce || columnsStayInL1(schedule, on: machine))
      && schedule.isContiguousAlongSum(in: contraction) && !contraction.multipliesPairs
      && KernelSpec.tilesInPlace(for: type, on: machine.isa).contains(schedule.tile)
  }

  /// Whether packing the columns would cost more than it saves: they are in L2, few and not far apart, as the rows are that
  /// each of them meets, and tiles read several lines of each of their rows.
  ///
  /// Measured on Zen 4 with AVX-512 in float32, on one thread: 128^3 is 1.04 times as fast in place, 192^3 and 256^3 1.02,
  /// 64^3 1.08, 64x512x128 1.07; with 64 of 512 columns and 256 rows it is 0.95. On two threads, which need not wait for each
  /// other, 128^3 is 1.25 times as fast, 192^3 1.19, 256^3 1.11. From memory 128x256x256 is 0.93, with AVX2 192^3 0.91.
  private func readsColumnsInPlace(_ schedule: TiledSchedule, on machine: Machine) -> Bool {
    let depth = schedule.extent(of: .k, in: contraction)
    let rows = schedule.extent(of: .m, in: contraction)
    guard let step = schedule.stride(of: .k, in: .columns, of: contraction).map(abs) else { return false }
    return schedule.readsRowsInPlace && schedule.hasWholeRowsOfColumns(in: contraction)
      && !contraction.multipliesHalves && depth <= schedule.blocking.kc
      && schedule.tile.nr * panelElementSize >= 4 * cacheLine
      && contraction.bytes(of: columnTensor) <= Double(machine.l2)
      && isSmall(rows, depth, on: machine) && isSmall(step, depth, on: machine)
  }

  /// Whether a matrix stays in a quarter of L2.
  private func isSmall(_ rows: Int, _ columns: Int, on machine: Machine) -> Bool {
    Double(rows) * Double(columns * panelElementSize) <= Double(machine.l2 / 4)
  }

  /// Whether all columns' panels are in two thirds of L1 at once, with whole sums.
  private func columnsStayInL1(_ schedule: TiledSchedule, on machine: Machine) -> Bool {
    schedule.extent(of: .n, in: contraction) <= schedule.blocking.nc
      && schedule.extent(of: .k, in: contraction) <= schedule.blocking.kc
      && schedule.blocking.nc * schedule.blocking.kc * panelElementSize <= machine.l1 * 2 / 3
  }

  /// The longest part of a sum for which panels across, read from memory, are made of runs of some cache lines, or nil if
  /// there is no such limit. Sums are not cut where the output, which each part reads and writes, is large too.
  ///
  /// Measured on Zen 3 for adb,cd->cba with b across: 256-byte runs and kc 96 are read 1.5 times as fast as single lines
  /// with kc 384, on large pages; the whole takes 88 instead of 103 ms.
  private func depthAcross(_ index: Int, columnBytes: Int, cache: Int, on machine: Machine) -> Int? {
    guard columnTensor.stride(of: index) == 1, output.elementType == contraction.computeType,
      comesFromMemory, outputBytes(contraction) <= Double(machine.l3) / 2
    else { return nil }
    let run = min(contraction.indices[index].extent, longRun / columnTensor.elementType.size)
    return max(cache / (run * columnBytes), leastDepthAcross)
  }

  /// Whether the output is contiguous from row to row, and not along all columns: a block of many rows then has long
  /// contiguous pieces, one of many columns has not.
  private func runsAlongRows(_ groups: TiledGroups) -> Bool {
    guard let row = groups.m.last, let step = output.stride(of: row).map(abs) else { return false }
    var run = 1
    for index in groups.n.reversed() {
      guard output.stride(of: index) == run else { return step <= run }
      run *= contraction.indices[index].extent
    }
    return false
  }

  /// How many values of the index have panels together: all if a cache holds a panel of each, so that memory is read in
  /// runs as long as there are; else as many whole cache lines of them as fit, at least one.
  private func acrossBlock(_ index: Int, panelBytes: Int, cache: Int) -> Int {
    let line = cacheLine / type.size
    let extent = contraction.indices[index].extent
    let room = cache / panelBytes
    return room >= extent ? extent : evenBlock(extent, atMost: max(room, line), multiple: line)
  }

  /// Blocks of whole pieces of the output, which stay in a quarter of L2: all rows if that leaves room for whole tiles of
  /// columns, else as many as it does. nil if the output is in no such pieces, or they are so wide that the packed block of
  /// columns would be large.
  private func pieceBlocking(_ schedule: TiledSchedule, on machine: Machine) -> Blocking? {
    guard let column = schedule.n.last else { return nil }
    let (tile, columns) = (schedule.tile, contraction.indices[column].extent)
    let rows = schedule.extent(of: .m, in: contraction)
    let room = outputBlock(elementSize: output.elementType.size, machine)
    let period = leastCommonMultiple(columns, tile.nr)
    if period > mostColumns { return nil }
    let mc = evenBlock(rows, atMost: max(room / period, tile.mr), multiple: tile.mr)
    var result = schedule
    result.blocking = Blocking(
      mc: mc, kc: schedule.blocking.kc, nc: max(room / (min(mc, rows) * period), 1) * period)
    return result.pieces(in: contraction) == nil ? nil : result.blocking
  }

  /// Whether rows of the output are written along, as memory takes them: sums are so short that it matters, and the panels of
  /// columns, which each tile reads anew, stay in L2. Or rows are read where they lie, and meet all columns at once.
  ///
  /// Measured on Zen 3 in float32 with outputs of 16 MB: sums of 8 and 612 columns take 1.1 ms instead of 1.9, of 16 2.0 and 2.5,
  /// of 24 2.6 and 2.7; longer ones make no difference.
  private func tilesAlongRows(_ schedule: TiledSchedule, on machine: Machine) -> Bool {
    guard Int(k) <= schedule.blocking.kc, !schedule.streams, !contraction.multipliesHalves,
      !schedule.isTabled(.output, in: contraction)
    else { return false }
    if schedule.readsRowsInPlace && columnsStayInL1(schedule, on: machine) { return true }
    return k <= mostStreamedDepth
      && schedule.blocking.nc * schedule.blocking.kc * panelElementSize <= machine.l2 / 2
  }

  /// Whether the output may be written past the caches: it is larger than they are, and sums are so short that memory is
  /// what takes the time.
  ///
  /// Measured on Sapphire Rapids in float32, one thread: 8192x24x2040 is 1.8 times as fast past the caches, 8192x48x4096
  /// 1.3, dabfe,fc->edcba with rows of 128 bytes and k = 36 1.75; 2048x24x2048 and 8192x64x4096 are slower.
  func isStreamed(on machine: Machine) -> Bool {
    outputBytes(contraction) > min(Double(machine.l3) / 2, mostKeptBytes) && k <= mostStreamedDepth
  }

  /// Whether a schedule's output is written past the caches: every element is written once, and lines are written whole.
  private func streams(_ schedule: TiledSchedule, on machine: Machine) -> Bool {
    isStreamed(on: machine) && Int(k) <= schedule.blocking.kc && hasWholeLines(schedule)
  }

  /// Whether the output's rows begin and end with cache lines, or follow each other in a block, or are so long that it makes no
  /// difference; where it has no rows, its pieces.
  ///
  /// Measured on Zen 3, `bhqd,bhkd->bhqk` with rows of 487 float32: 60 ms through the caches, with rows of 480 past them 28.
  private func hasWholeLines(_ schedule: TiledSchedule) -> Bool {
    let size = output.elementType.size
    if schedule.isTabled(.output, in: contraction) {
      return schedule.pieces(in: contraction).map { $0.size * size >= page } ?? false
    }
    let columns = schedule.extent(of: .n, in: contraction)
    let row = columns * size
    let isDense =
      columns <= schedule.blocking.nc && schedule.stride(of: .m, in: .output, of: contraction) == columns
    let isAligned = output.strides.allSatisfy { abs($0) == 1 || $0 * size % cacheLine == 0 }
    return row >= page || row % cacheLine == 0 && isAligned || row >= 4 * cacheLine && isDense
  }
}

/// The least number that both divide.
private func leastCommonMultiple(_ a: Int, _ b: Int) -> Int {
  var (divisor, rest) = (a, b)
  while rest > 0 { (divisor, rest) = (rest, divisor % rest) }
  return a / divisor * b
}

/// Products of a part for each of its sums, at least: adding the parts then takes a hundredth of the time.
private let leastPart = 4096

/// Elements of an output that has so few tiles that threads wait for each other.
private let mostOutputOfParts = 16384.0

/// As many parts as long sums have.
private let mostParts = 16

/// Packed panels stay below this, so that the workspace is small too.
private let mostPanelBytes = 8 << 20

/// Memory is read about as fast in runs of so many bytes as in longer ones.
private let longRun = 256

/// Shorter parts of a sum cost more, as the output is read and written for each, than longer runs save.
private let leastDepthAcross = 96

/// A larger output is not in a cache when it is read next, even where many cores share a larger one.
private let mostKeptBytes = 48.0 * 0x1p20

/// Longer sums keep the arithmetic units busy while the output is written.
private let mostStreamedDepth = 48.0
