import EinsumSyntax

extension Contraction: CustomStringConvertible {
  /// The stable text form:
  ///
  ///     contraction   f32  i=512 j=1024 l=768  sum j
  ///                   %0 [i j] strides 1024 1
  ///                   %1 [j l] strides 768 1
  ///                   -> [i l] strides 768 1
  package var description: String { text(titled: "contraction") }

  /// The text form under another name, which tells one contraction from another.
  package func text(titled title: String) -> String {
    var head = computeType.code
    if !indices.isEmpty {
      head += "  " + indices.map { "\($0.label.name)=\($0.extent)" }.joined(separator: " ")
    }
    let sums = summed
    if !sums.isEmpty { head += "  sum " + names(sums) }
    var lines = [head]
    for (number, operand) in operands.enumerated() { lines.append("%\(number) " + text(of: operand)) }
    lines.append("-> " + text(of: output))
    if let cleared = clearedOutput {
      lines.append("clear \(cleared.shape) strides \(cleared.strides)".filter { !"[],".contains($0) })
    }
    return TextForm.stage(title, lines)
  }

  private func text(of tensor: TensorAccess) -> String {
    var text = "[\(names(tensor.indices))]"
    if !tensor.strides.isEmpty {
      text += " strides " + tensor.strides.map(String.init).joined(separator: " ")
    }
    if tensor.elementType != computeType { text += " \(tensor.elementType.code)" }
    if tensor.isConjugated { text += " conjugated" }
    return text
  }

  /// The labels of some indices, separated by blanks.
  package func names(_ positions: some Sequence<Int>) -> String {
    positions.map { indices[$0].label.name }.joined(separator: " ")
  }
}

/// The shape that the text forms of all stages share.
package enum TextForm {
  /// A stage's lines behind its name, which stands in a column of 14 characters.
  package static func stage(_ name: String, _ lines: [String]) -> String {
    lines.enumerated()
      .map { number, line in
        let head = number == 0 ? name : ""
        return head + String(repeating: " ", count: max(14 - head.count, 1)) + line
      }
      .joined(separator: "\n")
  }
}
