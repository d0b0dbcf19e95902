import EinsumIR

extension Lowering {
  /// A step as one loop nest whose innermost two dimensions run inside row-by-column kernels, one for each stage.
  mutating func lowerMap(_ step: Step, _ schedule: MapSchedule) -> [Statement] {
    let contraction = step.contraction
    let loops = schedule.order.map { index in
      let block =
        index == schedule.rows ? schedule.rowBlock : index == schedule.columns ? schedule.columnBlock : 1
      return (
        index: index,
        loop: loop(
          .whole(contraction.indices[index].extent), step: block, label: contraction.names([index]),
          isShared: index == schedule.shared)
      )
    }
    let dimensions: [(index: Int?, length: Length)] = [schedule.rows, schedule.columns].map { index in
      let loop = loops.first { $0.index == index }?.loop
      return (index, loop.map { .block($0) } ?? .constant(1))
    }

    func tensor(_ tensor: TensorAccess, _ number: Int, _ lengths: [Length]) -> Access {
      let stride = { (index: Int) in tensor.stride(of: index) ?? 0 }
      return Access(
        BufferID(number), Affine(0, loops.map { ($0.loop, stride($0.index)) }),
        zip(dimensions, lengths).map { .init(.stride($0.index.map(stride) ?? 0), $1) })
    }
    let type = contraction.output.elementType
    func call(_ kind: KernelKind, _ type: ElementType) -> [Statement] {
      let lengths = dimensions.map(\.length)
      let call = KernelCall(
        KernelSpec(kind, type, plan.isa), output: tensor(contraction.output, step.output, lengths),
        inputs: zip(contraction.operands, step.inputs).map { tensor($0, $1, lengths) })
      return nest(loops.map(\.loop), [.call(call)])
    }
    switch step.operation {
    case .zero: return call(.zero, type.kernelType)
    case .convert: return call(.convert(from: contraction.operands[0].elementType), type)
    case .conjugate: return call(.conjugate, type.kernelType)
    case .sum, .contract: break
    }

    let stages = MapStages(schedule, of: contraction)
    let threadStride = schedule.shared == nil ? 0 : stages.size
    let strips = stages.strips.map { strip in
      buffer(
        "strip", at: step.scratchOffset + strip.offset, threadStride: threadStride,
        .elements(strip.elementType), count: strip.rows * strip.columns)
    }
    let summed = Set(contraction.summed)
    let calls = stages.stages.map { stage -> Statement in
      var lengths = dimensions.map(\.length)
      // What brings an operand to a strip leaves out the dimensions that the operand lacks.
      if case .strip(let number) = stage.output, stages.strips[number].operand != nil {
        if stages.strips[number].rows == 1 { lengths[0] = .constant(1) }
        if stages.strips[number].columns == 1 { lengths[1] = .constant(1) }
      }
      func access(_ place: MapStage.Place) -> (access: Access, type: ElementType) {
        switch place {
        case .operand(let number):
          let operand = contraction.operands[number]
          return (tensor(operand, step.inputs[number], lengths), operand.elementType)
        case .output: return (tensor(contraction.output, step.output, lengths), type)
        case .strip(let number):
          let strip = stages.strips[number]
          let walks = zip(strip.strides, lengths).map { Access.Dimension(.stride($0), $1) }
          return (Access(strips[number], Affine(), walks), strip.elementType)
        }
      }
      let (output, inputs) = (access(stage.output), stage.inputs.map(access))
      let spec =
        switch stage.kind {
        case .copy: KernelSpec(.copy, output.type.copyType, plan.isa)
        case .convert: KernelSpec(.convert(from: inputs[0].type), output.type, plan.isa)
        case .sum: KernelSpec(.sum, output.type.kernelType, plan.isa)
        case .product: KernelSpec(.product, output.type.kernelType, plan.isa)
        }
      let isLast = stage.output == .output
      return .call(
        KernelCall(
          spec, output: output.access, inputs: inputs.map(\.access),
          accumulatesAfterFirst: isLast && spec.hasAccumulate
            ? loops.filter { summed.contains($0.index) }.map(\.loop) : [],
          streams: schedule.streams && isLast && spec.hasStreams))
    }
    return nest(loops.map(\.loop), calls)
  }
}
