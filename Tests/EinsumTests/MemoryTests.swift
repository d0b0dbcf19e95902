import Einsum
import EinsumCodegen
import EinsumIR
import EinsumTestSupport
import Foundation
import Testing

/// Kernels touch nothing but the elements of their operands and write nothing but those of the output.
///
/// Operands lie flush against a guard page, once at each end, and cannot be written; the workspace ends at
/// one; the output has a pattern round and between its elements. A wrong access ends the test process.
@Suite struct MemoryTests {
  /// An einsum for each class of kernel, and what tells that its program calls one.
  struct Case: Sendable, CustomStringConvertible {
    let name: String
    let text: String
    let types: [ElementType]
    var isConjugated = false
    var accumulate: ElementType?
    let isWanted: @Sendable (KernelKind) -> Bool

    var description: String { name }
  }

  static let cases: [Case] = [
    Case(name: "tile strided", text: "ij,jk->ik", types: [.float32, .float32]) {
      if case .tile(_, .strided) = $0 { true } else { false }
    },
    Case(name: "tile tabled", text: "iaj,jk->aki", types: [.float64, .float64]) {
      if case .tile(_, .tabled) = $0 { true } else { false }
    },
    Case(name: "tile complex", text: "ij,jk->ik", types: [.complex64, .complex64]) {
      if case .tile(_, .strided) = $0 { true } else { false }
    },
    Case(name: "pack strided", text: "ij,kj->ik", types: [.uint16, .uint16]) {
      if case .pack(_, .strided) = $0 { true } else { false }
    },
    Case(name: "pack tabled", text: "iaj,jk->aki", types: [.uint8, .uint8]) {
      if case .pack(_, .tabled) = $0 { true } else { false }
    },
    Case(
      name: "tile of pairs strided", text: "ij,jk->ik", types: [.int16, .int16], accumulate: .int32
    ) {
      if case .tilePairs(_, .strided) = $0 { true } else { false }
    },
    Case(name: "tile of pairs tabled", text: "iaj,jk->aki", types: [.int8, .uint8], accumulate: .int32) {
      if case .tilePairs(_, .tabled) = $0 { true } else { false }
    },
    Case(name: "pack of pairs strided", text: "ij,kj->ik", types: [.int16, .int16], accumulate: .int32) {
      if case .packPairs(_, .strided) = $0 { true } else { false }
    },
    Case(name: "pack of pairs tabled", text: "iaj,jk->aki", types: [.int16, .int16], accumulate: .int32) {
      if case .packPairs(_, .tabled) = $0 { true } else { false }
    },
    Case(name: "sum", text: "iaj->ai", types: [.float32]) { $0 == .sum },
    Case(name: "move", text: "iaj->jai", types: [.float16]) { $0 == .copy },
    Case(name: "product", text: "iaj,iaj->a", types: [.float64, .float64]) { $0 == .product },
    Case(name: "outer product", text: "i,ja->jia", types: [.float32, .float32]) { $0 == .product },
    Case(name: "product of three", text: "ija,i,ja->jia", types: [.float32, .float32, .float32]) {
      $0 == .tripleProduct
    },
    Case(name: "zero", text: "ia->iai", types: [.complex128]) { $0 == .zero },
    Case(name: "convert", text: "iaj->jia", types: [.bfloat16], accumulate: .float32) {
      if case .convert = $0 { true } else { false }
    },
    Case(name: "sum of halves", text: "iaj->a", types: [.float16]) { $0 == .widenedSum(of: .float16) },
    Case(name: "product of halves", text: "iaj,iaj->a", types: [.bfloat16, .bfloat16]) {
      $0 == .widenedProduct(of: .bfloat16, by: .bfloat16)
    },
    Case(name: "outer product of halves", text: "i,ja->jia", types: [.float16, .float16]) {
      $0 == .widenedProduct(of: .float16, by: .float16)
    },
    Case(name: "last product of halves", text: "i,ja,i->jia", types: [.float16, .float16, .float16]) {
      $0 == .widenedProduct(of: .float32, by: .float16)
    },
    Case(name: "convert to half", text: "iaj->ia", types: [.float16]) { $0 == .convert(from: .float32) },
    Case(name: "conjugate", text: "iaj->jia", types: [.complex64], isConjugated: true) { $0 == .conjugate },
  ]

  /// Kernels that are there for AVX-512 only.
  static let wideCases: [Case] = [
    Case(
      name: "tile of halves strided", text: "ij,jk->ik", types: [.bfloat16, .bfloat16], accumulate: .float32
    ) {
      if case .tileHalves(_, .strided) = $0 { true } else { false }
    },
    Case(name: "rounded tile of halves strided", text: "ij,kj->ik", types: [.bfloat16, .bfloat16]) {
      if case .tileHalves(_, .strided) = $0 { true } else { false }
    },
    Case(name: "tile of halves tabled", text: "iaj,jk->aki", types: [.bfloat16, .bfloat16]) {
      if case .tileHalves(_, .tabled) = $0 { true } else { false }
    },
  ]

  @Test(arguments: wideCases, Machine.available.filter { $0 == .avx512 })
  func kernelsOfWideVectors(test: Case, isa: ISA) throws { try everyClassOfKernel(test: test, isa: isa) }

  @Test(arguments: cases, Machine.available) func everyClassOfKernel(test: Case, isa: ISA) throws {
    var hasKernel = false
    for seed in 0..<400 where seed < 24 || !hasKernel {
      let problem = try make(test, seed: seed)
      var random = SplitMix64(seed: seed)
      let plan = problem.plan(on: .tiny(isa)).rescheduled(using: &random)
      let program = lower(plan)
      hasKernel = hasKernel || program.kernels.contains { test.isWanted($0.kind) }
      try checkGuarded(problem, plan, program)
    }
    #expect(hasKernel, "no program calls this kernel")
  }

  @Test(arguments: Machine.available) func randomProblems(isa: ISA) throws {
    for seed in 0..<100 {
      let problem = try Problem.random(seed: 7000 + seed, points: 4000)
      var random = SplitMix64(seed: seed)
      let plan = problem.plan(on: .tiny(isa)).rescheduled(using: &random)
      try checkGuarded(problem, plan, lower(plan))
    }
  }

  private func make(_ test: Case, seed: Int) throws -> Problem {
    var random = SplitMix64(seed: seed)
    let extents: [Character: Int] = [
      "i": random.pick([1, 3, 13, 17, 33]), "a": random.pick([1, 2, 5]), "j": random.pick([1, 7, 16, 31]),
      "k": random.pick([1, 15, 32, 65]),
    ]
    let terms = test.text.prefix { $0 != "-" }.split(separator: ",")
    var operands: [TestTensor] = []
    for (term, type) in zip(terms, test.types) {
      let layout = random.layout(of: term.compactMap { extents[$0] }, seed % 2 == 0 ? .sliced : .permuted)
      let tensor = TestTensor(type, layout)
      tensor.fill { random.smallValue(type, terms.count) }
      operands.append(tensor)
    }
    return try Problem(
      seed: seed, test.text, operands, conjugated: test.isConjugated ? [0] : [], accumulate: test.accumulate,
      outputLayout: { random.layout(of: $0, isOperand: false) })
  }

  private func checkGuarded(_ problem: Problem, _ plan: EinsumIR.Plan, _ program: LoopProgram) throws {
    let driver = try Driver(program)
    let expected = problem.expected()
    for end in GuardedMemory.FlushEnd.allCases {
      let operands = try problem.operands.map { try guarded($0, flushAt: end) }
      let output = problem.makeOutput()
      try driver.run(operands.map { UnsafeRawPointer($0.origin) }, output.origin)
      let difference = output.difference(from: expected)
      #expect(difference == nil, "\(problem)\n\(plan)")
      try withExtendedLifetime(operands) { try checkGuardedOutput(problem, driver, flushAt: end) }
    }
  }

  /// The output, too, lies against a guard page.
  private func checkGuardedOutput(
    _ problem: Problem, _ driver: Driver, flushAt end: GuardedMemory.FlushEnd
  ) throws {
    let output = problem.makeOutput()
    let (memory, origin) = try guarded(output, flushAt: end, isWritable: true)
    try driver.run(problem.pointers, UnsafeMutableRawPointer(mutating: origin))
    withExtendedLifetime(memory) {}
  }

  /// A copy of a tensor's elements between guard pages, and its element at index zero.
  private func guarded(
    _ tensor: TestTensor, flushAt end: GuardedMemory.FlushEnd, isWritable: Bool = false
  ) throws -> (memory: GuardedMemory, origin: UnsafeRawPointer) {
    let span = tensor.layout.span ?? 0..<0
    let size = tensor.elementType.size
    let memory = try GuardedMemory(byteCount: span.count * size, flushAt: end)
    memory.start.copyMemory(from: tensor.origin + span.lowerBound * size, byteCount: span.count * size)
    if !isWritable { try memory.protect() }
    return (memory, UnsafeRawPointer(memory.start - span.lowerBound * size))
  }
}
