extension CParser {
  /// Statements up to and with the closing brace.
  mutating func statementsToBrace() throws(StandaloneFailure) -> [CStatement] {
    var result: [CStatement] = []
    while !accept("}") { result += try statement() }
    return result
  }

  /// One statement; several for several variables or for expressions with commas between.
  private mutating func statement() throws(StandaloneFailure) -> [CStatement] {
    if case .comment(let text) = next {
      _ = try take()
      return [.comment(text)]
    }
    if case .directive(let line) = next {
      _ = try take()
      guard line == OpenMP.loop else { return [.directive(line)] }
      return try statement().map { statement in
        guard case .loop(var loop) = statement else { return statement }
        loop.isShared = true
        return .loop(loop)
      }
    }
    if accept("{") { return [.block(try statementsToBrace())] }
    if accept(";") { return [] }
    if acceptWord("if") { return [try branch()] }
    if acceptWord("for") { return [try forLoop()] }
    if acceptWord("while") {
      try expect("(")
      let condition = try expression()
      try expect(")")
      return [.loop(CLoop(initial: [], condition: condition, steps: [], body: try body()))]
    }
    if acceptWord("return") {
      let value = try isNext(";") ? nil : expression()
      try expect(";")
      return [.exit(value)]
    }
    if isType(next) { return try declarations().map { .declaration($0) } }
    var values = [try expression()]
    while accept(",") { values.append(try expression()) }
    try expect(";")
    return values.map { .expression($0) }
  }

  /// What a condition or a loop governs: a block's statements, or one statement.
  private mutating func body() throws(StandaloneFailure) -> [CStatement] {
    try accept("{") ? statementsToBrace() : statement()
  }

  private mutating func branch() throws(StandaloneFailure) -> CStatement {
    try expect("(")
    let condition = try expression()
    try expect(")")
    let then = try body()
    return .branch(condition, then: then, else: try acceptWord("else") ? body() : [])
  }

  private mutating func forLoop() throws(StandaloneFailure) -> CStatement {
    try expect("(")
    var initial: [CDeclaration] = []
    if !accept(";") { initial = try declarations() }
    let condition = try isNext(";") ? CExpression.integer(1) : expression()
    try expect(";")
    var steps: [CExpression] = []
    while !isNext(")") {
      steps.append(try assignment())
      if !accept(",") { break }
    }
    try expect(")")
    return .loop(CLoop(initial: initial, condition: condition, steps: steps, body: try body()))
  }
}
