import EinsumIR

extension Lowering {
  /// A step as one loop nest whose innermost two dimensions run inside row-by-column kernels, one for each stage; as
  /// several of them where its sum is formed in parts.
  mutating func lowerMap(_ step: Step, _ schedule: MapSchedule) -> [Statement] {
    switch step.operation {
    case .zero, .convert, .conjugate: return lowerMove(step, schedule)
    case .sum, .contract: break
    }
    let stages = MapStages(schedule, of: step.contraction)
    let threadStride = schedule.shared == nil ? 0 : stages.size
    let strips = stages.strips.map { strip in
      buffer(
        "strip", at: step.scratchOffset + strip.offset, threadStride: threadStride,
        .elements(strip.elementType), count: strip.rows * strip.columns)
    }
    if schedule.isGrouped { return lowerGrouped(step, schedule, strips[0]) }
    if let parts = schedule.parts { return lowerParts(step, schedule, parts, stages, strips) }
    let target = Target(access: step.contraction.output, buffer: BufferID(step.output))
    return lowerStages(step, schedule, stages, strips, to: target)
  }

  /// Where a nest's results go.
  struct Target {
    var access: TensorAccess
    var buffer: BufferID
    /// The loop over the parts of the sum, each of which has results of its own, and how many elements these are.
    var parts: (index: Int, loop: LoopID, size: Int)?
  }

  /// The loops of a schedule, outermost first, and the two dimensions of its kernels.
  private struct Nest {
    var loops: [IndexLoop]
    var dimensions: [(index: Int?, length: Length)]

    var lengths: [Length] { dimensions.map(\.length) }

    func access(_ tensor: TensorAccess, _ buffer: BufferID, _ lengths: [Length]) -> Access {
      Access(
        buffer, Affine(0, tensor.terms(loops)),
        zip(dimensions, lengths).map { .init(.stride($0.index.flatMap(tensor.stride) ?? 0), $1) })
    }
  }

  private mutating func makeNest(
    _ contraction: Contraction, _ schedule: MapSchedule, parts: (index: Int, loop: LoopID, size: Int)? = nil
  ) -> Nest {
    let inner: [IndexLoop] = schedule.order.map { index in
      let block =
        index == schedule.rows ? schedule.rowBlock : index == schedule.columns ? schedule.columnBlock : 1
      if let parts, parts.index == index {
        return (index, loop(.block(of: parts.loop), step: block, label: contraction.names([index])))
      }
      return (index, loop(over: index, of: contraction, step: block, isShared: index == schedule.shared))
    }
    let dimensions: [(index: Int?, length: Length)] = [schedule.rows, schedule.columns].map { index in
      let loop = inner.first { $0.index == index }?.loop
      return (index, loop.map { .block($0) } ?? .constant(1))
    }
    return Nest(loops: (parts.map { [($0.index, $0.loop)] } ?? []) + inner, dimensions: dimensions)
  }

  /// A step that writes or moves one tensor.
  private mutating func lowerMove(_ step: Step, _ schedule: MapSchedule) -> [Statement] {
    let contraction = step.contraction
    let type = contraction.output.elementType
    let spec: KernelSpec =
      switch step.operation {
      case .convert: KernelSpec(.convert(from: contraction.operands[0].elementType), type, plan.isa)
      case .conjugate: KernelSpec(.conjugate, type.kernelType, plan.isa)
      case .zero, .sum, .contract: KernelSpec(.zero, type.kernelType, plan.isa)
      }
    let nest = makeNest(contraction, schedule)
    let call = KernelCall(
      spec, output: nest.access(contraction.output, BufferID(step.output), nest.lengths),
      inputs: zip(contraction.operands, step.inputs).map {
        nest.access($0, BufferID($1), nest.lengths)
      })
    return EinsumCodegen.nest(nest.loops.map(\.loop), [.call(call)])
  }

  /// The nest of a product or a sum, with a kernel call for each stage.
  mutating func lowerStages(
    _ step: Step, _ schedule: MapSchedule, _ stages: MapStages, _ strips: [BufferID], to target: Target
  ) -> [Statement] {
    let nest = makeNest(step.contraction, schedule, parts: target.parts)
    let staged = StagedNest(
      nest: nest, step: step, streams: schedule.streams, strips: Array(zip(stages.strips, strips)),
      target: target, isa: plan.isa)
    return EinsumCodegen.nest(nest.loops.map(\.loop), stages.stages.map { .call(staged.call($0)) })
  }

  /// The kernel calls of a nest in stages.
  private struct StagedNest {
    let nest: Nest
    let step: Step
    let streams: Bool
    let strips: [(strip: MapStrip, buffer: BufferID)]
    let target: Target
    let isa: ISA

    private var contraction: Contraction { step.contraction }

    func call(_ stage: MapStage) -> KernelCall {
      let lengths = lengths(of: stage)
      let output = access(stage.output, lengths)
      let inputs = stage.inputs.map { access($0, lengths) }
      let type = contraction.computeType
      let spec =
        switch stage.kind {
        case .copy: KernelSpec(.copy, output.type.copyType, isa)
        case .convert: KernelSpec(.convert(from: inputs[0].type), output.type, isa)
        case .tripleProduct: KernelSpec(.tripleProduct, type.kernelType, isa)
        case .sum: arithmetic(KernelKind.sum(of: inputs[0].type, in: type), .sum, output.type)
        case .product:
          arithmetic(
            KernelKind.product(of: inputs[0].type, by: inputs[1].type, in: type, to: output.type), .product,
            output.type)
        }
      let isLast = stage.output == .output
      return KernelCall(
        spec, output: output.access, inputs: inputs.map(\.access),
        accumulatesAfterFirst: isLast && spec.hasAccumulate ? summedLoops : [],
        streams: streams && isLast && spec.hasStreams)
    }

    /// A kernel of the kind that the types call for, which a verified plan has.
    private func arithmetic(_ kind: KernelKind?, _ plain: KernelKind, _ type: ElementType) -> KernelSpec {
      let kind = kind ?? plain
      return KernelSpec(kind, kind == plain ? type.kernelType : type, isa)
    }

    /// The loops whose later blocks add to what the first one wrote.
    private var summedLoops: [LoopID] {
      let summed = Set(contraction.summed)
      return nest.loops.filter { summed.contains($0.index) && $0.loop != target.parts?.loop }.map(\.loop)
    }

    /// What brings an operand to a strip leaves out the dimensions that the operand lacks.
    private func lengths(of stage: MapStage) -> [Length] {
      guard case .strip(let number) = stage.output, strips[number].strip.operand != nil else {
        return nest.lengths
      }
      let strip = strips[number].strip
      return zip([strip.rows, strip.columns], nest.lengths).map { $0 == 1 ? .constant(1) : $1 }
    }

    private func access(
      _ place: MapStage.Place, _ lengths: [Length]
    ) -> (access: Access, type: ElementType) {
      switch place {
      case .operand(let number):
        let operand = contraction.operands[number]
        return (nest.access(operand, BufferID(step.inputs[number]), lengths), operand.elementType)
      case .output:
        var result = nest.access(target.access, target.buffer, lengths)
        if let parts = target.parts {
          result.start.terms += Affine(blocksOf: parts.loop, times: parts.size).terms
        }
        return (result, contraction.output.elementType)
      case .strip(let number):
        let (strip, buffer) = strips[number]
        let dimensions = zip(strip.strides, lengths).map { Access.Dimension(.stride($0), $1) }
        return (Access(buffer, Affine(), dimensions), strip.elementType)
      }
    }
  }
}
