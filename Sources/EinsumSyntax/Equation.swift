/// An einsum's notation, parsed: one term of labels per operand, and the output's term.
///
/// Nothing in it depends on shapes. Each item knows where it stands in ``text``, so that later stages can
/// point at it. Invariants: at least one input; at most one ellipsis in a term; each output label occurs in
/// an input.
package struct Equation: Hashable, Sendable {
  /// What the user wrote.
  package let text: String
  /// One term for each operand.
  package let inputs: [Term]
  /// The output as written, or as numpy's rule completes it if ``isImplicit``.
  ///
  /// A completed item has the range of the input item that it comes from; the completed term stands at the
  /// text's end.
  package let output: Term
  /// Whether the equation had no arrow.
  package let isImplicit: Bool

  /// The indices of one operand, or of the output, from its first axis to its last.
  package struct Term: Hashable, Sendable {
    package let items: [Item]
    /// From the first item to the last; empty if there is none.
    package let range: SourceRange

    package init(items: [Item], range: SourceRange) {
      self.items = items
      self.range = range
    }
  }

  /// A label or an ellipsis, and where it stands in the text, braces included.
  package struct Item: Hashable, Sendable {
    package enum Kind: Hashable, Sendable { case label(Label), ellipsis }

    package let kind: Kind
    package let range: SourceRange

    package init(_ kind: Kind, at range: SourceRange) {
      self.kind = kind
      self.range = range
    }
  }

  init(text: String, inputs: [Term], output: Term, isImplicit: Bool) {
    self.text = text
    self.inputs = inputs
    self.output = output
    self.isImplicit = isImplicit
  }
}

extension Equation {
  /// Longest text that is accepted, in bytes of UTF-8. It bounds the memory that a hostile text can claim.
  package static let longestText = 1 << 20

  /// Longest name in braces, in Unicode scalars.
  package static let longestName = 256

  /// Parses numpy's notation; takes time linear in the text, but for sorting an implicit output's labels.
  package init(parsing text: String) throws(EinsumError) {
    let length = text.utf8.count
    guard length <= Equation.longestText else {
      throw EinsumError(.expressionTooLong(bytes: length, limit: Equation.longestText))
    }
    var parser = Parser(text)
    self = try parser.equation()
  }
}

extension Equation.Term {
  /// The labels in order, without the ellipsis.
  package var labels: [Label] { items.compactMap(\.label) }

  /// Whether the term has an ellipsis, which stands for any number of axes.
  package var hasEllipsis: Bool { items.contains { $0.kind == .ellipsis } }
}

extension Equation.Item {
  /// The label, or nil for an ellipsis.
  package var label: Label? {
    switch kind {
    case .label(let label): label
    case .ellipsis: nil
    }
  }
}
