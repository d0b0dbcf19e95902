extension Specializer {
  /// A loop whose variable starts, ends and steps at known values.
  private struct Counted {
    let variable: String
    let type: String
    /// Whether the variable belongs to the loop.
    let isOwn: Bool
    let start: Int
    let step: Int
    /// The condition holds for values below this.
    let end: Int
    /// The steps of other variables.
    let others: [CExpression]
    let isShared: Bool

    /// What the variable is behind the loop.
    var last: Int?

    var trips: Int { end <= start ? 0 : (end - start + step - 1) / step }
    func value(_ trip: Int) -> Int { start + trip * step }
  }

  mutating func run(_ loop: CLoop, _ frame: inout Frame, _ output: inout [CStatement]) {
    frame.open()
    defer { frame.close() }
    var loop = loop
    if case .binary(let first, "&&", let second) = loop.condition,
      case .integer(let truth) = evaluate(first, frame)
    {
      if truth == 0 { return }
      loop.condition = second
    }
    // `p == 0 || p < k` is there for sums over nothing.
    if case .binary(let first, "||", let second) = loop.condition, let initial = loop.initial.first,
      loop.initial.count == 1, let start = initial.initial,
      first == .binary(.name(initial.name), "==", start), case .integer(let number) = evaluate(start, frame)
    {
      var inner = frame
      inner.declare(initial.name, initial.type, .known(number))
      if case .integer(1) = evaluate(second, inner) { loop.condition = second }
    }
    // A loop that never runs changes nothing.
    if loop.initial.isEmpty, evaluate(loop.condition, frame) == .integer(0) { return }
    if let (first, second) = Self.split(loop, { evaluate($0, frame) }) {
      run(first, &frame, &output)
      return run(second, &frame, &output)
    }
    if let blocks = overlappingBlocks(loop, frame) {
      run(blocks, &frame, &output)
    } else if let counted = counted(loop, frame) {
      run(counted, loop.body, &frame, &output)
    } else if !runWhile(loop, &frame, &output) {
      runUncounted(loop, &frame, &output)
    }
  }

  /// `while (p < n) { if (p + c <= n) { ...; p += c; } else { ...; p++; } }` as two loops: the condition that fails once
  /// fails from then on.
  private static func split(_ loop: CLoop, _ evaluate: (CExpression) -> CExpression) -> (CLoop, CLoop)? {
    guard loop.initial.isEmpty, loop.steps.isEmpty, loop.body.count == 1,
      case .branch(let test, let then, let otherwise) = loop.body[0],
      case .binary(.name(let name), "<", let end) = loop.condition
    else { return nil }
    var fits = test
    if case .binary(let x, "&&", let y) = test, case .integer(let truth) = evaluate(y), truth != 0 {
      fits = x
    }
    guard case .binary(.binary(.name(name), "+", let length), "<=", end) = fits,
      case .expression(.assignment(.name(name), "+=", length))? = then.last,
      case .expression(.postfix(.name(name), "++"))? = otherwise.last
    else { return nil }
    return (
      CLoop(
        initial: [], condition: fits, steps: [.assignment(.name(name), "+=", length)],
        body: Array(then.dropLast())),
      CLoop(
        initial: [], condition: loop.condition, steps: [.postfix(.name(name), "++")],
        body: Array(otherwise.dropLast()))
    )
  }

  // MARK: Counted loops

  private mutating func counted(_ loop: CLoop, _ frame: Frame) -> Counted? {
    guard loop.initial.count <= 1, let (name, step, others) = step(of: loop, frame) else { return nil }
    if Self.assigned(in: loop.body, others).contains(name) { return nil }
    var start: Int?
    var isOwn = false
    if let initial = loop.initial.first {
      guard initial.name == name, case .integer(let value)? = initial.initial.map({ evaluate($0, frame) })
      else {
        return nil
      }
      start = value
      isOwn = true
    } else if case .known(let value)? = frame[name]?.value {
      start = value
    }
    guard let start else { return nil }
    if let trips = countdown(loop, name, start, step, others, frame) { return trips }
    guard step > 0 else { return nil }
    guard let end = end(of: loop.condition, name, frame) else { return nil }
    let type = loop.initial.first?.type ?? frame[name]?.type ?? "long"
    return Counted(
      variable: name, type: type, isOwn: isOwn, start: start, step: step, end: end, others: others,
      isShared: loop.isShared && others.isEmpty)
  }

  /// `for (; n > 0; n--)`, where n has no other use, counts as well from 0.
  private func countdown(
    _ loop: CLoop, _ name: String, _ start: Int, _ step: Int, _ others: [CExpression], _ frame: Frame
  ) -> Counted? {
    guard loop.initial.isEmpty, step == -1, loop.condition == .binary(.name(name), ">", .integer(0)),
      !CleanUp.names(in: loop.body + others.map { .expression($0) }).contains(name)
    else { return nil }
    return Counted(
      variable: name, type: frame[name]?.type ?? "long", isOwn: false, start: 0, step: 1, end: start,
      others: others, isShared: false, last: min(start, 0))
  }

  /// The variable that the condition is about, its step, and the other steps.
  private mutating func step(
    of loop: CLoop, _ frame: Frame
  ) -> (name: String, step: Int, others: [CExpression])? {
    guard case .binary(let left, _, _) = loop.condition else { return nil }
    for (place, value) in loop.steps.enumerated() {
      let found: (String, Int)?
      switch value {
      case .postfix(.name(let name), "++"): found = (name, 1)
      case .postfix(.name(let name), "--"): found = (name, -1)
      case .assignment(.name(let name), "+=", let amount):
        if case .integer(let number) = evaluate(amount, frame) { found = (name, number) } else { found = nil }
      default: found = nil
      }
      guard let (name, step) = found, CleanUp.names(in: left).contains(name) else { continue }
      var others = loop.steps
      others.remove(at: place)
      return (name, step, others)
    }
    return nil
  }

  /// The bound of `v < n` or `v + c <= n`, if it is known.
  private mutating func end(of condition: CExpression, _ name: String, _ frame: Frame) -> Int? {
    guard case .binary(let left, let sign, let right) = condition, sign == "<" || sign == "<=",
      case .integer(let bound) = evaluate(right, frame)
    else { return nil }
    let offset: Int
    switch left {
    case .name(name): offset = 0
    case .binary(.name(name), "+", let more):
      guard case .integer(let number) = evaluate(more, frame) else { return nil }
      offset = number
    default: return nil
    }
    return bound - offset + (sign == "<=" ? 1 : 0)
  }

  private mutating func run(
    _ loop: Counted, _ body: [CStatement], _ frame: inout Frame, _ output: inout [CStatement]
  ) {
    if loop.isOwn { frame.declare(loop.variable, loop.type, .known(loop.start)) }
    if loop.isShared { return shared(loop, body, &frame, &output) }
    let isClipped = (loop.end - loop.start) % loop.step != 0 && Self.clips(body)
    let whole = isClipped ? loop.trips - 1 : loop.trips
    if whole > 1 {
      for name in Self.assigned(in: body, loop.others).sorted() { materialize(name, &frame, &output) }
      repeated(loop, trips: whole, isClipped: isClipped, body, &frame, &output)
    }
    for trip in (whole > 1 ? whole : 0)..<loop.trips { single(loop, trip, body, &frame, &output) }
    frame.set(loop.variable, .known(loop.last ?? loop.value(loop.trips)))
  }

  private mutating func run(
    _ blocks: OverlappingBlocks, _ frame: inout Frame, _ output: inout [CStatement]
  ) {
    func counted(from start: Int, to end: Int) -> Counted {
      Counted(
        variable: blocks.variable, type: "long", isOwn: true, start: start, step: blocks.length, end: end,
        others: [], isShared: false)
    }
    run(counted(from: 0, to: blocks.count - blocks.count % blocks.length), blocks.body, &frame, &output)
    if let last = blocks.last {
      run(counted(from: last, to: blocks.count), blocks.body, &frame, &output)
    }
    if !blocks.isOwnDone { frame.set(blocks.done, .known(blocks.count)) }
  }

  /// A loop whose blocks threads share: what does not go into the loop is run by one of them each.
  private mutating func shared(
    _ loop: Counted, _ body: [CStatement], _ frame: inout Frame, _ output: inout [CStatement]
  ) {
    let isClipped = (loop.end - loop.start) % loop.step != 0 && Self.clips(body)
    let whole = isClipped ? loop.trips - 1 : loop.trips
    if whole > 1 { repeated(loop, trips: whole, isClipped: isClipped, body, &frame, &output) }
    for trip in (whole > 1 ? whole : 0)..<loop.trips {
      openScope()
      var block: [CStatement] = []
      single(loop, trip, body, &frame, &block)
      closeScope()
      if !block.isEmpty { output += [.directive(OpenMP.single), .block(block)] }
    }
  }

  /// Whether a body has a block's length, which is less for the last block.
  private static func clips(_ body: [CStatement]) -> Bool {
    var result = false
    for statement in body {
      statement.visitExpressions { if case .conditional = $0 { result = true } }
    }
    return result
  }

  /// One run of the body, with the loop's variable known.
  private mutating func single(
    _ loop: Counted, _ trip: Int, _ body: [CStatement], _ frame: inout Frame, _ output: inout [CStatement]
  ) {
    frame.set(loop.variable, .known(loop.value(trip)))
    frame.open()
    output += run(body, &frame)
    frame.close()
    for step in loop.others { output += run([.expression(step)], &frame) }
  }

  private mutating func repeated(
    _ loop: Counted, trips: Int, isClipped: Bool, _ body: [CStatement], _ frame: inout Frame,
    _ output: inout [CStatement]
  ) {
    openScope()
    let name = declare(loop.variable, "long")
    simplifier.ranges[name] = loop.start...loop.value(trips - 1)
    frame.set(loop.variable, .variable(name))
    var inner = runInScope(body, &frame)
    // What other variables' steps become stands in the loop's head, behind its own.
    let others = loop.others.flatMap { run([.expression($0)], &frame) }
    var steps: [CExpression] = [
      loop.step == 1 ? .postfix(.name(name), "++") : .assignment(.name(name), "+=", .integer(loop.step))
    ]
    for statement in others {
      if case .expression(let value) = statement { steps.append(value) } else { inner.append(statement) }
    }
    closeScope()
    simplifier.ranges[name] = nil
    if inner.isEmpty { return }
    let end = isClipped ? loop.value(trips) : loop.step == 1 ? loop.end : loop.value(trips)
    output.append(
      .loop(
        CLoop(
          initial: [CDeclaration(type: "long", name: name, initial: .integer(loop.start))],
          condition: .binary(.name(name), "<", .integer(end)), steps: steps, body: inner,
          isShared: loop.isShared, hasRest: isClipped)))
  }

  // MARK: Other loops

  mutating func runUncounted(_ loop: CLoop, _ frame: inout Frame, _ output: inout [CStatement]) {
    let own = Set(loop.initial.map(\.name))
    for name in Self.assigned(in: loop.body, loop.steps).subtracting(own).sorted() {
      materialize(name, &frame, &output)
    }
    openScope()
    defer { closeScope() }
    var initial: [CDeclaration] = []
    for variable in loop.initial {
      var residual = variable
      residual.initial = variable.initial.map { evaluate($0, frame) }
      residual.name = declare(variable.name, variable.type)
      frame.declare(variable.name, variable.type, .variable(residual.name))
      initial.append(residual)
    }
    let condition = evaluate(loop.condition, frame)
    let body = runInScope(loop.body, &frame)
    let steps = loop.steps.flatMap { run([.expression($0)], &frame) }
    let values = steps.compactMap { if case .expression(let value) = $0 { value } else { nil } }
    output.append(
      .loop(
        CLoop(
          initial: initial, condition: condition, steps: values, body: body, isShared: loop.isShared)))
  }
}
