/// Colours for one line of the C that drivers are made of: words, numbers, and comments that end on their line.
package enum CHighlighter {
  private static let keywords: Set<Substring> = [
    "const", "do", "else", "for", "if", "restrict", "return", "static", "struct", "typedef", "while",
  ]
  private static let types: Set<Substring> = [
    "char", "double", "float", "int", "long", "short", "unsigned", "void",
  ]

  package static func markup(for line: Substring) -> Markup {
    var text = ""
    var rest = line
    while let first = rest.first {
      let token: Substring
      let style: String
      if rest.hasPrefix("/*") {
        token = rest
        style = "comment"
      } else if first.isLetter || first == "_" {
        token = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        style = Self.style(of: token, before: rest[token.endIndex...])
      } else if first.isNumber {
        token = rest.prefix { $0.isLetter || $0.isNumber || $0 == "." }
        style = "number"
      } else {
        token = rest.prefix(1)
        style = ""
      }
      let markup: Markup = style.isEmpty ? "\(token)" : "<span class=\"\(style)\">\(token)</span>"
      text += markup.text
      rest = rest[token.endIndex...]
    }
    return Markup(stringLiteral: text)
  }

  private static func style(of word: Substring, before rest: Substring) -> String {
    if keywords.contains(word) { return "keyword" }
    if types.contains(word) { return "type" }
    return rest.first == "(" ? "function" : ""
  }
}
