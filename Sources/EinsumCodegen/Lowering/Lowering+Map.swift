import EinsumIR

extension Lowering {
  /// A step as one loop nest whose two innermost loops run inside a row-by-column kernel.
  mutating func lowerMap(_ step: Step, _ schedule: MapSchedule) -> [Statement] {
    let contraction = step.contraction
    let outer = schedule.order.dropLast(2)
    let inner = Array(schedule.order.suffix(2))
    func loop(_ index: Int, step: Int) -> LoopID {
      self.loop(
        .whole(contraction.indices[index].extent), step: step, label: contraction.names([index]),
        isShared: index == schedule.shared)
    }
    var loops: [(index: Int, loop: LoopID)] = []
    for index in outer {
      loops.append((index, loop(index, step: 1)))
    }
    let blocks = [schedule.rowBlock, schedule.columnBlock].suffix(inner.count)
    for (index, block) in zip(inner, blocks) {
      loops.append((index, loop(index, step: block)))
    }
    var dimensions: [(index: Int?, length: Length)] =
      loops.suffix(inner.count).map { ($0.index, .block($0.loop)) }
    while dimensions.count < 2 { dimensions.insert((nil, .constant(1)), at: 0) }

    func access(_ tensor: TensorAccess, _ number: Int) -> Access {
      let stride = { (index: Int) in tensor.stride(of: index) ?? 0 }
      return Access(
        BufferID(number), Affine(0, loops.map { ($0.loop, stride($0.index)) }),
        dimensions.map { .init(.stride($0.index.map(stride) ?? 0), $0.length) })
    }
    let summed = Set(contraction.summed)
    let call = KernelCall(
      KernelSpec(kernelKind(of: step), kernelType(of: step), plan.isa),
      output: access(contraction.output, step.output),
      inputs: zip(contraction.operands, step.inputs).map(access),
      accumulatesAfterFirst: loops.filter { summed.contains($0.index) }.map(\.loop))
    return nest(loops.map(\.loop), [.call(call)])
  }

  private func kernelKind(of step: Step) -> KernelKind {
    switch step.operation {
    case .zero: .zero
    case .convert: .convert(from: step.contraction.operands[0].elementType)
    case .conjugate: .conjugate
    case .sum: .sum
    case .contract: .product
    }
  }

  /// Conversions have a kernel for each pair of types; all else is arithmetic, or moves, on a kernel type.
  private func kernelType(of step: Step) -> ElementType {
    let type = step.contraction.output.elementType
    return step.operation == .convert ? type : type.kernelType
  }
}
