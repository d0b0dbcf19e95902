import EinsumCodegen
import EinsumIR
import EinsumTestSupport
import Testing

/// The bounds that the verifier derives for an access are exact for any affine program, also for such as no
/// plan leads to.
@Suite struct BoundsTests {
  /// One call that clears what a random access reaches, inside up to three chains of loops.
  private func program(_ random: inout SplitMix64) -> LoopProgram {
    var loops: [Loop] = []
    for _ in 0..<random.number(1...3) {
      var parent: LoopID?
      for _ in 0..<random.number(1...3) {
        let range = parent.map { Loop.Range.block(of: $0) } ?? .whole(random.number(1...12))
        parent = LoopID(loops.count)
        loops.append(Loop(name: "i\(loops.count)", range: range, step: random.number(1...5)))
      }
    }
    let all = loops.indices.map(LoopID.init)
    let start = Affine(random.number(-5...5), all.map { ($0, random.number(-5...5)) })
    let dimensions = (0..<2).map { _ in
      let length: Length = random.oneIn(3) ? .constant(random.number(1...4)) : .block(random.pick(all))
      return Access.Dimension(.stride(random.number(-9...9)), length)
    }
    let call = KernelCall(
      KernelSpec(.zero, .float32, .baseline), output: Access(BufferID(0), start, dimensions), inputs: [])
    let body = all.reversed().reduce([Statement.call(call)]) { [.loop($1, $0)] }
    let output = ProgramBuffer(
      name: "out", storage: .output, content: .elements(.float32), span: -10_000..<10_000)
    return LoopProgram(
      buffers: [output], loops: loops, steps: [ProgramStep(comment: "random", body: body)], operandCount: 0,
      workspaceSize: 0)
  }

  @Test func randomPrograms() throws {
    for seed in 0..<3000 {
      var random = SplitMix64(seed: seed)
      var program = program(&random)
      #expect(program.verify() == [], "seed \(seed)\n\(program)")
      let touched = try #require(TouchedRanges(program).ranges[BufferID(0)])
      let exact = touched.lowerBound..<(touched.upperBound + 1)
      for (span, isEnough) in [
        (exact, true), (exact.dropLast(), false), (exact.dropFirst(), false),
      ] {
        program.buffers[0].span = span
        #expect((program.verify() == []) == isEnough, "seed \(seed), span \(span)\n\(program)")
      }
    }
  }

  /// A short last block may reach less far than the full one before it.
  @Test func lastFullBlock() {
    let loop = LoopID(0)
    let access = Access(
      BufferID(0), Affine(0, [(loop, 1)]),
      [.init(.stride(0), .constant(1)), .init(.stride(10), .block(loop))])
    let call = KernelCall(KernelSpec(.zero, .float32, .baseline), output: access, inputs: [])
    var program = LoopProgram(
      buffers: [
        ProgramBuffer(name: "out", storage: .output, content: .elements(.float32), span: 0..<35)
      ],
      loops: [Loop(name: "i", range: .whole(10), step: 4)],
      steps: [ProgramStep(comment: "", body: [.loop(loop, [.call(call)])])], operandCount: 0, workspaceSize: 0
    )
    #expect(program.verify() == [])
    program.buffers[0].span = 0..<34
    #expect(program.verify() == ["es_zero_f32_baseline: out is touched at 0...34 of 0..<34"])
  }
}
