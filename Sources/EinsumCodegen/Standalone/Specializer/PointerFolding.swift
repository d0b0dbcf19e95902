/// Puts pointers that are used once where they are used: `p = a + 64 * i; p[j]` becomes `a[64 * i + j]`.
struct PointerFolding {
  /// Names that something assigns to.
  private let mutable: Set<String>
  private var simplifier = CSimplifier()
  private var folded: [String: CExpression] = [:]

  /// More terms than this are easier to read, and cheaper, in a variable of their own.
  private static let mostTerms = 3

  static func fold(_ statements: [CStatement], parameters: [CDeclaration]) -> [CStatement] {
    var mutable: Set<String> = []
    for statement in statements { collectAssigned(statement, &mutable) }
    var folding = PointerFolding(mutable: mutable)
    for parameter in parameters { folding.note(parameter) }
    return folding.fold(statements)
  }

  private init(mutable: Set<String>) { self.mutable = mutable }

  private mutating func note(_ variable: CDeclaration) {
    simplifier.note(variable)
    folded[variable.name] = nil
  }

  /// The names that a statement assigns to, but for a loop's own steps of its own variables.
  private static func collectAssigned(_ statement: CStatement, _ names: inout Set<String>) {
    switch statement {
    case .loop(let loop):
      var inner = Specializer.assigned(in: [], loop.steps).subtracting(loop.initial.map(\.name))
      for statement in loop.body { collectAssigned(statement, &inner) }
      names.formUnion(inner)
    case .branch(let condition, let then, let otherwise):
      names.formUnion(Specializer.assigned(in: [], [condition]))
      for statement in then + otherwise { collectAssigned(statement, &names) }
    case .block(let statements): for statement in statements { collectAssigned(statement, &names) }
    case .declaration, .expression, .exit: names.formUnion(Specializer.assigned(in: [statement]))
    case .comment, .directive: break
    }
  }

  // MARK: Statements

  private mutating func fold(_ statements: [CStatement]) -> [CStatement] {
    let outer = folded
    defer { folded = outer }
    var result: [CStatement] = []
    for (place, statement) in statements.enumerated() {
      if case .declaration(let variable) = statement, let value = variable.initial.map(expression),
        isFoldable(variable, value, uses: Self.uses(of: variable.name, in: statements[(place + 1)...]))
      {
        note(variable)
        folded[variable.name] = value
      } else {
        result.append(fold(statement))
      }
    }
    return LoopRejoining(simplifier: simplifier).rejoin(result)
  }

  private func isFoldable(_ variable: CDeclaration, _ value: CExpression, uses: Int) -> Bool {
    guard CSimplifier.kind(of: variable.type) == .pointer, uses == 1, !mutable.contains(variable.name),
      let form = simplifier.linear(value), simplifier.hasType(value, variable.type)
    else { return false }
    return form.terms.count <= Self.mostTerms + 1 && !form.terms.contains { mutable.contains($0.variable) }
  }

  private static func uses(of name: String, in statements: ArraySlice<CStatement>) -> Int {
    var count = 0
    for statement in statements {
      statement.visitExpressions { if $0 == .name(name) { count += 1 } }
    }
    return count
  }

  private mutating func fold(_ statement: CStatement) -> CStatement {
    switch statement {
    case .comment, .directive: return statement
    case .declaration(let variable): return .declaration(declaration(variable))
    case .expression(let value): return .expression(expression(value))
    case .exit(let value): return .exit(value.map(expression))
    case .block(let inner): return .block(fold(inner))
    case .branch(let condition, let then, let otherwise):
      return .branch(expression(condition), then: fold(then), else: fold(otherwise))
    case .loop(var loop):
      loop.initial = loop.initial.map { declaration($0) }
      loop.condition = expression(loop.condition)
      loop.steps = loop.steps.map(expression)
      loop.body = fold(loop.body)
      return .loop(loop)
    }
  }

  private mutating func declaration(_ variable: CDeclaration) -> CDeclaration {
    var result = variable
    result.initial = variable.initial.map(expression)
    note(variable)
    return result
  }

  private func expression(_ value: CExpression) -> CExpression {
    if case .name(let name) = value, let replacement = folded[name] { return replacement }
    return simplifier.simplified(value.mapParts(expression))
  }
}
