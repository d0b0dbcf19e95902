/// Reads the C that the emitters write back into a tree, so that it can be specialised.
///
/// It knows what the emitters use and no more: a text that it does not understand is an internal error.
struct CParser {
  private var tokens: [CToken]
  private var place = 0
  private var typeNames: Set<String> = [
    "void", "char", "short", "int", "long", "float", "double", "unsigned", "signed", "const", "_Float16",
    "_Alignas",
  ]

  /// The tree of a text. `types` are the names that earlier texts define.
  static func source(_ text: String, types: Set<String> = []) -> CSource {
    var parser = CParser(tokens: CLexer.tokens(of: text))
    parser.typeNames.formUnion(types)
    return parser.source()
  }

  private init(tokens: [CToken]) { self.tokens = tokens }

  // MARK: Words

  var next: CToken? { place < tokens.count ? tokens[place] : nil }

  func peek(_ distance: Int) -> CToken? {
    place + distance < tokens.count ? tokens[place + distance] : nil
  }

  func isNext(_ sign: String) -> Bool { next == .punctuator(sign) }

  func isNext(word: String) -> Bool { next == .name(word) }

  mutating func take() -> CToken {
    guard let token = next else { preconditionFailure("internal: emitted C ends too early") }
    place += 1
    return token
  }

  mutating func accept(_ sign: String) -> Bool {
    guard isNext(sign) else { return false }
    place += 1
    return true
  }

  mutating func expect(_ sign: String) {
    guard accept(sign) else {
      preconditionFailure("internal: emitted C has \(String(describing: next)) where '\(sign)' is expected")
    }
  }

  mutating func acceptWord(_ word: String) -> Bool {
    guard isNext(word: word) else { return false }
    place += 1
    return true
  }

  mutating func takeName() -> String {
    guard case .name(let name) = take() else { preconditionFailure("internal: emitted C lacks a name") }
    return name
  }

  func isType(_ token: CToken?) -> Bool {
    if case .name(let name) = token { return typeNames.contains(name) }
    return false
  }

  // MARK: Types and declarations

  /// `const float *const`: words, then stars with their qualifiers.
  mutating func type() -> String {
    var words: [String] = []
    while case .name(let word) = next, typeNames.contains(word) || word == "static" || word == "inline" {
      words.append(word)
      place += 1
    }
    var text = words.joined(separator: " ")
    while accept("*") {
      text += text.hasSuffix("*") ? "*" : " *"
      while case .name(let word) = next, word == "const" || word == "restrict" {
        text += text.hasSuffix("*") ? word : " " + word
        place += 1
      }
    }
    return text
  }

  /// One declarator behind a type.
  mutating func declarator(_ type: String) -> CDeclaration {
    var variable = CDeclaration(type: type, name: takeName())
    if accept("[") {
      variable.count = expression()
      expect("]")
    }
    if isNext(word: "__attribute__") { variable.attributes = attributes() }
    if accept("=") { variable.initial = isNext("{") ? braces() : assignment() }
    return variable
  }

  /// Declarators that share a type, up to the semicolon.
  mutating func declarations() -> [CDeclaration] {
    var alignment = ""
    if acceptWord("_Alignas") {
      expect("(")
      alignment = "__attribute__((aligned(\(CWriter.text(expression())))))"
      expect(")")
    }
    let type = type()
    var result = [declarator(type)]
    while accept(",") { result.append(declarator(type)) }
    expect(";")
    if !alignment.isEmpty {
      for number in result.indices { result[number].attributes = alignment }
    }
    return result
  }

  private mutating func attributes() -> String {
    var text = takeName()
    var depth = 0
    repeat {
      switch take() {
      case .punctuator(let sign):
        depth += sign == "(" ? 1 : sign == ")" ? -1 : 0
        text += sign == "," ? ", " : sign
      case .name(let word), .number(let word): text += word
      case .comment, .directive: break
      }
    } while depth > 0
    return text
  }

  // MARK: Files

  private mutating func source() -> CSource {
    var result = CSource()
    var comment: String?
    while let token = next {
      if case .comment(let text) = token {
        comment = text
        place += 1
      } else if case .directive = token {
        place += 1
      } else if isNext(word: "typedef") {
        result.types.append(typeDefinition())
      } else if let function = function(comment) {
        result.functions.append(function)
        comment = nil
      }
    }
    return result
  }

  private mutating func typeDefinition() -> String {
    var words: [String] = []
    var depth = 0
    while true {
      let token = take()
      if token == .punctuator(";") && depth == 0 { break }
      if token == .punctuator("{") { depth += 1 }
      if token == .punctuator("}") { depth -= 1 }
      switch token {
      case .name(let word), .number(let word), .punctuator(let word): words.append(word)
      case .comment, .directive: break
      }
    }
    if let end = words.firstIndex(of: "__attribute__") ?? words.indices.last.map({ $0 + 1 }) {
      typeNames.insert(words[end - 1])
    }
    var text = ""
    for word in words {
      let isGlued = text.isEmpty || [",", ")", "(", ";"].contains(word) || text.hasSuffix("(")
      text += isGlued && word != "__attribute__" ? word : " " + word
    }
    return text.replacing("__attribute__ ((", with: "__attribute__((") + ";"
  }

  /// A function, or nil for a prototype, which is skipped.
  private mutating func function(_ comment: String?) -> CFunction? {
    let type = type()
    let name = takeName()
    expect("(")
    var parameters: [CDeclaration] = []
    if isNext(word: "void"), peek(1) == .punctuator(")") { place += 1 }
    while !isNext(")") {
      parameters.append(declarator(self.type()))
      if !accept(",") { break }
    }
    expect(")")
    if accept(";") { return nil }
    expect("{")
    return CFunction(
      type: type, name: name, parameters: parameters, comment: comment, body: statementsToBrace())
  }

  /// The name that a type definition defines.
  static func definedName(_ definition: String) -> String {
    let words = CLexer.tokens(of: definition).compactMap {
      if case .name(let name) = $0 { name } else { nil }
    }
    let end = words.firstIndex(of: "__attribute__") ?? words.count
    return end > 0 ? words[end - 1] : ""
  }
}
