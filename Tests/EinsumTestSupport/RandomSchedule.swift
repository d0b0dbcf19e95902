package import EinsumIR

extension Plan {
  /// This plan with another legal schedule for each step, drawn at random, for a number of threads drawn at random, and
  /// room for what they need.
  ///
  /// Scratch goes behind all intermediates, one area for all steps.
  package func rescheduled(using random: inout SplitMix64) -> Plan {
    var plan = self
    let scratch =
      tensors.map { tensor in
        guard case .workspace(let start) = tensor.place else { return 0 }
        return WorkspaceAlignment.rounded(start + tensor.span.count * tensor.elementType.size)
      }.max() ?? 0
    plan.workspaceSize = scratch
    plan.threads = random.pick([1, 1, 2, 3, 7])
    for number in plan.steps.indices {
      let step = plan.steps[number]
      let canBeTiled =
        !step.contraction.needsStages || step.contraction.multipliesPairs
        || step.contraction.multipliesHalves && isa == .avx512
      let tiled =
        step.operation == .contract && canBeTiled && random.oneIn(2)
        ? random.tiledSchedule(for: step.contraction, on: isa, threads: plan.threads) : nil
      let batched =
        tiled == nil && step.operation == .contract && !step.contraction.needsStages && !random.oneIn(3)
        ? random.batchedSchedule(for: step.contraction, threads: plan.threads) : nil
      plan.steps[number].schedule =
        batched.map { .batched($0) } ?? tiled.map { .tiled($0) }
        ?? (step.contraction.roundsSums ? step.schedule : nil)
        ?? .map(random.mapSchedule(for: step.contraction, threads: plan.threads))
      let size = plan.steps[number].scratchSize(threads: plan.threads)
      plan.steps[number].scratchOffset = size == 0 ? 0 : scratch
      plan.workspaceSize = max(plan.workspaceSize, size == 0 ? 0 : scratch + size)
    }
    if !plan.steps.contains(where: \.schedule.isShared) { plan.threads = 1 }
    return plan
  }
}

extension Contraction {
  /// Whether sums are rounded where they are formed, as only tiles of halves do.
  fileprivate var roundsSums: Bool {
    multipliesHalves && output.elementType.isHalf && !summed.isEmpty
  }
}

extension SplitMix64 {
  /// A legal map schedule: indices in any order, in blocks of any size.
  package mutating func mapSchedule(for contraction: Contraction, threads: Int = 1) -> MapSchedule {
    let blocks = [1, 1, 2, 3, 7, 16, 33, 1024]
    let kept = contraction.indices.indices.filter { contraction.output.stride(of: $0) ?? 0 != 0 }
    let indices = Array(contraction.indices.indices)
    let kernel = shuffled(indices).prefix(number(0...2))
    let parts =
      contraction.summed.isEmpty || oneIn(2) ? nil : parts(of: pick(contraction.summed), contraction)
    let isShared = threads > 1 && !oneIn(4)
    let converted = converted(contraction)
    let copied = contraction.operands.indices.filter { !converted.contains($0) && oneIn(3) }
    let schedule = MapSchedule(
      order: shuffled(indices), rows: kernel.first, columns: kernel.dropFirst().first, rowBlock: pick(blocks),
      columnBlock: pick(blocks), streams: contraction.summed.isEmpty && oneIn(2),
      copied: copied, converted: converted,
      shared: isShared ? parts?.index ?? (kept.isEmpty ? nil : pick(kept)) : nil, parts: parts)
    return oneIn(2) ? grouped(schedule, contraction) : schedule
  }

  /// With blocks of a copy over groups of indices, if two of its runs allow that.
  private mutating func grouped(_ schedule: MapSchedule, _ contraction: Contraction) -> MapSchedule {
    guard contraction.operands.count == 1, contraction.summed.isEmpty, schedule.staged.isEmpty,
      contraction.operands[0].elementType == contraction.output.elementType,
      contraction.indices.allSatisfy({ $0.extent > 0 })
    else { return schedule }
    let (input, output) = (contraction.operands[0], contraction.output)
    let indices = contraction.indices.indices
    guard let rows = indices.first(where: { input.stride(of: $0) == 1 }),
      let columns = indices.first(where: { output.stride(of: $0) == 1 }), rows != columns
    else { return schedule }
    var result = schedule
    (result.rows, result.columns) = (rows, columns)
    (result.rowGroup, result.rowBlock) = group(rows, input, besides: [columns], contraction)
    (result.columnGroup, result.columnBlock) = group(
      columns, output, besides: [rows] + result.rowGroup, contraction)
    return result.isGrouped ? result : schedule
  }

  /// Some indices that follow one in memory, and how many elements a block has along it and them.
  private mutating func group(
    _ first: Int, _ tensor: TensorAccess, besides others: [Int], _ contraction: Contraction
  ) -> ([Int], Int) {
    var group: [Int] = []
    var (length, last) = (1, first)
    while let next = contraction.indices.indices.first(where: {
      tensor.stride(of: $0) == length * contraction.indices[last].extent
        && $0 != first && !group.contains($0) && !others.contains($0)
    }), !oneIn(3) {
      length *= contraction.indices[last].extent
      group.append(next)
      last = next
    }
    return (group, max(1, length * pick([1, 2, 3, contraction.indices[last].extent])))
  }

  /// Parts of any length for the sum over an index; nil where it takes no value.
  private mutating func parts(of index: Int, _ contraction: Contraction) -> SumParts? {
    let extent = contraction.indices[index].extent
    return extent < 1 ? nil : SumParts(index: index, length: min(extent, pick([1, 2, 3, 7, extent])))
  }

  /// The operands that must be converted, and some others.
  private mutating func converted(_ contraction: Contraction) -> [Int] {
    contraction.converted(
      besides: contraction.operands.indices.filter { number in
        let type = contraction.operands[number].elementType
        return type != contraction.computeType
          && [type, type.computeType].contains { $0.sharesKernels(with: contraction.computeType) } && oneIn(3)
      })
  }

  /// A legal tiled schedule, or nil where some index has no role in a matrix product.
  package mutating func tiledSchedule(
    for contraction: Contraction, on isa: ISA, threads: Int = 1
  ) -> TiledSchedule? {
    let rowOperand = number(0...1)
    let rows = Set(contraction.operands[rowOperand].indices)
    let columns = Set(contraction.operands[1 - rowOperand].indices)
    let output = Set(contraction.output.indices)
    var (batch, m, n, k): ([Int], [Int], [Int], [Int]) = ([], [], [], [])
    for index in shuffled(Array(contraction.indices.indices)) {
      switch (rows.contains(index), columns.contains(index), output.contains(index)) {
      case (true, true, true): batch.append(index)
      case (true, false, true): m.append(index)
      case (false, true, true): n.append(index)
      case (true, true, false): k.append(index)
      case (true, false, false), (false, _, _): return nil
      }
    }
    // Some indices of m and n run in loops of their own, one perhaps with panels across, a contiguous one if there is.
    let operand = contraction.operands[1 - rowOperand]
    let unit = n.firstIndex { operand.stride(of: $0) == 1 }
    let place = oneIn(2) ? unit ?? n.indices.first : nil
    let across = place.map { Across(n[$0], block: pick([1, 2, 5, 16, 40])) }
    let isSplit = oneIn(3) || across != nil
    var outerM = isSplit ? Array(m.dropFirst(1)) : []
    var outerN = isSplit ? Array(n.filter { $0 != across?.index }.dropFirst(1)) : []
    let tile = pick(KernelSpec.tiles(for: contraction, on: isa))
    var columnBlock = tile.nr * number(1...3)
    // Or the output is in pieces: its columns, then all rows, for each value of another index of n.
    if across == nil, oneIn(2), let column = n.first(where: { contraction.output.stride(of: $0) == 1 }),
      let next = n.first(where: { $0 != column }),
      let row = m.first(where: { contraction.output.stride(of: $0) == contraction.indices[column].extent })
    {
      outerM = m.filter { $0 != row }
      outerN = n.filter { $0 != column && $0 != next }
      n = outerN + [next, column]
      columnBlock *= contraction.indices[column].extent
    }
    m.removeAll { outerM.contains($0) }
    n.removeAll { outerN.contains($0) || $0 == across?.index }
    let isInPairs = contraction.multipliesPairs || contraction.multipliesHalves
    var depth = pick(isInPairs ? [2, 4, 8, 16, 64, 300] : [1, 2, 3, 5, 8, 16, 64, 300])
    if contraction.roundsSums { depth = 2 * k.reduce(1) { $0 * max(contraction.indices[$1].extent, 1) } }
    let blocking = Blocking(mc: tile.mr * number(1...3), kc: depth, nc: columnBlock)
    let level = pick(batch.isEmpty ? [Sharing.Level.m, .n] : [.m, .n, .outer])
    var schedule = TiledSchedule(
      batch: batch, m: m, n: n, k: k, outer: outerM + outerN, across: across, rowOperand: rowOperand,
      tile: tile, blocking: blocking,
      sharing: threads > 1 && !oneIn(4) ? Sharing(level, threads: threads) : nil)
    schedule.readsRowsInPlace = !oneIn(3)
    if !schedule.violations(for: contraction, on: isa).isEmpty { schedule.readsRowsInPlace = false }
    schedule.readsColumnsInPlace = !oneIn(3)
    if !schedule.violations(for: contraction, on: isa).isEmpty { schedule.readsColumnsInPlace = false }
    schedule.tilesAlongRows = oneIn(2) && !contraction.multipliesHalves
    schedule.streams = !oneIn(3)
    if !schedule.violations(for: contraction, on: isa).isEmpty { schedule.streams = false }
    if sharedParts(&schedule, contraction, on: isa, threads: threads) { return schedule }
    // Rows of halves that need tables cannot be laid out.
    if contraction.multipliesHalves && !schedule.violations(for: contraction, on: isa).isEmpty { return nil }
    return schedule
  }

  /// Gives a schedule parts of its sum now and then, which threads may share; whether that is legal.
  private mutating func sharedParts(
    _ schedule: inout TiledSchedule, _ contraction: Contraction, on isa: ISA, threads: Int
  ) -> Bool {
    guard let index = schedule.k.first, oneIn(2), let parts = parts(of: index, contraction) else {
      return false
    }
    var result = schedule
    result.parts = parts
    result.streams = false
    if threads > 1 && !oneIn(3) { result.sharing = Sharing(.k, threads: threads) }
    if !result.violations(for: contraction, on: isa).isEmpty { return false }
    schedule = result
    return true
  }

  /// A legal batched schedule: any index in any role that it may have, or in a loop outside, and copies of what the
  /// kernel could not reach and some of the rest.
  package mutating func batchedSchedule(for contraction: Contraction, threads: Int = 1) -> BatchedSchedule {
    let rowOperand = number(0...1)
    let (rows, columns) = (contraction.operands[rowOperand], contraction.operands[1 - rowOperand])
    let output = contraction.output
    var rest = shuffled(Array(contraction.indices.indices))
    func take(_ isFit: (Int) -> Bool) -> Int? {
      if oneIn(5) { return nil }
      return rest.firstIndex(where: isFit).map { rest.remove(at: $0) }
    }
    let n = take { output.stride(of: $0) != nil && rows.stride(of: $0) == nil }
    let m = take { output.stride(of: $0) != nil && columns.stride(of: $0) == nil }
    let k = take { output.stride(of: $0) == nil }
    let batch = take { output.stride(of: $0) != nil }
    let isReal = contraction.computeType.kernelType.numberClass == .real
    var schedule = BatchedSchedule(
      kernel: pick(isReal ? [.columns, .lanes, .dots] : [.columns, .lanes]), outer: rest, batch: batch, m: m,
      n: n, k: k,
      rowOperand: rowOperand, batchBlock: pick([1, 2, 3, 7, 40]))
    let shareable = (rest + [batch].compactMap(\.self)).filter { output.stride(of: $0) ?? 0 != 0 }
    if threads > 1 && !shareable.isEmpty && !oneIn(4) {
      schedule.shared = pick(shareable)
      schedule.threads = threads
    }
    schedule.copied = Set(
      PairTensor.allCases.filter { !schedule.isReachable($0, in: contraction) || oneIn(3) })
    return schedule
  }
}
