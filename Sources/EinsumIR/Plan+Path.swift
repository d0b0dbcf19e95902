extension Plan {
  /// The order of contraction as numpy and opt_einsum write it: a list of the operands, from which each step takes the
  /// given positions, and to whose end it appends its result.
  ///
  /// Steps that prepare a single tensor (conversions, sums) do not count. An einsum of one operand has one step.
  package var path: [[Int]] {
    var path: [[Int]] = []
    // Numbers of the plan's tensors that are not contracted yet.
    var list = Array(contraction.operands.indices)
    func contract(_ positions: [Int], into output: Int) {
      path.append(positions)
      for position in positions.reversed() { list.remove(at: position) }
      list.append(output)
    }
    for step in steps {
      let positions = step.inputs.compactMap { list.firstIndex(of: $0) }.sorted()
      if positions.count == 1 {
        list[positions[0]] = step.output
      } else if positions.count > 1 {
        contract(positions, into: step.output)
      }
    }
    // One operand, or an empty sum that needs no step for what is in it.
    if path.isEmpty { return [Array(contraction.operands.indices)] }
    return path
  }
}
