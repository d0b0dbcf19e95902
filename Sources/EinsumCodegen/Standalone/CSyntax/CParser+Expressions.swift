extension CParser {
  /// An expression without the comma operator, which the emitters do not use.
  mutating func expression() throws(StandaloneFailure) -> CExpression { try assignment() }

  mutating func assignment() throws(StandaloneFailure) -> CExpression {
    let target = try conditional()
    guard case .punctuator(let sign) = next, CPrecedence.assignments.contains(sign) else { return target }
    _ = try take()
    return .assignment(target, sign, try assignment())
  }

  private mutating func conditional() throws(StandaloneFailure) -> CExpression {
    let condition = try binary(CPrecedence.lowest)
    guard accept("?") else { return condition }
    let first = try assignment()
    try expect(":")
    return .conditional(condition, first, try conditional())
  }

  /// Operators of at least the given precedence, by climbing.
  private mutating func binary(_ least: Int) throws(StandaloneFailure) -> CExpression {
    var left = try unary()
    while case .punctuator(let sign) = next, let level = CPrecedence.binary[sign], level >= least {
      _ = try take()
      left = .binary(left, sign, try binary(level + 1))
    }
    return left
  }

  private mutating func unary() throws(StandaloneFailure) -> CExpression {
    if case .punctuator(let sign) = next {
      if ["-", "!", "~", "*", "&", "+"].contains(sign) {
        _ = try take()
        let value = try unary()
        if sign == "-", case .integer(let number) = value { return .integer(-number) }
        return .prefix(sign, value)
      }
      if sign == "(", isType(peek(1)) {
        _ = try take()
        let type = try type()
        try expect(")")
        if isNext("{"), case .braces(let items) = try braces() {
          return try postfix(.compound(type: type, items))
        }
        return .cast(type: type, try unary())
      }
    }
    return try postfix(primary())
  }

  private mutating func primary() throws(StandaloneFailure) -> CExpression {
    switch try take() {
    case .number(let text): return Int(text).map(CExpression.integer) ?? .literal(text)
    case .name(let name):
      guard accept("(") else { return .name(name) }
      let items = try items(until: ")")
      return .call(name, items)
    case .punctuator("("):
      let value = try expression()
      try expect(")")
      return value
    case let token: throw StandaloneFailure("emitted C has an expression that begins with \(token)")
    }
  }

  private mutating func postfix(_ start: CExpression) throws(StandaloneFailure) -> CExpression {
    var value = start
    while true {
      if accept("[") {
        value = .element(value, try expression())
        try expect("]")
      } else if accept("(") {
        value = .invoke(value, try items(until: ")"))
      } else if accept("->") {
        value = .member(.prefix("*", value), try takeName())
      } else if accept(".") {
        value = .member(value, try takeName())
      } else if accept("++") {
        value = .postfix(value, "++")
      } else if accept("--") {
        value = .postfix(value, "--")
      } else {
        return value
      }
    }
  }

  /// `{items}`.
  mutating func braces() throws(StandaloneFailure) -> CExpression {
    try expect("{")
    return .braces(try items(until: "}"))
  }

  private mutating func items(until end: String) throws(StandaloneFailure) -> [CExpression] {
    var result: [CExpression] = []
    while !isNext(end) {
      result.append(try isNext("{") ? braces() : assignment())
      if !accept(",") { break }
    }
    try expect(end)
    return result
  }
}

/// How tightly C's operators bind.
enum CPrecedence {
  static let assignments: Set<String> = ["=", "+=", "-=", "*=", "/=", "%=", "|=", "&=", "^=", "<<=", ">>="]

  /// Binary operators; more binds tighter.
  static let binary: [String: Int] = [
    "||": 3, "&&": 4, "|": 5, "^": 6, "&": 7, "==": 8, "!=": 8, "<": 9, ">": 9, "<=": 9, ">=": 9, "<<": 10,
    ">>": 10, "+": 11, "-": 11, "*": 12, "/": 12, "%": 12,
  ]
  static let comparisons: Set<String> = ["==", "!=", "<", ">", "<=", ">="]
  static let assignment = 1
  static let conditional = 2
  static let lowest = 3
  static let unary = 13
  static let postfix = 14
}
