/// An expression of the C that the emitters write.
///
/// Types are kept as text; the specializer needs to know of few, and never has to check one.
indirect enum CExpression: Hashable, Sendable {
  /// An integer without a suffix: the arithmetic of offsets and extents.
  case integer(Int)
  /// Any other literal, as it was written.
  case literal(String)
  case name(String)
  case prefix(String, CExpression)
  case postfix(CExpression, String)
  case binary(CExpression, String, CExpression)
  /// `=`, `+=` and so on.
  case assignment(CExpression, String, CExpression)
  case conditional(CExpression, CExpression, CExpression)
  case call(String, [CExpression])
  /// A call of the function that an expression points to.
  case invoke(CExpression, [CExpression])
  /// `base[index]`.
  case element(CExpression, CExpression)
  case member(CExpression, String)
  case cast(type: String, CExpression)
  /// `(type){items}`.
  case compound(type: String, [CExpression])
  /// `{items}`, the initial value of an aggregate.
  case braces([CExpression])
}

extension CExpression {
  /// The expressions directly inside this one.
  var parts: [CExpression] {
    switch self {
    case .integer, .literal, .name: []
    case .prefix(_, let x), .postfix(let x, _), .member(let x, _), .cast(_, let x): [x]
    case .binary(let x, _, let y), .assignment(let x, _, let y), .element(let x, let y): [x, y]
    case .conditional(let x, let y, let z): [x, y, z]
    case .call(_, let items), .compound(_, let items), .braces(let items): items
    case .invoke(let x, let items): [x] + items
    }
  }

  /// This expression with each of its direct parts replaced.
  func mapParts(_ change: (CExpression) -> CExpression) -> CExpression {
    switch self {
    case .integer, .literal, .name: self
    case .prefix(let sign, let x): .prefix(sign, change(x))
    case .postfix(let x, let sign): .postfix(change(x), sign)
    case .member(let x, let name): .member(change(x), name)
    case .cast(let type, let x): .cast(type: type, change(x))
    case .binary(let x, let sign, let y): .binary(change(x), sign, change(y))
    case .assignment(let x, let sign, let y): .assignment(change(x), sign, change(y))
    case .element(let x, let y): .element(change(x), change(y))
    case .conditional(let x, let y, let z): .conditional(change(x), change(y), change(z))
    case .call(let name, let items): .call(name, items.map(change))
    case .invoke(let x, let items): .invoke(change(x), items.map(change))
    case .compound(let type, let items): .compound(type: type, items.map(change))
    case .braces(let items): .braces(items.map(change))
    }
  }

  /// Calls `body` for this expression and all inside it.
  func visit(_ body: (CExpression) -> Void) {
    body(self)
    for part in parts { part.visit(body) }
  }
}
