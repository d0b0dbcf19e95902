extension PathProblem: CustomStringConvertible {
  /// The problem in lines, its indices by number.
  ///
  ///     extents 512 1024 768
  ///     %0 [0 1]
  ///     %1 [1 2]
  ///     -> [0 2]
  package var description: String {
    var lines = ["extents " + spaced(extents)]
    for (number, operand) in operands.enumerated() { lines.append("%\(number) [\(spaced(operand))]") }
    lines.append("-> [\(spaced(output))]")
    return lines.joined(separator: "\n")
  }

  private func spaced(_ numbers: [Int]) -> String { numbers.map(String.init).joined(separator: " ") }
}
