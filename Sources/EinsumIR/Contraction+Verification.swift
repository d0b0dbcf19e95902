import EinsumSyntax

extension Contraction {
  /// What is wrong with this value: empty if it keeps its invariants.
  package func verify() -> [String] {
    var violations: [String] = []
    for index in indices where index.extent < 0 {
      violations.append("index \(index.label) has extent \(index.extent)")
    }
    for (number, operand) in operands.enumerated() {
      violations += verify(operand, "operand \(number)")
    }
    violations += verify(output, "output")
    let used = Set(operands.flatMap(\.indices))
    if !operands.isEmpty, let orphan = indices.indices.first(where: { !used.contains($0) }) {
      violations.append("index \(indices[orphan].label) occurs in no operand")
    }
    for (position, stride) in zip(output.indices, output.strides)
    where stride == 0 && indices.indices.contains(position) && indices[position].extent > 1 {
      violations.append("the output has stride 0 for index \(indices[position].label)")
    }
    return violations
  }

  private func verify(_ tensor: TensorAccess, _ name: String) -> [String] {
    if tensor.indices.count != tensor.strides.count { return ["\(name) lacks strides"] }
    if !tensor.indices.allSatisfy(indices.indices.contains) { return ["\(name) has an unknown index"] }
    if Set(tensor.indices).count != tensor.indices.count { return ["\(name) repeats an index"] }
    if isEmpty { return [] }
    let extents = tensor.indices.map { indices[$0].extent }
    guard let reach = Layout(shape: extents, strides: tensor.strides).span else {
      return ["\(name) reaches past Int64"]
    }
    let inside = tensor.span.lowerBound <= reach.lowerBound && reach.upperBound <= tensor.span.upperBound
    return inside ? [] : ["\(name) reaches \(reach) but its memory is \(tensor.span)"]
  }
}
