import EinsumIR

extension LoopProgram {
  /// What is touched too little, or read before it is written: empty if every step does all that its tensors ask for.
  func verifyCoverage() -> [String] {
    let bounds = BoundsAnalysis(program: self)
    var written = Set<BufferID>()
    return steps.flatMap { step -> [String] in
      var coverage = StepCoverage(program: self, bounds: bounds, written: written)
      coverage.visit(step.body)
      written = coverage.written
      return coverage.violations(step)
    }
  }
}

/// What the accesses of one step touch, buffer by buffer.
private struct StepCoverage {
  let program: LoopProgram
  let bounds: BoundsAnalysis
  /// The workspace areas that hold something so far.
  var written: Set<BufferID>
  private var reads: [BufferID: ClosedRange<Int>] = [:]
  private var writes: [BufferID: ClosedRange<Int>] = [:]
  private var early: [String] = []

  init(program: LoopProgram, bounds: BoundsAnalysis, written: Set<BufferID>) {
    self.program = program
    self.bounds = bounds
    self.written = written
  }

  mutating func visit(_ statements: [Statement]) {
    for statement in statements {
      switch statement {
      case .loop(_, let body): visit(body)
      case .fillTable(let table):
        writes[table] = program[table].span.closed
        written.insert(table)
      case .barrier: break
      case .call(let call):
        for input in call.inputs { read(input.buffer, bounds.reach(of: input)) }
        for access in call.accesses {
          for dimension in access.dimensions {
            guard case .table(let table, let position) = dimension.walk else { continue }
            read(table, bounds.positions(from: position, length: dimension.length))
          }
        }
        add(bounds.reach(of: call.output), to: &writes, call.output.buffer)
        written.insert(call.output.buffer)
      }
    }
  }

  private mutating func read(_ buffer: BufferID, _ range: ClosedRange<Int>?) {
    if program[buffer].storage.isWorkspace, !written.contains(buffer) {
      early.append("\(program[buffer].name) is read before it is written")
    }
    add(range, to: &reads, buffer)
  }

  private func add(
    _ range: ClosedRange<Int>?, to ranges: inout [BufferID: ClosedRange<Int>], _ buffer: BufferID
  ) {
    guard let range else { return }
    let known = ranges[buffer] ?? range
    ranges[buffer] = min(known.lowerBound, range.lowerBound)...max(known.upperBound, range.upperBound)
  }

  /// What the step leaves out, now that all of it has been visited.
  func violations(_ step: ProgramStep) -> [String] {
    var violations = early
    for reach in step.reaches where !reach.elements.isEmpty {
      let touched = writes[reach.buffer] ?? reads[reach.buffer]
      if touched != reach.elements.closed {
        let text = touched.map { "\($0)" } ?? "no element"
        let name = program[reach.buffer].name
        violations.append("\(name) is touched at \(text), the step has \(reach.elements)")
      }
    }
    for (buffer, range) in writes.sorted(by: { $0.key.number < $1.key.number }) {
      if let read = reads[buffer], read != range {
        violations.append("\(program[buffer].name) is written at \(range) and read at \(read)")
      }
    }
    return violations
  }
}

extension Range<Int> {
  /// The same numbers as a closed range; nil if there are none.
  fileprivate var closed: ClosedRange<Int>? { isEmpty ? nil : lowerBound...(upperBound - 1) }
}
