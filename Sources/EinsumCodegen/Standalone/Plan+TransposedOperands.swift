import EinsumIR

extension Plan {
  /// This plan with a step before each sum of products that no plain loop could run along: it lays an operand out anew,
  /// so that the innermost loop has a row of all tensors, which compilers vectorise, and no sum to carry.
  ///
  /// Only where each element of that operand is used often; the others are summed as they lie.
  var withTransposedOperands: Plan {
    var result = self
    var number = 0
    while number < result.steps.count {
      if result.transposeOperand(of: number) { number += 1 }
      number += 1
    }
    return result
  }

  /// The uses of an element from which transposing pays: reading it once more and writing it costs a few.
  private static let leastUses = 16.0

  /// Puts a transposition in front of a step, if it pays.
  private mutating func transposeOperand(of number: Int) -> Bool {
    let step = steps[number]
    let contraction = step.contraction
    guard step.operation == .contract, contraction.operands.count == 2, !contraction.summed.isEmpty,
      let row = contraction.output.indices.first(where: { contraction.output.stride(of: $0) == 1 }),
      contraction.indices[row].extent >= PlainStep.shortestRow
    else { return false }
    let crossing = contraction.operands.indices.filter {
      ![0, 1].contains(contraction.operands[$0].stride(of: row) ?? 0)
    }
    guard crossing.count == 1, let operand = crossing.first else { return false }
    let source = contraction.operands[operand]
    let uses = contraction.points / contraction.size(of: source.indices)
    guard uses >= Self.leastUses, !source.isConjugated,
      source.elementType.sharesKernels(with: contraction.computeType)
    else { return false }

    let order =
      source.indices.filter { $0 != row }
      .sorted { abs(source.stride(of: $0) ?? 0) > abs(source.stride(of: $1) ?? 0) } + [row]
    let layout = Layout(shape: order.map { contraction.indices[$0].extent })
    let target = TensorAccess(
      elementType: source.elementType, indices: order, strides: layout.strides,
      span: 0..<layout.shape.reduce(1, *))
    let tensor = insertTensor(like: target)
    steps[number].inputs[operand] = tensor
    steps[number].contraction.operands[operand] = target
    steps.insert(
      Step(
        operation: .sum, inputs: [step.inputs[operand]], output: tensor,
        contraction: Contraction(
          computeType: contraction.computeType, indices: contraction.indices, operands: [source],
          output: target
        ).keeping(Set(order).contains).folded(),
        schedule: .map(MapSchedule(order: [], rows: nil, columns: nil, rowBlock: 1, columnBlock: 1))),
      at: number)
    return true
  }

  /// Adds an intermediate behind all others, in front of the output, and gives its number.
  private mutating func insertTensor(like access: TensorAccess) -> Int {
    let start = WorkspaceAlignment.rounded(PlainBody.workspaceSize(of: self))
    let number = tensors.count - 1
    tensors.insert(
      PlanTensor(elementType: access.elementType, place: .workspace(start), span: access.span), at: number)
    for step in steps.indices where steps[step].output == number { steps[step].output += 1 }
    return number
  }
}
