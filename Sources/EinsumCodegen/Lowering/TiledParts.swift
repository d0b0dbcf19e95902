import EinsumIR

/// The buffers of a tiled step, and how each of its tensors is reached.
struct TiledParts {
  struct TableKey: Hashable {
    let tensor: PairTensor
    let group: PairGroup
  }

  let step: Step
  let schedule: TiledSchedule
  /// The type of the kernels.
  let type: ElementType
  let rowPanel: BufferID
  let columnPanel: BufferID
  /// Where tiles are collected, if the output streams.
  let outputBlock: BufferID?
  /// The sums of the parts of k, if it has parts.
  let sums: Lowering.PartialSums?
  /// What the output consists of, if it is collected in pieces.
  let pieces: OutputPieces?
  var tables: [TableKey: BufferID] = [:]

  init(_ step: Step, _ schedule: TiledSchedule, _ lowering: inout Lowering) {
    let contraction = step.contraction
    self.step = step
    self.schedule = schedule
    type = contraction.computeType.kernelType
    let scratch = schedule.scratch(for: contraction)
    let base = step.scratchOffset
    let component = ProgramBuffer.Content.elements(contraction.panelType.componentType)
    rowPanel = lowering.buffer(
      "rows", at: base + scratch.rowPanelOffset, threadStride: scratch.threadStride, component,
      count: scratch.rowPanelCount)
    columnPanel = lowering.buffer(
      "columns", at: base + scratch.columnPanelOffset,
      threadStride: schedule.sharesColumnPanel ? 0 : scratch.threadStride, component,
      count: scratch.columnPanelCount)
    outputBlock =
      !schedule.streams
      ? nil
      : lowering.buffer(
        "block", at: base + scratch.outputBlockOffset, threadStride: scratch.threadStride,
        .elements(type), count: scratch.outputBlockCount)
    sums = schedule.parts.map { given in
      lowering.sums(of: step, in: PartsScratch(given, contraction), at: base + scratch.partsOffset)
    }
    pieces = schedule.streams ? schedule.pieces(in: contraction) : nil
    for placement in scratch.tables {
      let access = schedule.access(placement.tensor, in: contraction)
      var table = OffsetTable(
        schedule.indices(of: placement.group).map {
          (contraction.indices[$0].extent, access.stride(of: $0) ?? 0)
        })
      if placement.tensor == .output, let pieces {
        table = OffsetTable(
          placement.group == .m
            ? [(placement.count, pieces.columns)] : [(pieces.count, pieces.size), (pieces.columns, 1)])
      }
      tables[TableKey(tensor: placement.tensor, group: placement.group)] = lowering.buffer(
        "offsets", at: base + placement.offset, .offsets(table), count: placement.count)
    }
  }

  var contraction: Contraction { step.contraction }

  func group(_ tensor: PairTensor) -> PairGroup { tensor == .rows ? .m : .n }

  var multipliesPairs: Bool { contraction.multipliesPairs }
  var multipliesHalves: Bool { contraction.multipliesHalves }
  var outputType: ElementType { contraction.output.elementType }

  /// The kernel that packs a tensor.
  func pack(_ tensor: PairTensor, _ isa: ISA) -> KernelSpec {
    let (width, addressing) = (width(tensor), addressing(tensor))
    return multipliesPairs || multipliesHalves
      ? KernelSpec(.packPairs(width: width, addressing), .uint16, isa)
      : KernelSpec(.pack(width: width, addressing), type, isa)
  }

  func width(_ tensor: PairTensor) -> Int { tensor == .rows ? schedule.tile.mr : schedule.tile.nr }

  func addressing(_ tensor: PairTensor) -> KernelKind.Addressing {
    schedule.isTabled(tensor, in: contraction) ? .tabled : .strided
  }

  /// How a tile walks through a block of the output where a loop stands.
  func walk(_ group: PairGroup, at loop: LoopID, stride: Int) -> Walk {
    tables[TableKey(tensor: .output, group: group)].map { .table($0, position: Affine(0, [(loop, 1)])) }
      ?? .stride(stride)
  }

  /// The components of one panel.
  func panelSize(of tensor: PairTensor) -> Int {
    schedule.blocking.kc * width(tensor) * type.componentCount
  }

  /// A block of rows as tiles of halves read it: one after the other, `kc` elements apart.
  func rowBlock(m: LoopID, k: LoopID) -> Access {
    Access(
      rowPanel, Affine(),
      [.init(.stride(schedule.blocking.kc), .block(m)), .init(.stride(1), .block(k))])
  }

  /// A tensor over a block of two groups; each group is given by the loops that add up to its position, and the loop
  /// whose block is the kernel's.
  func access(
    _ tensor: PairTensor, _ outer: [IndexLoop],
    _ groups: [(group: PairGroup, position: [LoopID], block: LoopID)]
  ) -> Access {
    let sums = tensor == .output ? sums : nil
    let strides = sums?.access ?? schedule.access(tensor, in: contraction)
    var terms = strides.terms(outer)
    var dimensions: [Access.Dimension] = []
    for (group, position, block) in groups {
      if let table = tables[TableKey(tensor: tensor, group: group)] {
        let start = Affine(0, position.map { ($0, 1) })
        dimensions.append(.init(.table(table, position: start), .block(block)))
      } else {
        let stride = schedule.stride(of: schedule.indices(of: group), in: strides, of: contraction) ?? 0
        terms += position.map { ($0, stride) }
        dimensions.append(.init(.stride(stride), .block(block)))
      }
    }
    let buffer = sums?.buffer ?? BufferID(schedule.number(of: tensor, in: step))
    return Access(buffer, Affine(0, terms), dimensions)
  }

  /// The panel that begins at a loop's position in its block: whole panels of `kc` columns lie one after the other; with
  /// panels across, all of these before those of the next position.
  func panel(_ tensor: PairTensor, at loop: LoopID, k: LoopID, q: LoopID?) -> Access {
    let components = type.componentCount
    let width = width(tensor) * components
    let count = tensor == .columns ? schedule.across?.block ?? 1 : 1
    return Access(
      tensor == .rows ? rowPanel : columnPanel,
      Affine(
        0,
        [(loop, schedule.blocking.kc * components * count)]
          + (q.map { [($0, panelSize(of: .columns))] } ?? [])),
      [.init(.stride(width), .block(k)), .init(.stride(1), .constant(width))])
  }
}
