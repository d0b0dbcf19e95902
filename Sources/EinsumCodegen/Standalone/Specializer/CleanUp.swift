/// What specialising leaves behind, taken away.
enum CleanUp {
  /// The names that statements use.
  static func names(in statements: [CStatement]) -> Set<String> {
    var result: Set<String> = []
    for statement in statements {
      statement.visitExpressions { if case .name(let name) = $0 { result.insert(name) } }
    }
    return result
  }

  static func names(in value: CExpression) -> Set<String> {
    var result: Set<String> = []
    value.visit { if case .name(let name) = $0 { result.insert(name) } }
    return result
  }

  /// Statements without variables that nothing reads, and without loops and branches that do nothing.
  static func unusedVariables(of statements: [CStatement]) -> [CStatement] {
    var result = statements
    while true {
      let used = names(in: result)
      let next = removing(result, used)
      if next == result { return result }
      result = next
    }
  }

  private static func removing(_ statements: [CStatement], _ used: Set<String>) -> [CStatement] {
    statements.compactMap { statement in
      switch statement {
      case .declaration(let variable): return used.contains(variable.name) ? statement : nil
      case .block(let inner):
        let inner = removing(inner, used)
        return inner.isEmpty ? nil : .block(inner)
      case .branch(let condition, let then, let otherwise):
        let (first, last) = (removing(then, used), removing(otherwise, used))
        if first.isEmpty && last.isEmpty { return nil }
        return first.isEmpty
          ? .branch(.prefix("!", condition), then: last, else: [])
          : .branch(condition, then: first, else: last)
      case .loop(var loop):
        loop.body = removing(loop.body, used)
        return loop.body.isEmpty && !loop.steps.isEmpty ? nil : .loop(loop)
      case .expression, .exit, .comment, .directive: return statement
      }
    }
  }

  /// A statement with each of its expressions, and those inside, replaced from the inside out.
  static func mapExpressions(
    _ statement: CStatement, _ change: (CExpression) -> CExpression
  ) -> CStatement {
    func value(_ x: CExpression) -> CExpression { change(x.mapParts(value)) }
    func variable(_ old: CDeclaration) -> CDeclaration {
      var result = old
      result.initial = old.initial.map(value)
      return result
    }
    func all(_ statements: [CStatement]) -> [CStatement] { statements.map { mapExpressions($0, change) } }
    switch statement {
    case .comment, .directive: return statement
    case .declaration(let old): return .declaration(variable(old))
    case .expression(let x): return .expression(value(x))
    case .exit(let x): return .exit(x.map(value))
    case .block(let inner): return .block(all(inner))
    case .branch(let condition, let then, let otherwise):
      return .branch(value(condition), then: all(then), else: all(otherwise))
    case .loop(let loop):
      return .loop(
        CLoop(
          initial: loop.initial.map(variable), condition: value(loop.condition), steps: loop.steps.map(value),
          body: all(loop.body), isShared: loop.isShared))
    }
  }
}
