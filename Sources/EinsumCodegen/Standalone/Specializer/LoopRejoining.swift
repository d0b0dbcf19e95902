/// Takes statements behind a loop that are its body once more into the loop: kernels treat their last block apart, which is
/// like the others where it is whole.
struct LoopRejoining {
  /// Knows the variables of the statements.
  let simplifier: CSimplifier

  func rejoin(_ statements: [CStatement]) -> [CStatement] {
    var result = statements
    var place = 0
    while place < result.count {
      while case .loop(let loop) = result[place], let longer = longer(loop, before: result[(place + 1)...]) {
        result.replaceSubrange(place...(place + loop.body.count), with: [.loop(longer)])
      }
      place += 1
    }
    return result
  }

  /// The loop that runs once more, if what follows is what it would then do.
  private func longer(_ loop: CLoop, before rest: ArraySlice<CStatement>) -> CLoop? {
    guard !loop.isShared, !loop.body.isEmpty, rest.count >= loop.body.count, loop.initial.count == 1,
      case .integer(let start)? = loop.initial[0].initial, loop.steps.count == 1,
      case .binary(.name(loop.initial[0].name), "<", .integer(let end)) = loop.condition
    else { return nil }
    let variable = CExpression.name(loop.initial[0].name)
    let step: Int
    switch loop.steps[0] {
    case .postfix(variable, "++"): step = 1
    case .assignment(variable, "+=", .integer(let number)) where number > 0: step = number
    default: return nil
    }
    guard !Specializer.assigned(in: loop.body).contains(loop.initial[0].name) else { return nil }
    let next = start + max(0, (end - start + step - 1) / step) * step
    let once = loop.body.map { statement in
      CleanUp.mapExpressions(statement) { $0 == variable ? .integer(next) : simplifier.simplified($0) }
    }
    guard once == Array(rest.prefix(once.count)) else { return nil }
    var result = loop
    result.condition = .binary(variable, "<", .integer(next + step))
    return result
  }
}
