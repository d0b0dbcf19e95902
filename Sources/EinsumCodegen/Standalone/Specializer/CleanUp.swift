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

  /// Statements in which no variable takes over from another that has no use behind it: `q = p; use(q)` is `use(p)`.
  static func withoutCopies(_ statements: [CStatement]) -> [CStatement] {
    var result = statements
    var place = 0
    while place < result.count {
      switch result[place] {
      case .declaration(let copy): if merge(copy, at: place, in: &result) { continue }
      case .block(let inner): result[place] = .block(withoutCopies(inner))
      case .branch(let condition, let then, let otherwise):
        result[place] = .branch(condition, then: withoutCopies(then), else: withoutCopies(otherwise))
      case .loop(var loop):
        loop.body = withoutCopies(loop.body)
        result[place] = .loop(loop)
      case .expression, .exit, .comment, .directive: break
      }
      place += 1
    }
    return result
  }

  /// Removes a copy of a variable of the same list, if that has no use any more, and says whether it did.
  private static func merge(_ copy: CDeclaration, at place: Int, in statements: inout [CStatement]) -> Bool {
    guard copy.count == nil, case .name(let original)? = copy.initial,
      !names(in: Array(statements[(place + 1)...])).contains(original)
    else { return false }
    for earlier in 0..<place {
      guard case .declaration(var variable) = statements[earlier], variable.name == original,
        variable.count == nil, Specializer.mutable(variable.type) == Specializer.mutable(copy.type)
      else { continue }
      variable.type = Specializer.mutable(variable.type)
      statements[earlier] = .declaration(variable)
      for later in (place + 1)..<statements.count {
        statements[later] = mapExpressions(statements[later]) {
          $0 == .name(copy.name) ? .name(original) : $0
        }
      }
      statements.remove(at: place)
      return true
    }
    return false
  }

  /// Statements without variables that nothing reads, what is done to these included, and without loops and branches that
  /// do nothing.
  static func unusedVariables(of statements: [CStatement]) -> [CStatement] {
    var result = statements
    while true {
      let used = readNames(in: result)
      let next = removing(result, used)
      if next == result { return result }
      result = next
    }
  }

  private static func removing(_ statements: [CStatement], _ used: Set<String>) -> [CStatement] {
    let kept = statements.indices.compactMap { place -> CStatement? in
      let statement = statements[place]
      switch statement {
      case .declaration(let variable):
        // Another scope may have a variable of the same name.
        return used.contains(variable.name)
          && names(in: Array(statements[(place + 1)...])).contains(variable.name) ? statement : nil
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
        loop.steps.removeAll { isDead($0, used) }
        return loop.body.isEmpty && !loop.steps.isEmpty ? nil : .loop(loop)
      case .expression(let value): return isDead(value, used) ? nil : statement
      case .exit, .comment, .directive: return statement
      }
    }
    return withoutLastChanges(kept)
  }

  /// The names that statements use, but for variables that only change.
  static func readNames(in statements: [CStatement]) -> Set<String> {
    var result: Set<String> = []
    func note(_ value: CExpression) {
      if let (_, operand) = change(value) { return result.formUnion(operand.map(names) ?? []) }
      result.formUnion(names(in: value))
    }
    func visit(_ statement: CStatement) {
      switch statement {
      case .declaration(let variable):
        for value in [variable.initial, variable.count].compactMap(\.self) { note(value) }
      case .expression(let value): note(value)
      case .exit(let value): if let value { note(value) }
      case .block(let inner): inner.forEach(visit)
      case .branch(let condition, let then, let otherwise):
        note(condition)
        (then + otherwise).forEach(visit)
      case .loop(let loop):
        loop.initial.forEach { visit(.declaration($0)) }
        note(loop.condition)
        loop.steps.forEach(note)
        loop.body.forEach(visit)
      case .comment, .directive: break
      }
    }
    statements.forEach(visit)
    return result
  }

  /// If an expression does nothing but change a variable: which, and by what.
  static func change(_ value: CExpression) -> (name: String, operand: CExpression?)? {
    switch value {
    case .assignment(.name(let name), _, let operand): (name, operand)
    case .postfix(.name(let name), _): (name, nil)
    default: nil
    }
  }

  static func isDead(_ value: CExpression, _ used: Set<String>) -> Bool {
    guard let (name, operand) = change(value), !used.contains(name) else { return false }
    var calls = false
    operand?.visit { part in
      switch part {
      case .call, .invoke, .assignment, .postfix: calls = true
      default: break
      }
    }
    return !calls
  }

  /// A statement with each of its expressions, and those inside, replaced from the inside out; and then its declarations.
  static func mapExpressions(
    _ statement: CStatement, declaring: (CDeclaration) -> CDeclaration = { $0 },
    _ change: (CExpression) -> CExpression
  ) -> CStatement {
    func value(_ x: CExpression) -> CExpression { change(x.mapParts(value)) }
    func variable(_ old: CDeclaration) -> CDeclaration {
      var result = old
      result.initial = old.initial.map(value)
      return declaring(result)
    }
    func all(_ statements: [CStatement]) -> [CStatement] {
      statements.map { mapExpressions($0, declaring: declaring, change) }
    }
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
          body: all(loop.body), isShared: loop.isShared, hasRest: loop.hasRest))
    }
  }
}
