import EinsumIR

extension PathProblem {
  /// The problem of contracting some tensors to a contraction's output, over its indices.
  init(_ contraction: Contraction, of tensors: [TensorAccess]) {
    self.init(
      extents: contraction.indices.map(\.extent), operands: tensors.map { $0.indices.sorted() },
      output: contraction.output.indices.sorted())
  }
}
