/// Which of the three tensors of a pairwise step.
package enum PairTensor: String, CaseIterable, Hashable, Sendable {
  /// The operand with the m indices.
  case rows
  /// The operand with the n indices.
  case columns
  case output
}

/// A composite index group of a pairwise step that kernels walk over.
package enum PairGroup: String, Hashable, Sendable { case m, n, k }

/// How a pairwise step runs, as far as tiled and batched schedules agree: they tell rows from columns.
package protocol PairSchedule {
  /// Which of the step's two operands has the m indices: 0 or 1.
  var rowOperand: Int { get }
}

extension PairSchedule {
  /// A tensor of the step.
  package func access(_ tensor: PairTensor, in contraction: Contraction) -> TensorAccess {
    pick(tensor, contraction.operands, contraction.output)
  }

  /// The number of a tensor in the plan.
  package func number(of tensor: PairTensor, in step: Step) -> Int {
    pick(tensor, step.inputs, step.output)
  }

  private func pick<Value>(_ tensor: PairTensor, _ operands: [Value], _ output: Value) -> Value {
    switch tensor {
    case .rows: operands[rowOperand]
    case .columns: operands[1 - rowOperand]
    case .output: output
    }
  }
}
