extension Specializer {
  /// The statements of a generic function in terms of the specialised one, as one list.
  mutating func run(_ statements: [CStatement], _ frame: inout Frame) -> [CStatement] {
    var output: [CStatement] = []
    for (place, statement) in statements.enumerated() {
      if frame.hasReturned { break }
      if case .branch(let condition, let then, let otherwise) = statement {
        let rest = Array(statements[(place + 1)...])
        if branch(condition, then, otherwise, rest, &frame, &output) { break }
      } else {
        run(statement, &frame, &output)
      }
    }
    return output
  }

  /// Statements in braces of their own.
  mutating func runInScope(_ statements: [CStatement], _ frame: inout Frame) -> [CStatement] {
    openScope()
    frame.open()
    defer {
      closeScope()
      frame.close()
    }
    return run(statements, &frame)
  }

  private mutating func run(_ statement: CStatement, _ frame: inout Frame, _ output: inout [CStatement]) {
    switch statement {
    case .comment, .directive: output.append(statement)
    case .exit(let value):
      frame.hasReturned = true
      if !frame.isInlined { output.append(.exit(value.map { evaluate($0, frame) })) }
    case .block(let inner):
      // In the result, blocks part the steps of a driver and nothing else; what other blocks declare gets names that the
      // text around them does not have.
      if frame.isInlined {
        frame.open()
        output += run(inner, &frame)
        frame.close()
      } else {
        let body = runInScope(inner, &frame)
        if body.count < 2 { output += body } else { output.append(.block(body)) }
      }
    case .declaration(let variable): declare(variable, &frame, &output)
    case .expression(let value): run(value, &frame, &output)
    case .loop(let loop): run(loop, &frame, &output)
    case .branch(let condition, let then, let otherwise):
      _ = branch(condition, then, otherwise, [], &frame, &output)
    }
  }

  // MARK: Branches

  /// A branch and, if one way returns from inlined text, what follows; tells whether that was used up.
  private mutating func branch(
    _ condition: CExpression, _ then: [CStatement], _ otherwise: [CStatement], _ rest: [CStatement],
    _ frame: inout Frame, _ output: inout [CStatement]
  ) -> Bool {
    let test = evaluate(condition, frame)
    if case .integer(let truth) = test {
      // What is said before a branch is about the choice.
      if case .comment? = output.last { output.removeLast() }
      frame.open()
      output += run(truth != 0 ? then : otherwise, &frame)
      frame.close()
      return false
    }
    let leaves = frame.isInlined && then.last == .exit(nil)
    let second = leaves ? otherwise + rest : otherwise
    let later = Set(rest.flatMap { CleanUp.names(in: [$0]) })
    // Behind text that ends on both ways, only what references stand for can have a use.
    for name in Self.assigned(in: then + second).sorted()
    where leaves && name.hasPrefix("*") || later.contains(name) && !leaves || !frame.isInnermost(name) {
      materialize(name, &frame, &output)
    }
    // What is left has no use behind the branch: each way may go on from what is known of it.
    var firstFrame = frame
    var lastFrame = frame
    let first = runInScope(then, &firstFrame)
    let last = runInScope(second, &lastFrame)
    if first.isEmpty && last.isEmpty { return leaves }
    output.append(
      first.isEmpty
        ? .branch(.prefix("!", test), then: last, else: []) : .branch(test, then: first, else: last))
    return leaves
  }

  // MARK: Declarations and expressions

  private mutating func declare(
    _ variable: CDeclaration, _ frame: inout Frame, _ output: inout [CStatement]
  ) {
    if let initial = variable.initial { materializeSteps(in: [initial], &frame, &output) }
    let value = variable.initial.map { evaluate($0, frame) }
    let kind = CSimplifier.kind(of: variable.type)
    if variable.type.hasPrefix("static const"), let value {
      return frame.declare(variable.name, variable.type, .alias(value))
    }
    if variable.count == nil, let value {
      if case .integer(let number) = value, kind == .integer {
        return frame.declare(variable.name, variable.type, .known(number))
      }
      if kind == .pointer, isStable(value), simplifier.hasType(value, variable.type) {
        return frame.declare(variable.name, variable.type, .alias(value))
      }
    }
    let name = declare(variable.name, variable.type)
    var residual = variable
    residual.name = name
    residual.initial = value
    residual.count = variable.count.map { evaluate($0, frame) }
    simplifier.note(residual)
    output.append(.declaration(residual))
    frame.declare(variable.name, variable.type, .variable(name))
  }

  /// Whether an address is only that of a parameter, and so may stand for a variable that holds it.
  private func isStable(_ value: CExpression) -> Bool {
    simplifier.linear(value)?.terms.count == 1 && isFixed(value)
  }

  private mutating func run(_ value: CExpression, _ frame: inout Frame, _ output: inout [CStatement]) {
    switch value {
    // What these change they may change without a place.
    case .postfix(.name, _), .call, .invoke: break
    default: materializeSteps(in: value.parts, &frame, &output)
    }
    switch value {
    case .cast(type: "void", _): return
    case .assignment(let target, let sign, let operand):
      if let name = Self.variable(target), let variable = frame[name] {
        return assign(name, variable, sign, operand, &frame, &output)
      }
    case .postfix(.name(let name), let sign):
      if let variable = frame[name] {
        return assign(name, variable, sign == "++" ? "+=" : "-=", .integer(1), &frame, &output)
      }
    case .call(let name, let arguments):
      if let function = library[name], function.returnsNothing {
        return call(function, arguments, &frame, &output)
      }
    case .invoke(let callee, let arguments):
      let target = evaluate(callee, frame)
      if case .name(let name) = target, let function = library[name] {
        return call(function, arguments, &frame, &output)
      }
      unknownCall = CWriter.text(target)
    default: break
    }
    materializeSteps(in: value.parts, &frame, &output)
    output.append(.expression(evaluate(value, frame)))
  }

  /// Gives variables that change in the midst of an expression, as in `table[end++]`, a place.
  mutating func materializeSteps(
    in parts: [CExpression], _ frame: inout Frame, _ output: inout [CStatement]
  ) {
    for name in Self.assigned(in: [], parts).sorted() { materialize(name, &frame, &output) }
  }

  /// The variable that an assignment's target is: `x`, or `*x` where x is a reference.
  private static func variable(_ target: CExpression) -> String? {
    switch target {
    case .name(let name): name
    case .prefix("*", .name(let name)): "*" + name
    default: nil
    }
  }

  private mutating func assign(
    _ name: String, _ variable: Frame.Variable, _ sign: String, _ operand: CExpression,
    _ frame: inout Frame, _ output: inout [CStatement]
  ) {
    let right = evaluate(operand, frame)
    if right == .integer(0) && (sign == "+=" || sign == "-=") { return }
    if case .variable(let residual) = variable.value {
      let isStep = right == .integer(1) && (sign == "+=" || sign == "-=")
      output.append(
        .expression(
          isStep
            ? .postfix(.name(residual), sign == "+=" ? "++" : "--")
            : .assignment(.name(residual), sign, right)))
      return
    }
    let old = evaluate(.name(name), frame)
    let result = sign == "=" ? right : simplifier.simplified(.binary(old, String(sign.dropLast()), right))
    if case .integer(let number) = result {
      frame.set(name, .known(number))
    } else if isFixed(result) {
      frame.set(name, .alias(result))
    } else {
      materialize(name, &frame, &output)
      output.append(.expression(.assignment(evaluate(.name(name), frame), sign, right)))
    }
  }
}
