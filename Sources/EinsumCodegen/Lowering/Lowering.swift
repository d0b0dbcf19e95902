package import EinsumIR

/// Turns a plan into loops over kernel calls, one program step for each step of the plan.
///
/// This is mechanism only: every decision stands in the plan's schedules. The passes that follow do not change what is
/// computed or in which order.
package func lower(_ plan: Plan) -> LoopProgram {
  var lowering = Lowering(plan)
  for step in plan.steps { lowering.lower(step) }
  return lowering.program.removingSingleIterationLoops()
}

/// The program under construction.
struct Lowering {
  let plan: Plan
  var program: LoopProgram

  init(_ plan: Plan) {
    self.plan = plan
    program = LoopProgram(
      operandCount: plan.contraction.operands.count, threads: plan.threads, workspaceSize: plan.workspaceSize)
    for (number, tensor) in plan.tensors.enumerated() {
      let (name, storage): (String, ProgramBuffer.Storage) =
        switch tensor.place {
        case .operand(let operand): ("a\(operand)", .operand(operand))
        case .output: ("out", .output)
        case .workspace(let offset): ("t\(number)", .workspace(offset))
        }
      program.buffers.append(
        ProgramBuffer(
          name: name, storage: storage, content: .elements(tensor.elementType), span: tensor.span))
    }
  }

  /// Adds one step of the plan.
  mutating func lower(_ step: Step) {
    let body =
      switch step.schedule {
      case .map(let schedule): lowerMap(step, schedule)
      case .tiled(let schedule): lowerTiled(step, schedule)
      case .batched(let schedule): lowerBatched(step, schedule)
      }
    program.steps.append(
      ProgramStep(
        comment: step.description, reaches: reaches(of: step), isShared: step.schedule.isShared, body: body))
  }

  /// The elements of each of the step's tensors that its contraction steps over.
  private func reaches(of step: Step) -> [ProgramStep.Reach] {
    let contraction = step.contraction
    return zip(step.inputs + [step.output], contraction.operands + [contraction.output]).compactMap {
      number, access in
      let extents = access.indices.map { contraction.indices[$0].extent }
      return Layout(shape: extents, strides: access.strides).span.map { .init(BufferID(number), $0) }
    }
  }

  /// Declares a loop; names are unique in the program.
  ///
  /// - Parameter label: the labels of the indices that it runs over.
  mutating func loop(_ range: Loop.Range, step: Int, label: String, isShared: Bool = false) -> LoopID {
    program.loops.append(
      Loop(name: "i\(program.loops.count)", range: range, step: step, isShared: isShared, label: label))
    return LoopID(program.loops.count - 1)
  }

  /// Declares a loop over one index of a step.
  mutating func loop(
    over index: Int, of contraction: Contraction, step: Int = 1, isShared: Bool = false
  ) -> LoopID {
    loop(
      .whole(contraction.indices[index].extent), step: step, label: contraction.names([index]),
      isShared: isShared)
  }

  /// Declares a buffer in the workspace; one for each thread if there is a distance between them.
  mutating func buffer(
    _ name: String, at offset: Int, threadStride: Int = 0, _ content: ProgramBuffer.Content, count: Int
  ) -> BufferID {
    program.buffers.append(
      ProgramBuffer(
        name: "\(name)\(program.buffers.count)",
        storage: threadStride == 0 ? .workspace(offset) : .threadWorkspace(offset, stride: threadStride),
        content: content, span: 0..<count))
    return BufferID(program.buffers.count - 1)
  }
}

/// A loop, and the index of the step that it runs over.
typealias IndexLoop = (index: Int, loop: LoopID)

extension TensorAccess {
  /// How far each of some loops moves in the tensor.
  func terms(_ loops: [IndexLoop]) -> [(loop: LoopID, coefficient: Int)] {
    loops.map { ($0.loop, stride(of: $0.index) ?? 0) }
  }
}

/// Statements nested in loops, the first loop outermost.
func nest(_ loops: [LoopID], _ body: [Statement]) -> [Statement] {
  loops.reversed().reduce(body) { [.loop($1, $0)] }
}
