package import EinsumIR

extension Plan {
  /// This plan as suits plain loops.
  ///
  /// - Parameter isDynamic: whether extents are not known, nor then what a transposition would save.
  package func forPlainLoops(isDynamic: Bool) -> Plan {
    let plan = withProductsInPlace.withPlainIntermediates
    return isDynamic ? plan : plan.withTransposedOperands
  }

  /// This plan with intermediates that suit plain loops.
  ///
  /// Planners lay them out for kernels that pack what they read. A plain loop is quick where it runs along a row of all that
  /// it reads and writes: so an intermediate's index that is such a row for the step that reads it, or else for the one
  /// that makes it, becomes the innermost.
  private var withPlainIntermediates: Plan {
    var result = self
    // The step that reads an intermediate writes a later tensor, which has its final layout by then.
    for tensor in tensors.indices.reversed() {
      if case .workspace = tensors[tensor].place { result.layOutPlainly(tensor) }
    }
    return result
  }

  private mutating func layOutPlainly(_ tensor: Int) {
    let makers = steps.indices.filter { steps[$0].output == tensor }
    let readers = steps.indices.filter { steps[$0].inputs.contains(tensor) }
    guard makers.count == 1, readers.count == 1, let maker = makers.first, let reader = readers.first,
      let operand = steps[reader].inputs.firstIndex(of: tensor),
      steps[reader].inputs.lastIndex(of: tensor) == operand
    else { return }
    let made = steps[maker].contraction.output
    let read = steps[reader].contraction.operands[operand]
    guard let dimensions = PlainDimensions(made, read) else { return }

    let wanted = [
      (step: steps[reader], start: dimensions.start(of: readRow(reader, operand), in: read)),
      (step: steps[maker], start: dimensions.start(of: madeRow(maker), in: made)),
    ].filter { $0.start != nil }
    // The step with more to do decides; of steps that are alike, the one that reads.
    func work(_ step: Step) -> Double { step.contraction.points }
    guard let first = wanted.first, let last = wanted.last else { return }
    guard let start = work(last.step) > work(first.step) ? last.start : first.start else { return }
    steps[maker].contraction.output.strides = made.strides.map { dimensions.stride($0, innermost: start) }
    steps[reader].contraction.operands[operand].strides = read.strides.map {
      dimensions.stride($0, innermost: start)
    }
  }

  /// The index of an operand that is a row of all else in the step, if there is one.
  private func readRow(_ step: Int, _ operand: Int) -> Int? {
    let contraction = steps[step].contraction
    return contraction.operands[operand].indices.first { index in
      contraction.output.stride(of: index) == 1
        && contraction.operands.indices.allSatisfy { $0 == operand || isRow(index, step, $0) }
    }
  }

  /// The index of a step's output that is a row of all operands, if there is one.
  private func madeRow(_ step: Int) -> Int? {
    let contraction = steps[step].contraction
    return contraction.output.indices.first { index in
      contraction.operands.indices.allSatisfy { isRow(index, step, $0) }
    }
  }

  /// Whether an operand of a step does not step along an index, or is contiguous along it; intermediates can be made so.
  private func isRow(_ index: Int, _ step: Int, _ operand: Int) -> Bool {
    if case .workspace = tensors[steps[step].inputs[operand]].place { return true }
    return [0, 1].contains(steps[step].contraction.operands[operand].stride(of: index) ?? 0)
  }
}

/// The memory of an intermediate as its maker and its reader both divide it, where they may have folded other indices.
private struct PlainDimensions {
  /// The stride of each dimension, ascending, and behind them the number of elements.
  private let starts: [Int]

  /// - Returns: nil unless elements lie without gaps, and each in its place only.
  init?(_ made: TensorAccess, _ read: TensorAccess) {
    let common = Set(made.strides).intersection(read.strides).sorted()
    guard common.first == 1, made.strides.allSatisfy({ $0 > 0 }), read.strides.allSatisfy({ $0 > 0 }),
      made.span == read.span, made.span.lowerBound == 0
    else { return nil }
    starts = common + [made.span.count]
    for (start, end) in zip(starts, starts.dropFirst()) where end % start != 0 || end == start { return nil }
    for stride in made.strides + read.strides where stride % start(of: stride) != 0 { return nil }
  }

  /// The stride of the dimension that a stride belongs to.
  private func start(of stride: Int) -> Int { starts.dropLast().last { $0 <= stride } ?? 1 }

  private func extent(_ start: Int) -> Int {
    (starts.first { $0 > start } ?? start) / start
  }

  /// The dimension that an index of a tensor is alone, if it is long enough for a row.
  func start(of index: Int?, in access: TensorAccess) -> Int? {
    guard let index, let stride = access.stride(of: index), starts.dropLast().contains(stride),
      access.strides.count(where: { start(of: $0) == stride }) == 1,
      extent(stride) >= PlainStep.shortestRow
    else { return nil }
    return stride
  }

  /// A stride once the dimension at `innermost` runs fastest.
  func stride(_ stride: Int, innermost: Int) -> Int {
    let start = start(of: stride)
    if start == innermost { return stride / start }
    return start < innermost ? stride * extent(innermost) : stride
  }
}

extension Plan {
  /// This plan as one step, if it forms a product in memory first that no cache close to the core holds: a loop is quicker
  /// to multiply once more than to read it back.
  private var withProductsInPlace: Plan {
    guard steps.count == 2, let first = steps.first, first.operation == .contract,
      first.contraction.summed.isEmpty,
      steps[1].operation == .contract, contraction.clearedOutput == nil,
      contraction.operands.count == 3, !contraction.operands.contains(where: \.isConjugated),
      contraction.output.elementType.sharesKernels(with: contraction.computeType),
      Double(tensors[first.output].elementType.size)
        * first.contraction.size(of: first.contraction.output.indices)
        > Self.nearBytes
    else { return self }
    var result = self
    let order = contraction.output.indices + contraction.summed
    result.tensors.remove(at: first.output)
    result.steps = [
      Step(
        operation: .contract, inputs: Array(contraction.operands.indices), output: result.tensors.count - 1,
        contraction: contraction,
        schedule: .map(MapSchedule(order: order, rows: nil, columns: nil, rowBlock: 1, columnBlock: 1)))
    ]
    return result
  }

  /// What is near: half of a small first-level cache.
  private static let nearBytes = 16384.0
}
