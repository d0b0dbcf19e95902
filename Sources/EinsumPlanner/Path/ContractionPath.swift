/// The order in which a contraction of many operands is done, two values at a time.
///
/// Static single assignment: values `0..<n` are the operands, and value `n + s` is the result of step `s`. A
/// path for n operands has n - 1 steps (none for one operand), and its last value is the output.
package struct ContractionPath: Hashable, Sendable {
  /// One pairwise contraction, by the numbers of two values that exist before it and that no other step
  /// takes.
  package struct Step: Hashable, Sendable {
    package let lhs: Int
    package let rhs: Int

    package init(_ lhs: Int, _ rhs: Int) {
      self.lhs = lhs
      self.rhs = rhs
    }
  }

  package let steps: [Step]

  package init(steps: [Step]) {
    self.steps = steps
  }
}

extension ContractionPath: CustomStringConvertible {
  /// One line for each step: `%3 = contract %0 %2`.
  package var description: String {
    let operandCount = steps.count + 1
    return steps.enumerated()
      .map { number, step in "%\(operandCount + number) = contract %\(step.lhs) %\(step.rhs)" }
      .joined(separator: "\n")
  }
}

extension ContractionPath {
  /// The violations of what a path for this problem must be: n - 1 steps that take each value once, after it
  /// is made.
  package func verify(for problem: PathProblem) -> [String] {
    let operandCount = problem.operands.count
    var violations: [String] = []
    if steps.count != max(operandCount - 1, 0) {
      violations.append("\(operandCount) operands are contracted in \(steps.count) steps")
    }
    var isTaken = [Bool](repeating: false, count: operandCount + steps.count)
    for (number, step) in steps.enumerated() {
      for value in [step.lhs, step.rhs] {
        if !(0..<operandCount + number).contains(value) {
          violations.append("step \(number) takes %\(value), which does not exist before it")
        } else if isTaken[value] {
          violations.append("step \(number) takes %\(value), which was taken before")
        } else {
          isTaken[value] = true
        }
      }
    }
    return violations
  }
}
