import EinsumIR

/// Whether a product of two tensors of bfloat16 is quickest by instructions that sum their products in float32, rather
/// than converted to float32 as a whole.
func isBestInHalves(_ contraction: Contraction, on machine: Machine) -> Bool {
  guard contraction.multipliesHalves, machine.halfProducts != nil else { return false }
  var step = contraction.inCanonicalOrder().folded()
  if !canRoundSums(of: step) { step.output.elementType = .float32 }
  guard let inHalves = makeHalvesCandidates(for: step, on: machine).map(\.cycles).min() else { return false }
  var wide = step.converted(to: .float32)
  wide.output.elementType = .float32
  let elements = (step.operands + [step.output]).reduce(0) { $0 + step.size(of: $1.indices) }
  let best = ScheduleCandidates(for: wide, .contract, isIntermediate: false, on: machine).best.cycles
  return inHalves < best + elements * conversionCost
}

/// Whether sums over so many products may be rounded to the output where they are formed: in one part.
func canRoundSums(of contraction: Contraction) -> Bool {
  contraction.size(of: IndexRoles(contraction).k) <= Double(longestSum)
}

/// The tiled schedules for a product of two tensors of bfloat16; none where nothing is summed, or where rows need tables.
func makeHalvesCandidates(for contraction: Contraction, on machine: Machine) -> [ScheduleCandidate] {
  let pair = PairProblem(contraction, on: machine)
  let roles = pair.roles
  guard let tile = KernelSpec.tiles(for: contraction, on: machine.isa).first,
    roles.areComplete(in: contraction), pair.k > 1, pair.m * pair.k < mostElements,
    pair.n * pair.k < mostElements, pair.m * pair.n < mostElements,
    !contraction.output.elementType.isHalf || canRoundSums(of: contraction)
  else { return [] }
  let groupings = pair.flatGroups + pair.nestedGroups.suffix(1).filter { $0.across == nil }
  return groupings.compactMap { groups in
    var schedule = TiledSchedule(
      batch: groups.batch, m: groups.m, n: groups.n, k: groups.k, outer: groups.outer,
      rowOperand: pair.rowOperand, tile: tile, blocking: pair.halvesBlocking(groups, tile, machine))
    schedule.readsRowsInPlace = schedule.isContiguousAlongSum(in: contraction)
    if !schedule.readsRowsInPlace && schedule.isTabled(.rows, in: contraction) { return nil }
    let cycles = pair.halvesCycles(of: schedule, on: machine)
    if isWorthSharing(cycles: cycles) { schedule = schedule.shared(in: contraction, on: machine) }
    return ScheduleCandidate(schedule: .tiled(schedule), cycles: cycles)
  }
}

extension PairProblem {
  /// The cache blocks of a product of halves: whole sums up to some length, as parts are added up in memory; rows that
  /// stay in a quarter of L2, where all panels of the columns meet them, and these in another.
  ///
  /// Measured on Sapphire Rapids with AMX: for 512^3 whole sums are 1.3 times as fast as halves, for 1024^3 1.1 times; rows of
  /// 512 KiB are 1.1 times as fast as of 128. Panels in L2 instead of L3 are 1.07 times as fast for 1024^3, 1.02 for 2048^3.
  fileprivate func halvesBlocking(_ groups: TiledGroups, _ tile: Tile, _ machine: Machine) -> Blocking {
    let (m, n, k) = (
      Int(contraction.size(of: groups.m)), Int(contraction.size(of: groups.n)),
      Int(contraction.size(of: groups.k))
    )
    let kc = evenBlock(k, atMost: k <= longestSum ? k + 31 : longestSum / 2, multiple: 32)
    let most = machine.l2 / 4 / (2 * kc)
    return Blocking(
      mc: evenBlock(m, atMost: max(most, tile.mr), multiple: tile.mr), kc: kc,
      nc: evenBlock(n, atMost: max(most, tile.nr), multiple: tile.nr))
  }

  /// The predicted cycles of a product of halves on one thread: tiles, padding included, what is packed, and the output.
  fileprivate func halvesCycles(of schedule: TiledSchedule, on machine: Machine) -> Double {
    let size = { (indices: [Int]) in contraction.size(of: indices) }
    let outerRows = size(schedule.batch) * size(schedule.outer.filter(rows.contains))
    let outerColumns = size(schedule.outer.filter(columns.contains))
    let (m, n, k) = (size(schedule.m), size(schedule.n), size(schedule.k))
    let panels = (n / Double(schedule.tile.nr)).rounded(.up)
    let rowTiles = (m / Double(schedule.tile.mr)).rounded(.up)
    let blocks =
      (m / Double(schedule.blocking.mc)).rounded(.up) * (k / Double(schedule.blocking.kc)).rounded(.up)
    let step = machine.halfProducts == .amx ? amxStepCost : vectorStepCost
    let tiles = panels * (rowTiles * ((k / 32).rounded(.up) * step + tileCost) + blocks * callCost)
    let copies = schedule.readsRowsInPlace ? 0.1 : rowCopyCost(schedule) * outerColumns
    let stores = contraction.output.elementType.isHalf ? 0.05 : 0.1
    let isRow = schedule.stride(of: .n, in: .output, of: contraction) == 1
    return outerRows * outerColumns
      * (tiles + n * k * columnPackCost(schedule) + m * n * (isRow ? stores : 1)) + outerRows * m * k * copies
      + 300
  }

  private func rowCopyCost(_ schedule: TiledSchedule) -> Double {
    let strides = [schedule.m, schedule.k].map { $0.last.flatMap { rowTensor.stride(of: $0) } ?? 1 }
    return strides.contains(1) ? 0.4 : 3
  }

  private func columnPackCost(_ schedule: TiledSchedule) -> Double {
    let strides = [schedule.n, schedule.k].map { $0.last.flatMap { columnTensor.stride(of: $0) } ?? 1 }
    return strides[0] == 1 ? 0.15 : strides[1] == 1 ? 0.3 : 3
  }
}

/// Sums up to this length are formed in one part.
private let longestSum = 2048

/// The cycles of 32x32x32 products: by AMX, whose loads take longer than its products; and by vectors.
private let amxStepCost = 110.0
private let vectorStepCost = 700.0

/// The cycles of a tile's beginning and end, and of a call.
private let tileCost = 150.0
private let callCost = 150.0

/// What converting an element to or from float32 in memory costs, in cycles.
private let conversionCost = 0.25
