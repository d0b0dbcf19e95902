extension PathProblem {
  /// The violations of what this type promises its users; none for a problem that finders may be given.
  package func verify() -> [String] {
    var violations: [String] = []
    if operands.isEmpty { violations.append("there are no operands") }
    for (index, extent) in extents.enumerated() where extent < 1 {
      violations.append("index \(index) has extent \(extent)")
    }
    var occurs = [Bool](repeating: false, count: extents.count)
    for (number, operand) in operands.enumerated() {
      violations += verify(operand, of: "operand \(number)")
      for index in operand where extents.indices.contains(index) { occurs[index] = true }
    }
    violations += verify(output, of: "the output")
    for index in output where extents.indices.contains(index) && !occurs[index] {
      violations.append("index \(index) of the output is in no operand")
    }
    return violations
  }

  private func verify(_ indices: [Int], of tensor: String) -> [String] {
    var violations: [String] = []
    for index in indices where !extents.indices.contains(index) {
      violations.append("index \(index) of \(tensor) has no extent")
    }
    for (index, next) in zip(indices, indices.dropFirst()) where index >= next {
      violations.append("indices \(index) and \(next) of \(tensor) are not in ascending order")
    }
    return violations
  }
}
