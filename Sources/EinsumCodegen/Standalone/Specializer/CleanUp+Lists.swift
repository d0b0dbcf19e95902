extension CleanUp {
  /// Statements without changes of variables of their own that nothing behind them reads.
  static func withoutLastChanges(_ statements: [CStatement]) -> [CStatement] {
    var own: Set<String> = []
    for case .declaration(let variable) in statements { own.insert(variable.name) }
    var read: Set<String> = []
    var result: [CStatement] = []
    for statement in statements.reversed() {
      if case .expression(let value) = statement, let (name, _) = change(value), own.contains(name),
        isDead(value, read)
      {
        continue
      }
      read.formUnion(readNames(in: [statement]))
      result.append(statement)
    }
    return result.reversed()
  }

  /// Statements in which a variable that gets its value right behind its declaration has it from there: `v = x;` behind
  /// `T v;` makes both `T v = x;`.
  static func joiningDeclarations(of statements: [CStatement]) -> [CStatement] {
    var result: [CStatement] = []
    for statement in statements {
      if case .expression(.assignment(.name(let name), "=", let value)) = statement,
        case .declaration(var variable)? = result.last, variable.name == name, variable.count == nil,
        variable.initial == nil, !names(in: value).contains(name)
      {
        variable.initial = value
        result[result.count - 1] = .declaration(variable)
      } else {
        result.append(joiningInside(statement))
      }
    }
    return result
  }

  private static func joiningInside(_ statement: CStatement) -> CStatement {
    switch statement {
    case .block(let inner): return .block(joiningDeclarations(of: inner))
    case .branch(let condition, let then, let otherwise):
      return .branch(
        condition, then: joiningDeclarations(of: then), else: joiningDeclarations(of: otherwise))
    case .loop(var loop):
      loop.body = joiningDeclarations(of: loop.body)
      return .loop(loop)
    case .declaration, .expression, .exit, .comment, .directive: return statement
    }
  }
}
