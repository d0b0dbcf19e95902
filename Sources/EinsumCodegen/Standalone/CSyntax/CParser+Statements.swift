extension CParser {
  /// Statements up to and with the closing brace.
  mutating func statementsToBrace() -> [CStatement] {
    var result: [CStatement] = []
    while !accept("}") { result += statement() }
    return result
  }

  /// One statement; several for several variables or for expressions with commas between.
  private mutating func statement() -> [CStatement] {
    if case .comment(let text) = next {
      _ = take()
      return [.comment(text)]
    }
    if case .directive(let line) = next {
      _ = take()
      return [.directive(line)]
    }
    if accept("{") { return [.block(statementsToBrace())] }
    if accept(";") { return [] }
    if acceptWord("if") { return [branch()] }
    if acceptWord("for") { return [forLoop()] }
    if acceptWord("while") {
      expect("(")
      let condition = expression()
      expect(")")
      return [.loop(CLoop(initial: [], condition: condition, steps: [], body: body()))]
    }
    if acceptWord("return") {
      let value = isNext(";") ? nil : expression()
      expect(";")
      return [.exit(value)]
    }
    if isType(next) { return declarations().map { .declaration($0) } }
    var values = [expression()]
    while accept(",") { values.append(expression()) }
    expect(";")
    return values.map { .expression($0) }
  }

  /// What a condition or a loop governs: a block's statements, or one statement.
  private mutating func body() -> [CStatement] {
    accept("{") ? statementsToBrace() : statement()
  }

  private mutating func branch() -> CStatement {
    expect("(")
    let condition = expression()
    expect(")")
    let then = body()
    return .branch(condition, then: then, else: acceptWord("else") ? body() : [])
  }

  private mutating func forLoop() -> CStatement {
    expect("(")
    var initial: [CDeclaration] = []
    if !accept(";") { initial = declarations() }
    let condition = isNext(";") ? CExpression.integer(1) : expression()
    expect(";")
    var steps: [CExpression] = []
    while !isNext(")") {
      steps.append(assignment())
      if !accept(",") { break }
    }
    expect(")")
    return .loop(CLoop(initial: initial, condition: condition, steps: steps, body: body()))
  }
}
