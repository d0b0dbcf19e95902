extension Equation: CustomStringConvertible {
  /// The notation in its shortest form, without spaces and with the output: `ij,jk->ik`.
  ///
  /// Parsing it gives the same inputs and output, but for ranges.
  package var canonicalText: String {
    inputs.map(\.description).joined(separator: ",") + "->" + output.description
  }

  /// The stage's text form, one line: `equation      ij,jk->ik`.
  package var description: String { "equation      \(canonicalText)" }
}

extension Equation.Term: CustomStringConvertible {
  /// The term as it is written in an equation, without spaces: `i...{batch}`.
  package var description: String { items.map(\.description).joined() }
}

extension Equation.Item: CustomStringConvertible {
  package var description: String {
    switch kind {
    case .label(let label): label.description
    case .ellipsis: "..."
    }
  }
}
