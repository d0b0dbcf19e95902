import EinsumIR

extension LoopProgram {
  /// What two threads could do to each other: empty if each element has one thread that writes it, and nobody reads
  /// what another thread wrote without a barrier between.
  ///
  /// - A shared loop is not inside another, and no sum runs over it.
  /// - In a shared step, what is not a thread's own is written inside a shared loop only, and every block of that loop
  ///   writes elsewhere; all writes to one buffer are divided by the same loop.
  /// - Between writing a common buffer of the workspace and reading it there is a barrier, and another before it is
  ///   written again; but not where a shared loop that runs once, and so on one thread, reads what it has written.
  func verifySharing() -> [String] {
    steps.flatMap { step -> [String] in
      if !step.isShared {
        return contains(step.body) { if case .loop(let loop, _) = $0 { self[loop].isShared } else { false } }
          ? ["a step of one thread has a shared loop"] : []
      }
      var check = SharingCheck(program: self)
      check.visit(step.body)
      return check.violations
    }
  }

  private func contains(_ statements: [Statement], _ isMatch: (Statement) -> Bool) -> Bool {
    statements.contains { statement in
      if isMatch(statement) { return true }
      if case .loop(_, let body) = statement { return contains(body, isMatch) }
      return false
    }
  }
}

/// One pass over the statements of a shared step, in the order in which threads run them.
private struct SharingCheck {
  let program: LoopProgram
  var violations: [String] = []
  /// The shared loop around the statement at hand.
  private var shared: LoopID?
  /// What threads have written since the last barrier, and what they have read of the workspace.
  private var pending = Set<BufferID>()
  private var read = Set<BufferID>()
  /// What the shared loop at hand has written, if it runs once: its thread may read that again.
  private var own = Set<BufferID>()

  init(program: LoopProgram) { self.program = program }

  mutating func visit(_ statements: [Statement]) {
    for statement in statements {
      switch statement {
      case .loop(let loop, let body): visit(loop, body)
      case .fillTable(let table): pending.insert(table)
      case .barrier:
        if shared != nil { violations.append("a barrier is inside a shared loop") }
        pending = []
        read = []
      case .call(let call): visit(call)
      }
    }
  }

  private mutating func visit(_ loop: LoopID, _ body: [Statement]) {
    let isShared = program[loop].isShared
    if isShared && shared != nil { violations.append("loop \(program[loop].name) is shared twice") }
    if isShared { shared = loop }
    visit(body)
    // The next round of the loop meets what this one left.
    if !isShared && shared == nil { visit(body) }
    if isShared {
      shared = nil
      own = []
    }
  }

  private mutating func visit(_ call: KernelCall) {
    var inputs = call.inputs.map(\.buffer)
    for access in call.accesses {
      for case .table(let table, _) in access.dimensions.map(\.walk) { inputs.append(table) }
    }
    for buffer in inputs where program[buffer].storage.isWorkspace && !isOwn(buffer) {
      if pending.contains(buffer) && !own.contains(buffer) {
        violations.append("\(program[buffer].name) is read before all threads have written it")
      }
      read.insert(buffer)
    }
    let output = call.output
    if isOwn(output.buffer) { return }
    guard let shared else {
      violations.append("all threads write \(program[output.buffer].name)")
      return
    }
    if call.accumulatesAfterFirst.contains(shared) {
      violations.append("threads share the sum of \(program[output.buffer].name)")
    }
    if !program.isSingle(shared) && !depends(output, on: shared) {
      violations.append("\(program[output.buffer].name) does not depend on \(program[shared].name)")
    }
    if read.contains(output.buffer) {
      violations.append("\(program[output.buffer].name) is written before all threads have read it")
    }
    if program[output.buffer].storage.isWorkspace { pending.insert(output.buffer) }
    if program.isSingle(shared) { own.insert(output.buffer) }
  }

  private func isOwn(_ buffer: BufferID) -> Bool {
    if case .threadWorkspace = program[buffer].storage { return true }
    return false
  }

  /// Whether an access moves with a loop; that its blocks then do not overlap is checked with its steps.
  private func depends(_ access: Access, on loop: LoopID) -> Bool {
    let positions = access.dimensions.compactMap { dimension -> Affine? in
      if case .table(_, let position) = dimension.walk { position } else { nil }
    }
    return ([access.start] + positions).contains { $0.terms.contains { $0.loop == loop } }
  }
}
