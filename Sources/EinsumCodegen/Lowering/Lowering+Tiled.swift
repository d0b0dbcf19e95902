import EinsumIR

extension Lowering {
  /// A pairwise step as the five loops of a blocked matrix product, numbered as in the papers.
  ///
  ///     batch loops
  ///       5  jc  n in blocks of nc
  ///       4    pc  k in blocks of kc            the columns' block is packed
  ///       3      ic  m in blocks of mc          the rows' block is packed
  ///       2        jr  the block of n by nr
  ///       1          ir  the block of m by mr   a register tile; adds to the output from the second pc on
  ///
  /// Threads share the outermost batch loop or jc, which leaves nothing in common; or ic, and then they pack the columns'
  /// block together, with a barrier before it is read and another before the next one is packed.
  mutating func lowerTiled(_ step: Step, _ schedule: TiledSchedule) -> [Statement] {
    let contraction = step.contraction
    let parts = TiledParts(step, schedule, &self)
    let level = schedule.sharing?.level
    let batch = schedule.batch.enumerated().map { place, index in
      let range = Loop.Range.whole(contraction.indices[index].extent)
      let isShared = place == 0 && level == .batch
      return (index: index, loop: loop(range, step: 1, label: contraction.names([index]), isShared: isShared))
    }
    let blocking = schedule.blocking
    func blocks(of group: PairGroup, step: Int, isShared: Bool = false) -> LoopID {
      loop(
        .whole(schedule.extent(of: group, in: contraction)), step: step,
        label: contraction.names(schedule.indices(of: group)), isShared: isShared)
    }
    func panels(of outer: LoopID, step: Int, isShared: Bool = false) -> LoopID {
      loop(.block(of: outer), step: step, label: program[outer].label, isShared: isShared)
    }
    let jc = blocks(of: .n, step: blocking.nc, isShared: level == .n)
    let pc = blocks(of: .k, step: blocking.kc)
    let jp = panels(of: jc, step: schedule.tile.nr, isShared: level == .m)
    let ic = blocks(of: .m, step: blocking.mc, isShared: level == .m)
    let ip = panels(of: ic, step: schedule.tile.mr)
    let jr = panels(of: jc, step: schedule.tile.nr)
    let ir = panels(of: ic, step: schedule.tile.mr)

    func pack(_ tensor: PairTensor, _ block: LoopID, _ panel: LoopID) -> KernelCall {
      KernelCall(
        KernelSpec(.pack(width: parts.width(tensor), parts.addressing(tensor)), parts.type, plan.isa),
        output: parts.panel(tensor, at: panel, k: pc),
        inputs: [
          parts.access(
            tensor, batch, [(parts.group(tensor), [block, panel], panel), (.k, [pc], pc)])
        ])
    }
    let tile = KernelCall(
      KernelSpec(.tile(schedule.tile, parts.addressing(.output)), parts.type, plan.isa),
      output: parts.access(.output, batch, [(.m, [ic, ir], ir), (.n, [jc, jr], jr)]),
      inputs: [parts.panel(.rows, at: ir, k: pc), parts.panel(.columns, at: jr, k: pc)],
      accumulatesAfterFirst: [pc])

    let rowBlock: Statement = .loop(
      ic,
      [.loop(ip, [.call(pack(.rows, ic, ip))])] + nest([jr, ir], [.call(tile)]))
    let barrier: [Statement] = level == .m ? [.barrier] : []
    let kBlock: Statement = .loop(
      pc, [.loop(jp, [.call(pack(.columns, jc, jp))])] + barrier + [rowBlock] + barrier)
    let tables = parts.tables.map { Statement.fillTable($0.value) }.sorted { $0.order < $1.order }
    return tables + (level == nil || tables.isEmpty ? [] : [.barrier])
      + nest(batch.map(\.loop) + [jc], [kBlock])
  }
}

extension Statement {
  /// Tables are filled in the order of their buffers, so that text is stable.
  fileprivate var order: Int {
    if case .fillTable(let buffer) = self { return buffer.number }
    return 0
  }
}

/// The buffers of a tiled step, and how each of its tensors is reached.
private struct TiledParts {
  struct TableKey: Hashable {
    let tensor: PairTensor
    let group: PairGroup
  }

  let contraction: Contraction
  let schedule: TiledSchedule
  /// The type of the kernels.
  let type: ElementType
  let rowPanel: BufferID
  let columnPanel: BufferID
  var tables: [TableKey: BufferID] = [:]
  /// The program's buffer for each tensor.
  let buffers: [PairTensor: BufferID]

  init(_ step: Step, _ schedule: TiledSchedule, _ lowering: inout Lowering) {
    contraction = step.contraction
    self.schedule = schedule
    type = contraction.computeType.kernelType
    let scratch = schedule.scratch(for: contraction)
    let base = step.scratchOffset
    let component = ProgramBuffer.Content.elements(type.componentType)
    rowPanel = lowering.buffer(
      "rows", at: base + scratch.rowPanelOffset, threadStride: scratch.threadStride, component,
      count: scratch.rowPanelCount)
    columnPanel = lowering.buffer(
      "columns", at: base + scratch.columnPanelOffset,
      threadStride: schedule.sharesColumnPanel ? 0 : scratch.threadStride, component,
      count: scratch.columnPanelCount)
    buffers = [
      .rows: BufferID(step.inputs[schedule.rowOperand]),
      .columns: BufferID(step.inputs[1 - schedule.rowOperand]),
      .output: BufferID(step.output),
    ]
    for placement in scratch.tables {
      let access = schedule.access(placement.tensor, in: contraction)
      let table = OffsetTable(
        schedule.indices(of: placement.group).map {
          (contraction.indices[$0].extent, access.stride(of: $0) ?? 0)
        })
      tables[TableKey(tensor: placement.tensor, group: placement.group)] = lowering.buffer(
        "offsets", at: base + placement.offset, .offsets(table), count: placement.count)
    }
  }

  func group(_ tensor: PairTensor) -> PairGroup { tensor == .rows ? .m : .n }

  func width(_ tensor: PairTensor) -> Int { tensor == .rows ? schedule.tile.mr : schedule.tile.nr }

  func addressing(_ tensor: PairTensor) -> KernelKind.Addressing {
    schedule.isTabled(tensor, in: contraction) ? .tabled : .strided
  }

  /// A tensor over a block of two groups; each group is given by the loops that add up to its position, and the loop
  /// whose block is the kernel's.
  func access(
    _ tensor: PairTensor, _ batch: [(index: Int, loop: LoopID)],
    _ groups: [(group: PairGroup, position: [LoopID], block: LoopID)]
  ) -> Access {
    let strides = schedule.access(tensor, in: contraction)
    var terms = batch.map { ($0.loop, strides.stride(of: $0.index) ?? 0) }
    var dimensions: [Access.Dimension] = []
    for (group, position, block) in groups {
      if let table = tables[TableKey(tensor: tensor, group: group)] {
        let start = Affine(0, position.map { ($0, 1) })
        dimensions.append(.init(.table(table, position: start), .block(block)))
      } else {
        let stride = schedule.stride(of: group, in: tensor, of: contraction) ?? 0
        terms += position.map { ($0, stride) }
        dimensions.append(.init(.stride(stride), .block(block)))
      }
    }
    return Access(buffers[tensor] ?? rowPanel, Affine(0, terms), dimensions)
  }

  /// The panel that begins at a loop's position in its block: whole panels of `kc` columns lie one after the other.
  func panel(_ tensor: PairTensor, at loop: LoopID, k: LoopID) -> Access {
    let components = type.componentCount
    let width = width(tensor) * components
    return Access(
      tensor == .rows ? rowPanel : columnPanel,
      Affine(0, [(loop, schedule.blocking.kc * components)]),
      [.init(.stride(width), .block(k)), .init(.stride(1), .constant(width))])
  }
}
