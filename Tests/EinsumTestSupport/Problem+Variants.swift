package import EinsumSyntax

extension Problem {
  /// The equation in full with other names for its labels, whose order as text is reversed.
  package func renamed() -> String {
    let labels = Set((equation.inputs + [equation.output]).flatMap(\.labels)).sorted()
    let names = Dictionary(
      uniqueKeysWithValues: labels.enumerated().map { ($1, "{r\(labels.count - $0)}") })
    return text(inputs: equation.inputs, output: equation.output) { names[$0] ?? $0.description }
  }

  /// The text of an equation of some terms.
  package func text(
    inputs: [Equation.Term], output: Equation.Term, name: (Label) -> String = { $0.description }
  ) -> String {
    func text(_ term: Equation.Term) -> String { term.items.map { $0.label.map(name) ?? "..." }.joined() }
    return inputs.map(text).joined(separator: ",") + "->" + text(output)
  }
}
