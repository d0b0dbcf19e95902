/// One symbol of the notation, and where it stands.
struct Token {
  enum Kind { case label(Label), ellipsis, delimiter(Delimiter) }
  /// What ends a term.
  enum Delimiter { case comma, arrow, end }

  let kind: Kind
  let range: SourceRange
}

/// Text to tokens, one at a time; the end of the text is a token of its own.
struct Lexer {
  let text: String
  private let scalars: [Unicode.Scalar]
  private var position = 0

  init(_ text: String) {
    self.text = text
    scalars = Array(text.unicodeScalars)
  }

  /// The next token. Spaces, U+0020 only, are skipped before a token and never inside one.
  mutating func next() throws(EinsumError) -> Token {
    while peek() == " " { position += 1 }
    guard let scalar = peek() else { return token(.delimiter(.end), length: 0) }
    switch scalar {
    case ",": return token(.delimiter(.comma), length: 1)
    case "-":
      guard peek(1) == ">" else { throw error(.brokenArrow(half: "-")) }
      return token(.delimiter(.arrow), length: 2)
    case ">": throw error(.brokenArrow(half: ">"))
    case ".":
      guard peek(1) == "." && peek(2) == "." else { throw error(.strayDot) }
      return token(.ellipsis, length: 3)
    case "{": return try bracedName()
    case "}": throw error(.unopenedBrace)
    case _ where scalar.isLabelLetter: return token(.label(Label(String(scalar))), length: 1)
    default: throw error(.unknownCharacter(name: scalar.nameInMessage))
    }
  }

  /// `{name}`, with the position on the opening brace.
  ///
  /// A character that no name has is blamed itself only if the brace is closed behind it in the same term;
  /// otherwise the closing brace has been forgotten, as in `{ab,c`.
  private mutating func bracedName() throws(EinsumError) -> Token {
    let start = position + 1
    let end = scalars[start...].firstIndex { !$0.isNamePart } ?? scalars.count
    guard end < scalars.count, scalars[end] == "}" else {
      let boundary = scalars[end...].first { $0 == "}" || $0 == "{" || $0 == "," }
      guard boundary == "}" else { throw error(.unclosedBrace) }
      throw error(.nameCharacter(name: scalars[end].nameInMessage), at: SourceRange(start: end, end: end + 1))
    }
    let range = SourceRange(start: position, end: end + 1)
    guard end > start else { throw error(.emptyName, at: range) }
    guard end - start <= Equation.longestName else {
      throw error(.nameTooLong(length: end - start, limit: Equation.longestName), at: range)
    }
    var name = String.UnicodeScalarView()
    name.append(contentsOf: scalars[start..<end])
    return token(.label(Label(String(name))), length: end + 1 - position)
  }

  private func peek(_ distance: Int = 0) -> Unicode.Scalar? {
    position + distance < scalars.count ? scalars[position + distance] : nil
  }

  private mutating func token(_ kind: Token.Kind, length: Int) -> Token {
    let range = SourceRange(start: position, end: position + length)
    position += length
    return Token(kind: kind, range: range)
  }

  /// An error at the given place, or else at the current scalar.
  private func error(_ reason: EinsumError.Reason, at range: SourceRange? = nil) -> EinsumError {
    EinsumError(reason, in: text, at: range ?? SourceRange(start: position, end: position + 1))
  }
}
