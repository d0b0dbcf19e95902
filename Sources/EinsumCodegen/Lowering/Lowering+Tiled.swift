import EinsumIR

extension Lowering {
  /// A pairwise step as the five loops of a blocked matrix product, numbered as in the papers.
  ///
  ///     batch loops, loops over outer m and n
  ///       5  jc  n in blocks of nc              with an index across: a loop jq over blocks of it round this one
  ///       4    pc  k in blocks of kc            the columns' block is packed, unless it is read in place
  ///       3      ic  m in blocks of mc          the rows' block is packed, unless it is read in place
  ///       2        jr  the block of n by nr     with an index across: a loop q over the block of it round this one
  ///       1          ir  the block of m by mr   a register tile; adds to the output from the second pc on
  ///
  /// The last two loops change places where tiles follow each other along rows.
  ///
  /// Where the rows' operand has one block, that is packed before the loops over outer n, which it does not depend on. If
  /// the output streams, tiles go to a block of scratch, which is copied after loop 2, piece by piece if it is in pieces.
  ///
  /// Threads share the outermost loop or loop 5, which leaves nothing in common; or ic, and then they pack the columns'
  /// block together, with a barrier before it is read and another before the next one is packed; or the parts of a long sum,
  /// which are a loop round all others.
  mutating func lowerTiled(_ step: Step, _ schedule: TiledSchedule) -> [Statement] {
    let nest = TiledNest(step, schedule, isa: plan.isa, &self)
    let tables = nest.parts.tables.map { Statement.fillTable($0.value) }.sorted { $0.order < $1.order }
    let isShared = schedule.sharing != nil
    let end = nest.parts.sums.map { total(of: $0, step, isShared: isShared) } ?? []
    return tables + (isShared && !tables.isEmpty ? [.barrier] : []) + nest.statements + end
  }
}

/// The loops of a tiled step and what they hold.
private struct TiledNest {
  let schedule: TiledSchedule
  let isa: ISA
  let parts: TiledParts
  /// Loops round the groups: over batch and outer m, and over outer n.
  var outer: [IndexLoop] = []
  var outerColumns: [IndexLoop] = []
  let jq: LoopID?
  let jc: LoopID
  /// The parts of k, if it has parts.
  let kp: LoopID?
  let pc: LoopID
  /// The threads' shares of the columns' block that they pack along its rows, if they do.
  let js: LoopID?
  /// The panels of the columns' block, or of a share of it.
  let jp: LoopID
  /// The loop over the block of the index across, where its panels are packed one by one.
  let qp: LoopID?
  let ic: LoopID
  let ip: LoopID
  let q: LoopID?
  let jr: LoopID
  let ir: LoopID
  /// The pieces of the output's block, if it is collected in pieces.
  let jo: LoopID?
  /// Whether all rows are packed at once, before the loops over n.
  let hoistsRows: Bool

  init(_ step: Step, _ schedule: TiledSchedule, isa: ISA, _ lowering: inout Lowering) {
    let contraction = step.contraction
    self.schedule = schedule
    self.isa = isa
    parts = TiledParts(step, schedule, &lowering)
    let level = schedule.sharing?.level
    let columnIndices = Set(contraction.operands[1 - schedule.rowOperand].indices)
    for (place, index) in (schedule.batch + schedule.outer).enumerated() {
      let loop = lowering.loop(over: index, of: contraction, isShared: place == 0 && level == .outer)
      if place >= schedule.batch.count && columnIndices.contains(index) {
        outerColumns.append((index, loop))
      } else {
        outer.append((index, loop))
      }
    }
    let blocking = schedule.blocking
    func blocks(of group: PairGroup, step: Int, isShared: Bool = false) -> LoopID {
      lowering.loop(
        .whole(schedule.extent(of: group, in: contraction)), step: step,
        label: contraction.names(schedule.indices(of: group)), isShared: isShared)
    }
    func panels(of outer: LoopID, step: Int, isShared: Bool = false) -> LoopID {
      lowering.loop(
        .block(of: outer), step: step, label: lowering.program[outer].label, isShared: isShared)
    }
    jq = schedule.across.map {
      lowering.loop(over: $0.index, of: contraction, step: $0.block, isShared: level == .n)
    }
    jc = blocks(of: .n, step: blocking.nc, isShared: level == .n && schedule.across == nil)
    kp = schedule.parts.map {
      lowering.loop(over: $0.index, of: contraction, step: $0.length, isShared: level == .k)
    }
    pc = kp.map { panels(of: $0, step: blocking.kc) } ?? blocks(of: .k, step: blocking.kc)
    js =
      level == .m && schedule.packsAlongRows(.columns, in: contraction)
      ? panels(of: jc, step: schedule.columnShare(in: contraction), isShared: true) : nil
    jp = panels(of: js ?? jc, step: schedule.tile.nr, isShared: level == .m && js == nil)
    qp = schedule.packsAcross(in: contraction) ? nil : jq.map { panels(of: $0, step: 1) }
    ic = blocks(of: .m, step: blocking.mc, isShared: level == .m)
    ip = panels(of: ic, step: schedule.tile.mr)
    q = jq.map { panels(of: $0, step: 1) }
    jr = panels(of: jc, step: schedule.tile.nr)
    ir = panels(of: ic, step: schedule.tile.mr)
    let (block, pieces) = (jc, parts.pieces)
    jo = pieces.map { panels(of: block, step: $0.columns) }
    hoistsRows =
      schedule.extent(of: .m, in: contraction) <= blocking.mc
      && schedule.extent(of: .k, in: contraction) <= blocking.kc && level != .m
  }

  /// The block of k as an access to an operand has it.
  private var kBlock: (PairGroup, [LoopID], LoopID) { (.k, (kp.map { [$0] } ?? []) + [pc], pc) }

  var statements: [Statement] {
    let packsRows = schedule.readsRowsInPlace ? [] : [packRows]
    // With one block only, its loop is there for the length.
    let rowsBefore = hoistsRows && !packsRows.isEmpty ? nest([pc, ic], packsRows) : []
    let tileLoops = parts.multipliesHalves ? [jr] : schedule.tilesAlongRows ? [ir, jr] : [jr, ir]
    let tiles =
      nest(tileLoops, [.call(tile)])
      + (parts.outputBlock.map { nest(jo.map { [$0] } ?? [], [.call(copy(from: $0))]) } ?? [])
    let rowBlock: Statement = .loop(
      ic, (hoistsRows ? [] : packsRows) + nest(q.map { [$0] } ?? [], tiles))
    let barrier: [Statement] =
      schedule.sharing?.level == .m && !schedule.readsColumnsInPlace ? [.barrier] : []
    let columnBlock: Statement = .loop(pc, packsColumns + barrier + [rowBlock] + barrier)
    let columnLoops = outerColumns.map(\.loop) + (jq.map { [$0] } ?? []) + [jc]
    return nest(
      outer.map(\.loop) + (kp.map { [$0] } ?? []), rowsBefore + nest(columnLoops, [columnBlock]))
  }

  /// Tiles of halves read rows that are contiguous along k: elsewhere they are laid out so.
  private var packRows: Statement {
    if schedule.packsAlongRows(.rows, in: parts.contraction) { return .call(packPanels(.rows, ic, ip)) }
    guard parts.multipliesHalves else { return .loop(ip, [.call(pack(.rows, ic, ip))]) }
    return .call(
      KernelCall(
        KernelSpec(.copy, .uint16, isa), output: parts.rowBlock(m: ic, k: pc),
        inputs: [parts.access(.rows, outer, [(.m, [ic], ic), kBlock])]))
  }

  private var packsColumns: [Statement] {
    if schedule.readsColumnsInPlace { return [] }
    guard schedule.packsAlongRows(.columns, in: parts.contraction) else {
      return nest((qp.map { [$0] } ?? []) + [jp], [.call(packColumns)])
    }
    return nest(js.map { [$0] } ?? [], [.call(packPanels(.columns, jc, jp))])
  }

  /// All panels of a block, or of a thread's share of one.
  private func packPanels(_ tensor: PairTensor, _ block: LoopID, _ panels: LoopID) -> KernelCall {
    let share = tensor == .columns ? js : nil
    var output = parts.panel(tensor, at: share ?? block, k: pc, q: nil)
    if share == nil { output.start = Affine() }
    output.dimensions.insert(.init(.stride(parts.panelSize(of: tensor)), .blocks(of: panels)), at: 0)
    return KernelCall(
      KernelSpec(.packPanels(width: parts.width(tensor)), parts.type, isa), output: output,
      inputs: [
        parts.access(
          tensor, outer + outerColumns,
          [(parts.group(tensor), [block] + (share.map { [$0] } ?? []), share ?? block), kBlock])
      ])
  }

  private func pack(_ tensor: PairTensor, _ block: LoopID, _ panel: LoopID) -> KernelCall {
    let q = tensor == .columns ? qp : nil
    return KernelCall(
      parts.pack(tensor, isa),
      output: parts.panel(tensor, at: panel, k: pc, q: q),
      inputs: [
        parts.access(
          tensor, outer + outerColumns + loops(across: q),
          [(parts.group(tensor), [block, panel], panel), kBlock])
      ])
  }

  /// The loops over the index across, if there is one, down to one over its block.
  private func loops(across inner: LoopID?) -> [IndexLoop] {
    guard let across = schedule.across, let jq, let inner else { return [] }
    return [(across.index, jq), (across.index, inner)]
  }

  /// The columns' panel of each n, or of each value of the index across.
  private var packColumns: KernelCall {
    guard let across = schedule.across, let jq, qp == nil else { return pack(.columns, jc, jp) }
    var panels = parts.panel(.columns, at: jp, k: pc, q: nil)
    panels.dimensions.insert(.init(.stride(parts.panelSize(of: .columns)), .block(jq)), at: 0)
    var source = parts.access(
      .columns, outer + outerColumns + [(across.index, jq)], [(.n, [jc, jp], jp), kBlock])
    source.dimensions.insert(.init(.stride(1), .block(jq)), at: 0)
    return KernelCall(KernelSpec(.packAcross, parts.type, isa), output: panels, inputs: [source])
  }

  /// The loops that the output depends on besides those of m and n.
  private var outputLoops: [IndexLoop] { outer + outerColumns + loops(across: q) }

  /// All rows of a block times one panel.
  private var halvesTile: KernelCall {
    let rows =
      schedule.readsRowsInPlace
      ? parts.access(.rows, outer, [(.m, [ic], ic), kBlock]) : parts.rowBlock(m: ic, k: pc)
    let type = parts.outputType
    return KernelCall(
      KernelSpec(.tileHalves(schedule.tile, parts.addressing(.output)), type, isa),
      output: parts.access(.output, outputLoops, [(.m, [ic], ic), (.n, [jc, jr], jr)]),
      inputs: [rows, parts.panel(.columns, at: jr, k: pc, q: q)],
      accumulatesAfterFirst: type.isHalf ? [] : [pc])
  }

  private var tile: KernelCall {
    if parts.multipliesHalves { return halvesTile }
    let rows =
      schedule.readsRowsInPlace
      ? parts.access(.rows, outer, [(.m, [ic, ir], ir), kBlock])
      : parts.panel(.rows, at: ir, k: pc, q: nil)
    let columns =
      schedule.readsColumnsInPlace
      ? parts.access(.columns, outer + outerColumns, [kBlock, (.n, [jc, jr], jr)])
      : parts.panel(.columns, at: jr, k: pc, q: q)
    let inputs = [rows, columns]
    func kind(_ addressing: KernelKind.Addressing) -> KernelKind {
      if parts.multipliesPairs { return .tilePairs(schedule.tile, addressing) }
      return schedule.readsRowsInPlace
        ? .tileInPlace(schedule.tile, addressing) : .tile(schedule.tile, addressing)
    }
    guard let block = parts.outputBlock else {
      var output = parts.access(.output, outputLoops, [(.m, [ic, ir], ir), (.n, [jc, jr], jr)])
      if let kp, let sums = parts.sums {
        output.start.terms += Affine(blocksOf: kp, times: sums.scratch.totalCount).terms
      }
      return KernelCall(
        KernelSpec(kind(parts.addressing(.output)), parts.type, isa),
        output: output, inputs: inputs, accumulatesAfterFirst: [pc])
    }
    return KernelCall(
      KernelSpec(kind(parts.addressing(.output)), parts.type, isa),
      output: Access(
        block, parts.pieces == nil ? Affine(0, [(ir, schedule.blocking.nc), (jr, 1)]) : Affine(),
        [
          .init(parts.walk(.m, at: ir, stride: schedule.blocking.nc), .block(ir)),
          .init(parts.walk(.n, at: jr, stride: 1), .block(jr)),
        ]),
      inputs: inputs)
  }

  /// Writes a block of the output, or a piece of one.
  private func copy(from block: BufferID) -> KernelCall {
    let spec = KernelSpec(.copy, parts.type.copyType, isa)
    guard let pieces = parts.pieces, let jo else {
      return KernelCall(
        spec, output: parts.access(.output, outputLoops, [(.m, [ic], ic), (.n, [jc], jc)]),
        inputs: [
          Access(
            block, Affine(),
            [.init(.stride(schedule.blocking.nc), .block(ic)), .init(.stride(1), .block(jc))])
        ],
        streams: true)
    }
    // A loop over n steps by whole pieces here.
    let step = pieces.stride / pieces.columns
    let dimensions: [Access.Dimension] = [
      .init(.stride(pieces.columns), .block(ic)), .init(.stride(1), .block(jo)),
    ]
    let terms = schedule.access(.output, in: parts.contraction).terms(outputLoops)
    let output = BufferID(schedule.number(of: .output, in: parts.step))
    return KernelCall(
      spec,
      output: Access(output, Affine(0, terms + [(ic, pieces.columns), (jc, step), (jo, step)]), dimensions),
      inputs: [Access(block, Affine(0, [(jo, pieces.size / pieces.columns)]), dimensions)], streams: true)
  }
}

extension Statement {
  /// Tables are filled in the order of their buffers, so that text is stable.
  fileprivate var order: Int {
    if case .fillTable(let buffer) = self { return buffer.number }
    return 0
  }
}
