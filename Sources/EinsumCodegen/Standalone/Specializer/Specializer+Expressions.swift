extension Specializer {
  /// An expression of a generic function in terms of the specialised one.
  mutating func evaluate(_ value: CExpression, _ frame: Frame) -> CExpression {
    switch value {
    case .name(let name): return read(name, frame) ?? value
    case .prefix("*", .name(let name)):
      if let known = read("*" + name, frame) { return known }
    case .binary(let x, "&&", let y):
      // The second condition is not looked at if the first decides: it may call a function.
      let first = evaluate(x, frame)
      return first == .integer(0) ? first : simplifier.simplified(.binary(first, "&&", evaluate(y, frame)))
    case .binary(let x, "||", let y):
      let first = evaluate(x, frame)
      if case .integer(let truth) = first, truth != 0 { return .integer(1) }
      return simplifier.simplified(.binary(first, "||", evaluate(y, frame)))
    case .call(let name, let arguments):
      let values = arguments.map { evaluate($0, frame) }
      guard let function = library[name] else { return .call(name, values) }
      return .call(copy(function), values)
    default: break
    }
    var parts = value.parts.map { evaluate($0, frame) }[...]
    return simplifier.simplified(value.mapParts { _ in parts.removeFirst() })
  }

  private func read(_ name: String, _ frame: Frame) -> CExpression? {
    switch frame[name]?.value {
    case .known(let number): .integer(number)
    case .alias(let expression): expression
    case .variable(let name): .name(name)
    case nil: nil
    }
  }

  /// Gives a variable that was only known so far a place in the specialised function, as it is about to vary.
  mutating func materialize(_ name: String, _ frame: inout Frame, _ output: inout [CStatement]) {
    guard let variable = frame[name] else { return }
    if case .alias(.name(let parameter)) = variable.value, ownParameters.contains(parameter),
      !mutable.contains(parameter), !frame.isInlined, !frame.isAliased(parameter, besides: name)
    {
      mutable.insert(parameter)
      return frame.set(name, .variable(parameter))
    }
    let initial: CExpression
    switch variable.value {
    case .variable: return
    case .known(let number): initial = .integer(number)
    case .alias(let expression): initial = expression
    }
    let type = Self.mutable(variable.type)
    let fresh = declare(name.replacing("*", with: ""), type)
    output.append(.declaration(CDeclaration(type: type, name: fresh, initial: initial)))
    mutable.insert(fresh)
    frame.set(name, .variable(fresh))
  }

  /// Whether an expression is an address or an offset that stays what it is.
  func isFixed(_ value: CExpression) -> Bool {
    guard let form = simplifier.linear(value) else { return false }
    return !form.terms.contains { mutable.contains($0.variable) }
  }

  /// A type without qualifiers of the variable itself.
  static func mutable(_ type: String) -> String {
    if let star = type.lastIndex(of: "*") { return String(type[...star]) }
    return type.hasPrefix("const ") ? String(type.dropFirst(6)) : type
  }

  /// The variables that statements assign to and do not declare.
  static func assigned(in statements: [CStatement], _ expressions: [CExpression] = []) -> Set<String> {
    var names: Set<String> = []
    func look(_ value: CExpression) {
      switch value {
      case .assignment(.name(let name), _, _), .postfix(.name(let name), _), .prefix("&", .name(let name)):
        names.insert(name)
      case .assignment(.prefix("*", .name(let name)), _, _): names.insert("*" + name)
      default: break
      }
    }
    for statement in statements { statement.visitExpressions(look) }
    for value in expressions { value.visit(look) }
    return names.subtracting(declared(in: statements))
  }

  private static func declared(in statements: [CStatement]) -> Set<String> {
    var names: Set<String> = []
    for statement in statements {
      switch statement {
      case .declaration(let variable): names.insert(variable.name)
      case .branch(_, let then, let otherwise): names.formUnion(declared(in: then + otherwise))
      case .block(let inner): names.formUnion(declared(in: inner))
      case .loop(let loop):
        names.formUnion(loop.initial.map(\.name))
        names.formUnion(declared(in: loop.body))
      case .expression, .exit, .comment, .directive: break
      }
    }
    return names
  }
}
