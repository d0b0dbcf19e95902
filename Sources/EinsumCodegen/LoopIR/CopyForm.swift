/// The elements of a copy for small products that an access sees: two accesses that agree in this see the same ones.
///
/// Loops over single elements and the dimensions of a kernel are alike: all are steps, which are merged where one begins
/// where the other ends, as a kernel may take at once what another takes part by part. Steps of 0 count for nothing: what
/// all products have in common is read again for each.
struct CopyForm: Hashable {
  private struct Steps: Hashable {
    var stride: Int
    /// Nil for the length of a block, which may be short at the end.
    var count: Int?
  }

  private let constant: Int
  private let steps: [Steps]

  init(_ access: Access, in program: LoopProgram) {
    constant = access.start.constant
    let loops = access.start.terms.map { term in
      switch program[term.loop].range {
      case .whole(let extent): Steps(stride: term.coefficient, count: extent)
      case .block(let parent): Steps(stride: term.coefficient, count: Self.blockLength(parent, in: program))
      }
    }
    let dimensions = access.dimensions.compactMap { dimension -> Steps? in
      switch (dimension.walk, dimension.length) {
      case (.table, _): nil
      case (.stride(let stride), .constant(let count)): Steps(stride: stride, count: count)
      case (.stride(let stride), .block(let loop)):
        Steps(stride: stride, count: Self.blockLength(loop, in: program))
      case (.stride(let stride), .blocks): Steps(stride: stride, count: nil)
      }
    }
    steps = Self.merged((loops + dimensions).filter { $0.count != 1 && $0.stride != 0 })
  }

  /// The length of all blocks of a loop, if it is plain.
  private static func blockLength(_ loop: LoopID, in program: LoopProgram) -> Int? {
    if program[loop].step == 1 { return 1 }
    if case .whole(let extent) = program[loop].range, extent <= program[loop].step { return extent }
    return nil
  }

  private static func merged(_ steps: [Steps]) -> [Steps] {
    var result: [Steps] = []
    for next in steps.sorted(by: { ($0.stride, $0.count ?? 0) < ($1.stride, $1.count ?? 0) }) {
      if let last = result.last, let lastCount = last.count, let count = next.count,
        next.stride == last.stride * lastCount
      {
        result[result.count - 1].count = lastCount * count
      } else {
        result.append(next)
      }
    }
    return result
  }
}
