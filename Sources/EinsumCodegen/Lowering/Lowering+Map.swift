import EinsumIR

extension Lowering {
  /// A step as one loop nest whose innermost two dimensions run inside a row-by-column kernel.
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
      accumulatesAfterFirst: loops.filter { summed.contains($0.index) }.map(\.loop),
      streams: schedule.streams)
    return nest(loops.map(\.loop), [.call(call)])
  }

  private func kernelKind(of step: Step) -> KernelKind {
    switch step.operation {
    case .zero: .zero
    case .convert: .convert(from: step.contraction.operands[0].elementType)
    case .conjugate: .conjugate
    case .sum: step.contraction.summed.isEmpty ? .copy : .sum
    case .contract: .product
    }
  }

  /// Conversions have a kernel for each pair of types, copies one for each size; all else is arithmetic on a kernel type.
  private func kernelType(of step: Step) -> ElementType {
    let type = step.contraction.output.elementType
    return switch kernelKind(of: step) {
    case .convert: type
    case .copy: type.copyType
    case .zero, .conjugate, .sum, .product, .tile, .pack: type.kernelType
    }
  }
}
