/// A variable's declaration.
struct CDeclaration: Hashable, Sendable {
  /// All that stands before the name: `const float *const`.
  var type: String
  var name: String
  /// The number of elements, for an array.
  var count: CExpression?
  /// What stands behind the name: `__attribute__((aligned(64)))`.
  var attributes = ""
  var initial: CExpression?
}

/// A statement of the C that the emitters write.
indirect enum CStatement: Hashable, Sendable {
  case declaration(CDeclaration)
  case expression(CExpression)
  case branch(CExpression, then: [CStatement], else: [CStatement])
  case loop(CLoop)
  case block([CStatement])
  case exit(CExpression?)
  case comment(String)
  /// A line for the preprocessor.
  case directive(String)
}

/// A `for` loop; `while` is one without initial and steps.
struct CLoop: Hashable, Sendable {
  var initial: [CDeclaration]
  var condition: CExpression
  var steps: [CExpression]
  var body: [CStatement]
  /// Whether the threads of a region share it.
  var isShared = false
  /// Whether blocks of it follow, at the end of which the threads wait, and not here.
  var hasRest = false
}

/// A function with its body.
struct CFunction: Hashable, Sendable {
  /// All that stands before the name: `static inline void`.
  var type: String
  var name: String
  var parameters: [CDeclaration]
  var comment: String?
  var body: [CStatement]

  var returnsNothing: Bool { type.hasSuffix("void") }
}

/// A C text: its type definitions and functions, in order. Preprocessor lines are not part of it.
struct CSource: Hashable, Sendable {
  var types: [String] = []
  /// The members, all of type `long`, of structs that helpers hand on; see ``CStructures``.
  var structures: [String: [String]] = [:]
  var functions: [CFunction] = []
}

extension CStatement {
  /// Calls `body` for every expression directly in this statement and those inside it.
  func visitExpressions(_ body: (CExpression) -> Void) {
    switch self {
    case .declaration(let variable):
      variable.initial?.visit(body)
      variable.count?.visit(body)
    case .expression(let value): value.visit(body)
    case .branch(let condition, let then, let otherwise):
      condition.visit(body)
      for statement in then + otherwise { statement.visitExpressions(body) }
    case .loop(let loop):
      for variable in loop.initial { variable.initial?.visit(body) }
      loop.condition.visit(body)
      for step in loop.steps { step.visit(body) }
      for statement in loop.body { statement.visitExpressions(body) }
    case .block(let statements): for statement in statements { statement.visitExpressions(body) }
    case .exit(let value): value?.visit(body)
    case .comment, .directive: break
    }
  }

  /// Whether the preprocessor has a say in it.
  var hasDirectives: Bool {
    switch self {
    case .directive: true
    case .declaration, .expression, .exit, .comment: false
    case .branch(_, let then, let otherwise): (then + otherwise).contains(where: \.hasDirectives)
    case .loop(let loop): loop.body.contains(where: \.hasDirectives)
    case .block(let statements): statements.contains(where: \.hasDirectives)
    }
  }

  /// The number of statements, those inside counted.
  var size: Int {
    switch self {
    case .declaration, .expression, .exit: 1
    case .comment, .directive: 0
    case .branch(_, let then, let otherwise): 1 + (then + otherwise).reduce(0) { $0 + $1.size }
    case .loop(let loop): 1 + loop.body.reduce(0) { $0 + $1.size }
    case .block(let statements): statements.reduce(0) { $0 + $1.size }
    }
  }
}
