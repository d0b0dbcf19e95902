import EinsumIR

extension Lowering {
  /// A sum in parts: a loop over the parts, and the sum of their sums.
  ///
  /// The sums of one part lie side by side, those of the next behind them.
  mutating func lowerParts(
    _ step: Step, _ schedule: MapSchedule, _ parts: SumParts, _ stages: MapStages, _ strips: [BufferID]
  ) -> [Statement] {
    let start = step.scratchOffset + schedule.allStripsSize(for: step.contraction, threads: plan.threads)
    let isShared = schedule.shared != nil
    let sums = sums(of: step, in: schedule.partsScratch(for: step.contraction), at: start)
    let loop = loop(over: parts.index, of: step.contraction, step: parts.length, isShared: isShared)
    let body = lowerStages(
      step, schedule, stages, strips,
      to: Target(
        access: sums.access, buffer: sums.buffer, parts: (parts.index, loop, sums.scratch.totalCount)))
    return body + total(of: sums, step, isShared: isShared)
  }

  /// The sums of a step's parts: those of one part in the order of the output, the next part's behind them.
  struct PartialSums {
    let access: TensorAccess
    let buffer: BufferID
    let scratch: PartsScratch
    /// Where they are, in bytes from the start of the workspace.
    let start: Int
  }

  /// Declares the sums of a step's parts.
  mutating func sums(of step: Step, in scratch: PartsScratch, at start: Int) -> PartialSums {
    let output = step.contraction.output
    let layout = Layout(shape: output.indices.map { step.contraction.indices[$0].extent })
    let access = TensorAccess(
      elementType: output.elementType, indices: output.indices, strides: layout.strides,
      span: 0..<scratch.sumCount)
    let buffer = buffer("parts", at: start, .elements(output.elementType), count: scratch.sumCount)
    return PartialSums(access: access, buffer: buffer, scratch: scratch, start: start)
  }

  /// What follows when all parts are there: one thread adds them.
  mutating func total(of sums: PartialSums, _ step: Step, isShared: Bool) -> [Statement] {
    let total = total(step, sums.access, sums.buffer, sums.scratch, at: sums.start)
    guard isShared else { return total }
    // A loop that runs once keeps all threads but one away.
    let label = step.contraction.names(step.contraction.summed)
    let once = loop(.whole(1), step: 1, label: label, isShared: true)
    return [.barrier] + nest([once], total)
  }

  /// The output as the sum over the parts, along the output's last index at a time; in the wider type, if there is one,
  /// which all parts are converted to before and the totals from after.
  private mutating func total(
    _ step: Step, _ sums: TensorAccess, _ partial: BufferID, _ scratch: PartsScratch, at start: Int
  ) -> [Statement] {
    let output = step.contraction.output
    let (type, wider) = (output.elementType, scratch.totalType)
    let count = scratch.sumCount / scratch.totalCount
    let loops: [IndexLoop] = output.indices.dropLast().map { ($0, loop(over: $0, of: step.contraction)) }
    let columns = output.indices.last
    let width = Length.constant(columns.map { step.contraction.indices[$0].extent } ?? 1)
    /// Rows of a tensor along the output's last index.
    func access(_ tensor: TensorAccess, _ buffer: BufferID, rows: Int, apart stride: Int) -> Access {
      Access(
        buffer, Affine(0, tensor.terms(loops)),
        [
          .init(.stride(stride), .constant(rows)),
          .init(.stride(columns.flatMap { tensor.stride(of: $0) } ?? 0), width),
        ])
    }
    func sum(of parts: BufferID, to total: TensorAccess, _ buffer: BufferID) -> Statement {
      .call(
        KernelCall(
          KernelSpec(.sum, wider.kernelType, plan.isa), output: access(total, buffer, rows: count, apart: 0),
          inputs: [access(sums, parts, rows: count, apart: scratch.totalCount)]))
    }
    let place = BufferID(step.output)
    guard wider != type else { return nest(loops.map(\.loop), [sum(of: partial, to: output, place)]) }

    let widened = buffer("wide", at: start + scratch.widenedOffset, .elements(wider), count: scratch.sumCount)
    let totals = buffer("total", at: start + scratch.totalOffset, .elements(wider), count: scratch.totalCount)
    func all(_ buffer: BufferID) -> Access {
      Access(
        buffer, Affine(), [.init(.stride(0), .constant(1)), .init(.stride(1), .constant(scratch.sumCount))])
    }
    let widening = KernelCall(
      KernelSpec(.convert(from: type), wider, plan.isa), output: all(widened), inputs: [all(partial)])
    let narrowing = KernelCall(
      KernelSpec(.convert(from: wider), type, plan.isa), output: access(output, place, rows: 1, apart: 0),
      inputs: [access(sums, totals, rows: 1, apart: 0)])
    return [.call(widening)]
      + nest(loops.map(\.loop), [sum(of: widened, to: sums, totals), .call(narrowing)])
  }
}
