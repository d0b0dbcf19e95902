import Einsum

/// Gives each index of an einsum a colour that it keeps throughout the page.
struct IndexColors {
  private let explanation: Explanation

  init(_ explanation: Explanation) { self.explanation = explanation }

  /// How many colours the stylesheet has.
  private static let count = 8

  private func colored(_ label: String) -> Markup {
    guard let place = explanation.indices.firstIndex(where: { $0.label == label }) else { return "\(label)" }
    return "<span class=\"i\(place % Self.count)\">\(label)</span>"
  }

  /// The einsum with its indices in their colours: the operands' terms, and the result's.
  var expression: Markup {
    let inputs = explanation.operands.map { term($0.term).text }.joined(separator: ",<wbr>")
    return "\(Markup(stringLiteral: inputs))<wbr>→\(term(explanation.output.term))"
  }

  /// A term: letters, names in braces, and an ellipsis.
  private func term(_ term: String) -> Markup {
    var parts = ""
    var rest = term[...]
    while let first = rest.unicodeScalars.first {
      let label: Substring
      if first == "{", let end = rest.firstIndex(of: "}") {
        label = rest[...end]
      } else {
        label = rest[..<rest.unicodeScalars.index(after: rest.startIndex)]
      }
      parts += colored(String(label)).text
      rest = rest[label.endIndex...]
    }
    return Markup(stringLiteral: parts)
  }

  /// Each index with its extent.
  var legend: Markup {
    let items = explanation.indices.map { index -> Markup in
      """
      <span class="index">\(colored(index.label))\u{2009}=\u{2009}\(index.extent)\(index.isSummed ? " summed" : "")</span>
      """
    }
    return "\(items) <span class=\"index\">\(explanation.dtype)</span>"
  }
}
