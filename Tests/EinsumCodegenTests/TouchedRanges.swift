import EinsumCodegen
import EinsumIR

/// The lowest and highest element that a program touches in each of its buffers, found by running all its
/// loops.
///
/// It is the plain meaning of the loop IR, against which the bounds that the verifier derives are held.
struct TouchedRanges {
  private let program: LoopProgram
  private var positions: [Int]
  private(set) var ranges: [BufferID: ClosedRange<Int>] = [:]

  init(_ program: LoopProgram) {
    self.program = program
    positions = [Int](repeating: 0, count: program.loops.count)
    for step in program.steps { run(step.body) }
  }

  private mutating func run(_ statements: [Statement]) {
    for statement in statements {
      switch statement {
      case .loop(let loop, let body):
        for position in stride(from: 0, to: extent(of: loop), by: program[loop].step) {
          positions[loop.number] = position
          run(body)
        }
        positions[loop.number] = 0
      case .fillTable, .barrier: break
      case .call(let call): for access in call.accesses { touch(access) }
      }
    }
  }

  private func extent(of loop: LoopID) -> Int {
    switch program[loop].range {
    case .whole(let extent): extent
    case .block(let parent): length(.block(parent))
    }
  }

  private func length(_ length: Length) -> Int {
    switch length {
    case .constant(let count): count
    case .block(let loop): min(program[loop].step, extent(of: loop) - positions[loop.number])
    case .blocks(let loop): (extent(of: loop) - 1) / program[loop].step + 1
    }
  }

  private func value(_ affine: Affine) -> Int {
    program.value(of: affine, at: positions)
  }

  private mutating func touch(_ access: Access) {
    var (low, high) = (value(access.start), value(access.start))
    for dimension in access.dimensions {
      let steps: [Int] =
        switch dimension.walk {
        case .stride(let stride): [0, stride * (length(dimension.length) - 1)]
        case .table(let table, let position):
          (0..<length(dimension.length)).map { entry(table, value(position) + $0) }
        }
      low += steps.min() ?? 0
      high += steps.max() ?? 0
    }
    let known = ranges[access.buffer]
    ranges[access.buffer] = min(low, known?.lowerBound ?? low)...max(high, known?.upperBound ?? high)
  }

  /// An entry of an offset table: its place as digits, the last running fastest.
  private func entry(_ table: BufferID, _ place: Int) -> Int {
    guard case .offsets(let offsets) = program[table].content else { return 0 }
    var rest = place
    return offsets.digits.reversed().reduce(0) { sum, digit in
      defer { rest /= digit.extent }
      return sum + rest % digit.extent * digit.stride
    }
  }
}
