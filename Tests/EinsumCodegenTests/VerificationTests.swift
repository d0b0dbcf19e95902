import EinsumCodegen
import EinsumIR
import EinsumTestSupport
import Testing

/// The verifier accepts what the compiler makes and rejects it once a number is wrong.
@Suite struct VerificationTests {
  /// Random programs of every kind of schedule; each verifies clean.
  private func forEachProgram(_ seeds: Range<Int>, _ body: (LoopProgram, SplitMix64, String) -> Void) throws {
    for seed in seeds {
      let problem =
        try seed % 3 == 0 ? Problem.random(seed: seed, points: 2000) : .randomPair(seed: seed, points: 6000)
      var random = SplitMix64(seed: seed)
      let plan = problem.plan(on: .tiny(random.pick(ISA.allCases))).rescheduled(using: &random)
      let program = lower(plan)
      #expect(program.verify() == [], "\(problem)\n\(plan)")
      body(program, random, "\(problem)\n\(plan)\n\(program)")
    }
  }

  /// The bounds that the verifier derives are exact: each buffer cut to what is touched is enough, one less
  /// is not.
  @Test func boundsAreExact() throws {
    try forEachProgram(0..<300) { program, _, text in
      for (buffer, touched) in TouchedRanges(program).ranges {
        let span = program[buffer].span
        #expect(span.contains(touched.lowerBound) && span.contains(touched.upperBound), "\(text)")
        let (low, high) = (touched.lowerBound, touched.upperBound)
        let exact = low..<(high + 1)
        // A workspace area that is cut to less than its panels could hold leaves a gap, which is not at stake here.
        let violations = with(program, buffer, span: exact).verify().filter { !$0.contains("areas take") }
        #expect(violations == [], "\(program[buffer].name) \(exact): \(text)")
        for short in [low..<high, (low + 1)..<(high + 1)] where !short.isEmpty || low == high {
          #expect(
            with(program, buffer, span: short).verify() != [], "\(program[buffer].name) \(short): \(text)")
        }
      }
    }
  }

  private func with(_ program: LoopProgram, _ buffer: BufferID, span: Range<Int>) -> LoopProgram {
    var program = program
    program.buffers[buffer.number].span = span
    return program
  }

  @Test func wrongStride() throws {
    var count = 0
    try forEachProgram(1000..<1200) { program, random, text in
      let calls = program.calls
      guard let call = calls.indices.shuffled(by: random).first else { return }
      for (number, access) in calls[call].accesses.enumerated() {
        for (axis, dimension) in access.dimensions.enumerated() {
          guard case .stride(let stride) = dimension.walk, program.longest(dimension.length) > 1 else {
            continue
          }
          let width = program[access.buffer].span.count
          for change in [stride < 0 ? -width : width, 1, -1] {
            let wrong = program.replacing(call: call) { call in
              let walk = Walk.stride(stride + change)
              if number == 0 {
                call.output.dimensions[axis].walk = walk
              } else {
                call.inputs[number - 1].dimensions[axis].walk = walk
              }
            }
            #expect(
              wrong.verify() != [], "stride \(axis) of access \(number) of call \(call) by \(change): \(text)"
            )
            count += 1
          }
        }
      }
    }
    #expect(count > 200)
  }

  @Test func wrongStart() throws {
    var count = 0
    try forEachProgram(1200..<1300) { program, _, text in
      for (number, call) in program.calls.enumerated() {
        let width = program[call.output.buffer].span.count
        for shift in [-width, width] {
          let wrong = program.replacing(call: number) { $0.output.start.constant += shift }
          #expect(wrong.verify() != [], "start \(shift) of call \(number): \(text)")
          count += 1
        }
      }
    }
    #expect(count > 200)
  }

  @Test func wrongExtent() throws {
    var count = 0
    try forEachProgram(2000..<2200) { program, _, text in
      for (number, call) in program.calls.enumerated() {
        for term in call.output.start.terms {
          guard case .whole(let extent) = program[term.loop].range else { continue }
          // A panel of one column may hold it twice: a loop that is shared stays even if it runs once.
          if program[term.loop].isShared && program.isSingle(term.loop) { continue }
          // So may a panel of rows that a stride of zero repeats.
          let isRepeated = call.inputs.allSatisfy { input in
            !input.start.terms.contains { $0.loop == term.loop }
          }
          if case .pack = call.spec.kind, isRepeated { continue }
          let more = program[call.output.buffer].span.count + program[term.loop].step
          for change in [more, 1, -1] {
            var wrong = program
            wrong.loops[term.loop.number].range = .whole(extent + change)
            #expect(
              wrong.verify() != [],
              "extent of \(program[term.loop].name) by \(change), call \(number): \(text)")
            count += 1
          }
        }
      }
    }
    #expect(count > 100)
  }

  @Test func wrongTableDigit() throws {
    var count = 0
    try forEachProgram(30_000..<31_000) { program, _, text in
      for call in program.calls {
        for access in call.accesses {
          for dimension in access.dimensions {
            guard case .table(let table, _) = dimension.walk,
              case .offsets(let offsets) = program[table].content
            else { continue }
            for (place, digit) in offsets.digits.enumerated() where digit.extent > 1 {
              let width = program[access.buffer].span.count
              for change in [(0, digit.stride < 0 ? -width : width), (1, 0), (-1, 0)] {
                var (wrong, digits) = (program, offsets)
                digits.digits[place].extent += change.0
                digits.digits[place].stride += change.1
                wrong.buffers[table.number].content = .offsets(digits)
                #expect(
                  wrong.verify() != [], "digit \(place) of \(program[table].name) by \(change): \(text)")
                count += 1
              }
            }
          }
        }
      }
    }
    #expect(count > 100)
  }

  @Test func wrongBlockStep() throws {
    var count = 0
    try forEachProgram(40_000..<40_700) { program, _, text in
      for loop in program.loops.indices {
        var wrong = program
        wrong.loops[loop].step = 0
        #expect(wrong.verify() != [], "step 0 of \(program.loops[loop].name): \(text)")
      }
      for call in program.calls {
        guard case .tile(let tile, _) = call.spec.kind else { continue }
        for (dimension, width) in zip(call.output.dimensions, [tile.mr, tile.nr]) {
          guard case .block(let loop) = dimension.length, case .block(let parent) = program[loop].range,
            program.longest(.block(parent)) > width
          else { continue }
          var wrong = program
          wrong.loops[loop.number].step = width + 1
          #expect(wrong.verify() != [], "a step past the tile: \(text)")
          count += 1
        }
      }
    }
    #expect(count > 20)
  }

  @Test func wrongWorkspace() throws {
    var count = 0
    try forEachProgram(5000..<5200) { program, _, text in
      let ends = program.buffers.compactMap { buffer -> Int? in
        guard case .workspace(let start) = buffer.storage, !buffer.span.isEmpty else { return nil }
        return start + buffer.span.upperBound * buffer.elementSize
      }
      guard let end = ends.max() else { return }
      var wrong = program
      for size in [end - 1, program.workspaceSize - 64, program.workspaceSize + 64] {
        wrong.workspaceSize = size
        #expect(wrong.verify() != [], "\(size): \(text)")
      }
      count += 1
      guard
        let place = program.buffers.firstIndex(where: {
          if case .workspace = $0.storage { true } else { false }
        }),
        case .workspace(let start) = program.buffers[place].storage
      else { return }
      for offset in [start + 4, -64] {
        wrong = program
        wrong.buffers[place].storage = .workspace(offset)
        #expect(wrong.verify() != [], "\(text)")
      }
    }
    #expect(count > 50)
  }

  @Test func wrongOperandNumber() throws {
    try forEachProgram(6000..<6050) { program, _, text in
      var wrong = program
      wrong.operandCount -= 1
      #expect(wrong.verify() != [], "\(text)")
    }
  }
}

extension LoopProgram {
  /// All kernel calls in the order of the text.
  var calls: [KernelCall] { steps.flatMap(\.body.calls) }

  /// This program with one of ``calls`` changed.
  func replacing(call number: Int, by change: (inout KernelCall) -> Void) -> LoopProgram {
    var next = 0
    func statements(_ body: [Statement]) -> [Statement] {
      body.map { statement in
        switch statement {
        case .loop(let loop, let body): return .loop(loop, statements(body))
        case .fillTable, .barrier: return statement
        case .call(var call):
          if next == number { change(&call) }
          next += 1
          return .call(call)
        }
      }
    }
    var result = self
    for step in steps.indices { result.steps[step].body = statements(steps[step].body) }
    return result
  }

  /// The length of the longest block, which the first is.
  func longest(_ length: Length) -> Int {
    switch length {
    case .constant(let count): return count
    case .block(let loop):
      switch self[loop].range {
      case .whole(let extent): return min(extent, self[loop].step)
      case .block(let parent): return min(longest(.block(parent)), self[loop].step)
      }
    case .blocks(let loop):
      switch self[loop].range {
      case .whole(let extent): return (extent - 1) / self[loop].step + 1
      case .block(let parent): return (longest(.block(parent)) - 1) / self[loop].step + 1
      }
    }
  }
}

extension Collection {
  /// The elements in an order that a generator's state gives.
  fileprivate func shuffled(by random: SplitMix64) -> [Element] {
    var random = random
    return random.shuffled(Array(self))
  }
}
