import EinsumIR

extension LoopProgram {
  /// Loops that run once replaced by their body, their variable by 0 and their block length by a constant.
  ///
  /// Shared loops stay: without them every thread would run their body.
  package func removingSingleIterationLoops() -> LoopProgram {
    var pass = SingleIterationPass(program: self)
    for number in loops.indices { pass.visit(LoopID(number)) }
    var result = pass.program
    for number in steps.indices { result.steps[number].body = pass.statements(steps[number].body) }
    return result
  }
}

private struct SingleIterationPass {
  var program: LoopProgram
  /// The loops that go, with the length of their one block.
  var removed: [LoopID: Int] = [:]
  /// The loops that go because each block of a kept loop is one block of theirs. That block may be short at the end, so
  /// its length is the kept loop's.
  var aliases: [LoopID: LoopID] = [:]

  /// Decides about a loop. Parents are declared before their children, so theirs is known.
  mutating func visit(_ loop: LoopID) {
    if case .block(let parent) = program[loop].range {
      if let extent = removed[parent] { program.loops[loop.number].range = .whole(extent) }
      if let kept = aliases[parent] { program.loops[loop.number].range = .block(of: kept) }
    }
    if program[loop].isShared { return }
    switch program[loop].range {
    case .whole(let extent) where extent <= program[loop].step && extent > 0: removed[loop] = extent
    case .block(let parent) where program[parent].step <= program[loop].step:
      aliases[loop] = parent
    case .whole, .block: break
    }
  }

  func statements(_ body: [Statement]) -> [Statement] {
    body.flatMap { statement -> [Statement] in
      switch statement {
      case .loop(let loop, let inner):
        let isGone = removed[loop] != nil || aliases[loop] != nil
        return isGone ? statements(inner) : [.loop(loop, statements(inner))]
      case .fillTable, .barrier: return [statement]
      case .call(let call):
        var result = call
        result.output = access(call.output)
        result.inputs = call.inputs.map(access)
        result.accumulatesAfterFirst = call.accumulatesAfterFirst.filter {
          removed[$0] == nil && aliases[$0] == nil
        }
        return [.call(result)]
      }
    }
  }

  private func access(_ access: Access) -> Access {
    Access(
      access.buffer, affine(access.start),
      access.dimensions.map { .init(walk($0.walk), length($0.length)) })
  }

  private func affine(_ affine: Affine) -> Affine {
    var result = affine
    result.terms.removeAll { removed[$0.loop] != nil || aliases[$0.loop] != nil }
    return result
  }

  private func walk(_ walk: Walk) -> Walk {
    switch walk {
    case .stride: walk
    case .table(let table, let position): .table(table, position: affine(position))
    }
  }

  private func length(_ length: Length) -> Length {
    guard case .block(let loop) = length else { return length }
    if let extent = removed[loop] { return .constant(extent) }
    return .block(aliases[loop] ?? loop)
  }
}
