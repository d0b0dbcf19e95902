extension CParser {
  /// An expression without the comma operator, which the emitters do not use.
  mutating func expression() -> CExpression { assignment() }

  mutating func assignment() -> CExpression {
    let target = conditional()
    guard case .punctuator(let sign) = next, CPrecedence.assignments.contains(sign) else { return target }
    _ = take()
    return .assignment(target, sign, assignment())
  }

  private mutating func conditional() -> CExpression {
    let condition = binary(CPrecedence.lowest)
    guard accept("?") else { return condition }
    let first = assignment()
    expect(":")
    return .conditional(condition, first, conditional())
  }

  /// Operators of at least the given precedence, by climbing.
  private mutating func binary(_ least: Int) -> CExpression {
    var left = unary()
    while case .punctuator(let sign) = next, let level = CPrecedence.binary[sign], level >= least {
      _ = take()
      left = .binary(left, sign, binary(level + 1))
    }
    return left
  }

  private mutating func unary() -> CExpression {
    if case .punctuator(let sign) = next {
      if ["-", "!", "~", "*", "&", "+"].contains(sign) {
        _ = take()
        let value = unary()
        if sign == "-", case .integer(let number) = value { return .integer(-number) }
        return .prefix(sign, value)
      }
      if sign == "(", isType(peek(1)) {
        _ = take()
        let type = type()
        expect(")")
        if isNext("{"), case .braces(let items) = braces() { return postfix(.compound(type: type, items)) }
        return .cast(type: type, unary())
      }
    }
    return postfix(primary())
  }

  private mutating func primary() -> CExpression {
    switch take() {
    case .number(let text): return Int(text).map(CExpression.integer) ?? .literal(text)
    case .name(let name):
      guard accept("(") else { return .name(name) }
      let items = items(until: ")")
      return .call(name, items)
    case .punctuator("("):
      let value = expression()
      expect(")")
      return value
    case let token: preconditionFailure("internal: emitted C has an expression that begins with \(token)")
    }
  }

  private mutating func postfix(_ start: CExpression) -> CExpression {
    var value = start
    while true {
      if accept("[") {
        value = .element(value, expression())
        expect("]")
      } else if accept(".") {
        value = .member(value, takeName())
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
  mutating func braces() -> CExpression {
    expect("{")
    return .braces(items(until: "}"))
  }

  private mutating func items(until end: String) -> [CExpression] {
    var result: [CExpression] = []
    while !isNext(end) {
      result.append(isNext("{") ? braces() : assignment())
      if !accept(",") { break }
    }
    expect(end)
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
  static let assignment = 1
  static let conditional = 2
  static let lowest = 3
  static let unary = 13
  static let postfix = 14
}
