import EinsumIR

extension Lowering {
  /// A copy whose blocks cover groups of indices: for each block, a loop that brings it to a strip in the output's order,
  /// and one that writes the strip's rows.
  ///
  /// A group is one loop over the product of its extents, in blocks; inside a block, loops over all but its first index.
  mutating func lowerGrouped(_ step: Step, _ schedule: MapSchedule, _ strip: BufferID) -> [Statement] {
    let contraction = step.contraction
    let (input, output) = (contraction.operands[0], contraction.output)
    var outer: [LoopID] = []
    var single: [IndexLoop] = []
    var rows: GroupLoops?
    var columns: GroupLoops?
    for index in schedule.order {
      if schedule.rowIndices.contains(index) {
        if rows != nil { continue }
        let group = groupLoops(schedule.rowIndices, schedule.rowBlock, schedule.shared, contraction)
        outer.append(group.blocks)
        rows = group
      } else if schedule.columnIndices.contains(index) {
        if columns != nil { continue }
        let group = groupLoops(schedule.columnIndices, schedule.columnBlock, schedule.shared, contraction)
        outer.append(group.blocks)
        columns = group
      } else {
        let loop = loop(over: index, of: contraction, isShared: index == schedule.shared)
        outer.append(loop)
        single.append((index, loop))
      }
    }
    guard let rows, let columns else { preconditionFailure("internal: a copy's groups are empty") }

    let pitch = schedule.stripPitch(of: output.elementType)
    /// A block's elements in a tensor: the run of one group, and one index of the other.
    func start(_ tensor: TensorAccess, _ run: GroupLoops, _ other: GroupLoops) -> Affine {
      var start = Affine(0, tensor.terms(single) + [(run.blocks, 1)])
      start.terms += other.terms(in: tensor)
      return start
    }
    let spec = KernelSpec(.copy, output.elementType.copyType, plan.isa)
    let gather = KernelCall(
      spec,
      output: Access(
        strip, Affine(0, columns.inner.map { ($0.loop, 1) }),
        [.init(.stride(pitch), .block(rows.blocks)), .init(.stride(1), columns.firstLength)]),
      inputs: [
        Access(
          BufferID(step.inputs[0]), start(input, rows, columns),
          [
            .init(.stride(1), .block(rows.blocks)),
            .init(.stride(input.stride(of: columns.first) ?? 0), columns.firstLength),
          ])
      ])
    let scatter = KernelCall(
      spec,
      output: Access(
        BufferID(step.output), start(output, columns, rows),
        [
          .init(.stride(output.stride(of: rows.first) ?? 0), rows.firstLength),
          .init(.stride(1), .block(columns.blocks)),
        ]),
      inputs: [
        Access(
          strip, Affine(0, rows.inner.map { ($0.loop, pitch) }),
          [.init(.stride(pitch), rows.firstLength), .init(.stride(1), .block(columns.blocks))])
      ], streams: schedule.streams)
    return nest(
      outer,
      nest(columns.inner.map(\.loop), [.call(gather)]) + nest(rows.inner.map(\.loop), [.call(scatter)]))
  }

  /// The loops of one group.
  private struct GroupLoops {
    let first: Int
    /// Over the whole group, in blocks.
    let blocks: LoopID
    /// Over a block's indices but the first, outermost first, each in steps of all that lies within.
    let inner: [IndexLoop]
    /// The last index, which blocks divide, and how many of its values they hold.
    let last: (index: Int, count: Int)

    /// The elements of a call along the first index: all of them if others follow in the group.
    let firstLength: Length

    /// Where the loops lead in a tensor in which the group is no run.
    func terms(in tensor: TensorAccess) -> [Affine.Term] {
      if inner.isEmpty { return Affine(0, [(blocks, tensor.stride(of: first) ?? 0)]).terms }
      let outer = Affine(blocksOf: blocks, times: last.count * (tensor.stride(of: last.index) ?? 0))
      return inner.reduce(outer.terms) {
        $0 + Affine(blocksOf: $1.loop, times: tensor.stride(of: $1.index) ?? 0).terms
      }
    }
  }

  private mutating func groupLoops(
    _ indices: [Int], _ block: Int, _ shared: Int?, _ contraction: Contraction
  ) -> GroupLoops {
    let extents = indices.map { contraction.indices[$0].extent }
    let label = contraction.names(indices.reversed())
    let blocks = loop(
      .whole(extents.reduce(1, *)), step: block, label: label,
      isShared: shared.map(indices.contains) ?? false)
    var inner: [IndexLoop] = []
    for place in indices.indices.dropFirst().reversed() {
      let step = extents[..<place].reduce(1, *)
      let around = inner.last?.loop ?? blocks
      inner.append(
        (
          indices[place],
          loop(.block(of: around), step: step, label: contraction.names([indices[place]]))
        ))
    }
    let within = extents.dropLast().reduce(1, *)
    return GroupLoops(
      first: indices[0], blocks: blocks, inner: inner, last: (indices[indices.count - 1], block / within),
      firstLength: inner.isEmpty ? .block(blocks) : .constant(extents[0]))
  }
}
