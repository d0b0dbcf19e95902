import Einsum
import EinsumIR
import EinsumSyntax
import EinsumTestSupport
import Testing

/// Requests that mean the same give the same result, through the whole compiler.
@Suite struct MetamorphicTests {
  private static let seeds = 0..<120

  @Test func renamedLabels() throws {
    for seed in Self.seeds {
      let problem = try Problem.random(seed: seed, points: 4000)
      try expectSame(problem, problem.renamed(), problem.operands)
    }
  }

  @Test func permutedOperands() throws {
    for seed in Self.seeds {
      let problem = try Problem.random(seed: seed, points: 4000)
      var random = SplitMix64(seed: seed)
      let order = random.shuffled(Array(problem.operands.indices))
      let text = problem.text(
        inputs: order.map { problem.equation.inputs[$0] }, output: problem.equation.output)
      let conjugated = Set(order.indices.filter { problem.conjugated.contains(order[$0]) })
      try expectSame(problem, text, order.map { problem.operands[$0] }, conjugated: conjugated)
    }
  }

  @Test func permutedOutput() throws {
    for seed in Self.seeds {
      let problem = try Problem.random(seed: seed, points: 4000)
      let output = problem.equation.output
      if output.hasEllipsis { continue }
      var random = SplitMix64(seed: seed)
      let order = random.shuffled(Array(output.items.indices))
      let turned = Equation.Term(items: order.map { output.items[$0] }, range: output.range)
      let shape = problem.analysis.outputLayout.shape
      var strides = Layout(shape: shape).strides
      strides = order.map { strides[$0] }
      // The turned result lies in memory as the plain one does.
      try expectSame(
        problem, problem.text(inputs: problem.equation.inputs, output: turned), problem.operands,
        conjugated: problem.conjugated, layout: Layout(shape: order.map { shape[$0] }, strides: strides))
    }
  }

  @Test func unitAxisAdded() throws {
    for seed in Self.seeds {
      let problem = try Problem.random(seed: seed, points: 4000)
      let first = problem.operands[0]
      let widened = TestTensor(
        first.elementType, Layout(shape: first.layout.shape + [1], strides: first.layout.strides + [12345]))
      for (target, source) in zip(widened.places, first.places) { widened[target] = first[source] }
      let inputs = problem.equation.inputs
      let extra = Equation.Item(.label(Label("unit")), at: inputs[0].range)
      let term = Equation.Term(items: inputs[0].items + [extra], range: inputs[0].range)
      let text = problem.text(inputs: [term] + inputs.dropFirst(), output: problem.equation.output)
      try expectSame(problem, text, [widened] + problem.operands.dropFirst(), conjugated: problem.conjugated)
    }
  }

  /// Compiles both requests for C-ordered results and compares these, bit for bit but for the sign of zero.
  private func expectSame(
    _ problem: Problem, _ text: String, _ operands: [TestTensor], conjugated: Set<Int>? = nil,
    layout: Layout? = nil
  ) throws {
    let plain = try Problem(
      seed: problem.seed, problem.equation.text, problem.operands, conjugated: problem.conjugated,
      accumulate: problem.accumulate)
    let other = try Problem(
      seed: problem.seed, text, operands, conjugated: conjugated ?? problem.conjugated,
      accumulate: problem.accumulate, outputLayout: layout.map { layout in { _ in layout } })
    let (a, b) = (try result(plain), try result(other))
    let isSame =
      a.elementType == b.elementType && a.byteCount == b.byteCount
      && a.flatValues.elementsEqual(b.flatValues) { $0.equals($1) }
    #expect(isSame, "\(plain)\nand\n\(other)")
  }

  private func result(_ problem: Problem) throws -> TestTensor {
    let compiled = try CompiledKernel(Compilation(problem.request, on: Machine.host()))
    let output = problem.makeOutput()
    let pointers: [UnsafeRawPointer?] = problem.pointers + [nil]
    try pointers.withUnsafeBufferPointer { buffer in
      try compiled.run(#require(buffer.baseAddress), output.origin)
    }
    return output
  }
}

extension TestTensor {
  /// The elements in the order of memory, for tensors that fill theirs.
  fileprivate var flatValues: [TestValue] { places.sorted().map { self[$0] } }
}
