/// Reads the C that the emitters write back into a tree, so that it can be specialised.
///
/// It knows what the emitters use and no more.
struct CParser {
  private var tokens: [CToken]
  private var place = 0
  private var typeNames: Set<String> = [
    "void", "char", "short", "int", "long", "float", "double", "unsigned", "signed", "const", "_Float16",
    "_Alignas", "struct", "static", "volatile",
  ]

  /// The tree of a text. `types` are the names that earlier texts define.
  static func source(_ text: String, types: Set<String> = []) throws(StandaloneFailure) -> CSource {
    var parser = CParser(tokens: CLexer.tokens(of: text))
    parser.typeNames.formUnion(types)
    return try parser.source()
  }

  private init(tokens: [CToken]) { self.tokens = tokens }

  // MARK: Words

  var next: CToken? { place < tokens.count ? tokens[place] : nil }

  func peek(_ distance: Int) -> CToken? {
    place + distance < tokens.count ? tokens[place + distance] : nil
  }

  func isNext(_ sign: String) -> Bool { next == .punctuator(sign) }

  func isNext(word: String) -> Bool { next == .name(word) }

  mutating func take() throws(StandaloneFailure) -> CToken {
    guard let token = next else { throw StandaloneFailure("emitted C ends too early") }
    place += 1
    return token
  }

  mutating func accept(_ sign: String) -> Bool {
    guard isNext(sign) else { return false }
    place += 1
    return true
  }

  mutating func expect(_ sign: String) throws(StandaloneFailure) {
    guard accept(sign) else {
      throw StandaloneFailure("emitted C has \(String(describing: next)) where '\(sign)' is expected")
    }
  }

  mutating func acceptWord(_ word: String) -> Bool {
    guard isNext(word: word) else { return false }
    place += 1
    return true
  }

  mutating func expect(word: String) throws(StandaloneFailure) {
    guard acceptWord(word) else {
      throw StandaloneFailure("emitted C has \(String(describing: next)) where '\(word)' is expected")
    }
  }

  mutating func takeName() throws(StandaloneFailure) -> String {
    guard case .name(let name) = try take() else { throw StandaloneFailure("emitted C lacks a name") }
    return name
  }

  func isType(_ token: CToken?) -> Bool {
    if case .name(let name) = token { return typeNames.contains(name) }
    return false
  }

  // MARK: Types and declarations

  /// `const float *const`, `static __attribute__((noinline)) void`: words, then stars with their qualifiers.
  mutating func type() throws(StandaloneFailure) -> String {
    var words: [String] = []
    while case .name(let word) = next,
      typeNames.contains(word) || ["static", "inline", "__attribute__"].contains(word)
    {
      words.append(word == "__attribute__" ? try attributes() : try takeName())
    }
    return stars(behind: words.joined(separator: " "))
  }

  /// A type with the stars and qualifiers that follow.
  private mutating func stars(behind words: String) -> String {
    var text = words
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
  mutating func declarator(_ type: String) throws(StandaloneFailure) -> CDeclaration {
    var variable = CDeclaration(type: type, name: try takeName())
    var count: CExpression?
    while accept("[") {
      // A table's first dimension may be left to its items; the others go without saying.
      let dimension = try isNext("]") ? CExpression.integer(0) : expression()
      count = count ?? dimension
      try expect("]")
    }
    variable.count = count
    if isNext(word: "__attribute__") { variable.attributes = try attributes() }
    if accept("=") { variable.initial = try isNext("{") ? braces() : assignment() }
    return variable
  }

  /// Declarators that share a type, up to the semicolon.
  mutating func declarations() throws(StandaloneFailure) -> [CDeclaration] {
    var alignment = ""
    if acceptWord("_Alignas") {
      try expect("(")
      alignment = "__attribute__((aligned(\(CWriter.text(try expression())))))"
      try expect(")")
    }
    let type = try type()
    var result = [try declarator(type)]
    let words = type.prefix { $0 != "*" }.split(separator: " ").joined(separator: " ")
    while accept(",") { result.append(try declarator(stars(behind: words))) }
    try expect(";")
    if !alignment.isEmpty {
      for number in result.indices { result[number].attributes = alignment }
    }
    return result
  }

  private mutating func attributes() throws(StandaloneFailure) -> String {
    var text = try takeName()
    var depth = 0
    repeat {
      switch try take() {
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

  private mutating func source() throws(StandaloneFailure) -> CSource {
    var result = CSource()
    var comment: String?
    while let token = next {
      if case .comment(let text) = token {
        comment = text
        place += 1
      } else if case .directive = token {
        place += 1
      } else if isNext(word: "typedef") {
        if let definition = try typeDefinition() { result.types.append(definition) }
      } else if isNext(word: "struct"), peek(2) == .punctuator("{") {
        let (name, members) = try structure()
        result.structures[name] = members
      } else if let function = try function(comment) {
        result.functions.append(function)
        comment = nil
      }
    }
    return result
  }

  /// `struct name { long x, y; };`
  private mutating func structure() throws(StandaloneFailure) -> (name: String, members: [String]) {
    try expect(word: "struct")
    let name = try takeName()
    typeNames.insert(name)
    try expect("{")
    let members = try declarations().map(\.name)
    try expect("}")
    try expect(";")
    return (name, members)
  }

  /// A type definition, or nil for a pointer to functions, which specialised text has no use for.
  private mutating func typeDefinition() throws(StandaloneFailure) -> String? {
    var words: [String] = []
    var depth = 0
    while true {
      let token = try take()
      if token == .punctuator(";") && depth == 0 { break }
      if token == .punctuator("{") { depth += 1 }
      if token == .punctuator("}") { depth -= 1 }
      switch token {
      case .name(let word), .number(let word), .punctuator(let word): words.append(word)
      case .comment, .directive: break
      }
    }
    if let pointer = words.firstIndex(of: "*"), words[pointer - 1] == "(" {
      typeNames.insert(words[pointer + 1])
      return nil
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
  private mutating func function(_ comment: String?) throws(StandaloneFailure) -> CFunction? {
    let type = try type()
    let name = try takeName()
    try expect("(")
    var parameters: [CDeclaration] = []
    if isNext(word: "void"), peek(1) == .punctuator(")") { place += 1 }
    while !isNext(")") {
      parameters.append(try declarator(try self.type()))
      if !accept(",") { break }
    }
    try expect(")")
    if accept(";") { return nil }
    try expect("{")
    return CFunction(
      type: type, name: name, parameters: parameters, comment: comment, body: try statementsToBrace())
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
