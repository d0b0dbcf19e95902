import EinsumIR

extension Lowering {
  /// A sum in parts: a loop over the parts, and the sum of their sums.
  ///
  /// The sums of one part lie side by side, those of the next behind them.
  mutating func lowerParts(
    _ step: Step, _ schedule: MapSchedule, _ parts: SumParts, _ stages: MapStages, _ strips: [BufferID]
  ) -> [Statement] {
    let contraction = step.contraction
    let (type, indices) = (contraction.output.elementType, contraction.output.indices)
    let layout = Layout(shape: indices.map { contraction.indices[$0].extent })
    let count = parts.count(in: contraction)
    let size = layout.shape.reduce(1, *)
    let partial = buffer(
      "parts", at: step.scratchOffset + schedule.allStripsSize(for: contraction, threads: plan.threads),
      .elements(type), count: count * size)
    let sums = TensorAccess(
      elementType: type, indices: indices, strides: layout.strides, span: 0..<(count * size))
    let isShared = schedule.shared != nil
    let loop = loop(over: parts.index, of: contraction, step: parts.length, isShared: isShared)
    let body = lowerStages(
      step, schedule, stages, strips,
      to: Target(access: sums, buffer: partial, parts: (parts.index, loop, size)))
    let total = total(step, sums, partial, count)
    guard isShared else { return body + total }
    // A loop that runs once keeps all threads but one away.
    let once = self.loop(.whole(1), step: 1, label: program[loop].label, isShared: true)
    return body + [.barrier] + nest([once], total)
  }

  /// The output as the sum over the parts, along the output's last index at a time.
  private mutating func total(
    _ step: Step, _ sums: TensorAccess, _ partial: BufferID, _ count: Int
  ) -> [Statement] {
    let contraction = step.contraction
    let output = contraction.output
    let loops: [IndexLoop] = output.indices.dropLast().map { ($0, loop(over: $0, of: contraction)) }
    let size = sums.span.count / count
    let columns = output.indices.last
    let width = Length.constant(columns.map { contraction.indices[$0].extent } ?? 1)
    func access(_ tensor: TensorAccess, _ buffer: BufferID, row: Int) -> Access {
      Access(
        buffer, Affine(0, tensor.terms(loops)),
        [
          .init(.stride(row), .constant(count)),
          .init(.stride(columns.flatMap { tensor.stride(of: $0) } ?? 0), width),
        ])
    }
    let call = KernelCall(
      KernelSpec(.sum, output.elementType.kernelType, plan.isa),
      output: access(output, BufferID(step.output), row: 0), inputs: [access(sums, partial, row: size)])
    return nest(loops.map(\.loop), [.call(call)])
  }
}
