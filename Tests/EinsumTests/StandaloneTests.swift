import Einsum
import EinsumCodegen
import EinsumIR
import EinsumSyntax
import EinsumTestSupport
import Testing

/// Standalone files: what gcc makes of them must agree with the oracle, without a warning.
@Suite struct StandaloneTests {
  private static let vectorFlags = ["-std=gnu11", "-O1", "-Wall", "-Wextra", "-Werror"]
  private static let portableFlags = [
    "-std=c99", "-O1", "-pedantic", "-Wall", "-Wextra", "-Wconversion", "-Werror",
  ]

  /// Random problems with any strides; every other plan has random schedules.
  @Test(arguments: Machine.available) func vectorsAgreeWithTheOracle(isa: ISA) throws {
    let first = 200_000 + 10_000 * (ISA.allCases.firstIndex(of: isa) ?? 0)
    var batch = Batch()
    for seed in first..<(first + 120) {
      let problem =
        try seed % 2 == 0 ? Problem.random(seed: seed, points: 4000) : .randomPair(seed: seed, points: 10_000)
      var random = SplitMix64(seed: seed)
      let planned = problem.plan(on: .tiny(isa))
      let drawn = planned.rescheduled(using: &random)
      let plan = seed % 4 < 2 || drawn.threads > 1 ? planned : drawn
      try batch.add(problem, .vector([StandaloneVariant(plan: plan.withPlainRows)]), random.oneIn(4))
    }
    try batch.check(Self.vectorFlags)
  }

  @Test func plainLoopsAgreeWithTheOracle() throws {
    var batch = Batch()
    for seed in 300_000..<300_150 {
      let problem =
        try seed % 2 == 0 ? Problem.random(seed: seed, points: 4000) : .randomPair(seed: seed, points: 10_000)
      try batch.add(problem, .portable(problem.plan(on: .tiny(.baseline))), seed % 4 == 0)
    }
    try batch.check(Self.portableFlags)
  }

  /// Kernels that hand a byte pointer into a buffer of numbers to a helper: rows begin in the midst of cache lines.
  @Test(arguments: Machine.available) func streamedWritesAgreeWithTheOracle(isa: ISA) throws {
    var batch = Batch()
    var random = SplitMix64(seed: 8)
    for type in [ElementType.uint8, .int16, .float32, .float64, .complex64, .complex128] {
      for (text, shapes) in [
        ("ij->ji", [[70, 37]]), ("ijk->kij", [[5, 40, 19]]), ("i,j->ij", [[21], [75]]),
      ] {
        let operands = shapes.map { TestTensor(type, Layout(shape: $0)) }
        for operand in operands { operand.fill { random.smallValue(type, shapes.count) } }
        let problem = try Problem(seed: 8, text, operands) { shape in
          var strides = [1]
          for extent in shape.dropFirst().reversed() { strides.insert(strides[0] * extent + 3, at: 0) }
          return Layout(shape: shape, strides: strides)
        }
        var plan = problem.plan(on: .tiny(isa))
        for number in plan.steps.indices {
          guard case .map(var schedule) = plan.steps[number].schedule else { continue }
          schedule.streams = true
          plan.steps[number].schedule = .map(schedule)
        }
        try batch.add(problem, .vector([StandaloneVariant(plan: plan)]), false)
      }
    }
    try batch.check(Self.vectorFlags)
  }

  /// Products of which an operand is laid out anew, so that there is a row to run along.
  @Test func plainProductsOfRowsAgreeWithTheOracle() throws {
    var batch = Batch()
    for (seed, text) in ["ij,kj->ik", "ij,kj->ki", "bij,bkj->bik", "iaj,kja->ik", "ij,kj,lk->il"].enumerated()
    {
      var random = SplitMix64(seed: seed)
      let extents: [Character: Int] = ["a": 3, "b": 2, "i": 33, "j": 21, "k": 17, "l": 9]
      let terms = text.prefix { $0 != "-" }.split(separator: ",")
      let type = random.pick([ElementType.float32, .int16, .complex64])
      let operands = terms.map { TestTensor(type, Layout(shape: $0.compactMap { extents[$0] })) }
      for operand in operands { operand.fill { random.smallValue(type, terms.count) } }
      let problem = try Problem(seed: seed, text, operands)
      let plan = problem.plan(on: .tiny(.baseline))
      #expect(plan.forPlainLoops(isDynamic: false).steps.count > plan.steps.count, "\(text)")
      try batch.add(problem, .portable(plan), false)
    }
    try batch.check(Self.portableFlags)
  }

  /// Blocks of plain loops with and without rests, of both indices and of one that lies between them.
  @Test func plainTranspositionsAgreeWithTheOracle() throws {
    var batch = Batch()
    var random = SplitMix64(seed: 9)
    for type in [ElementType.uint8, .float16, .float32, .complex64] {
      for (text, shapes) in [
        ("ij->ji", [[8, 8]]), ("ij->ji", [[13, 10]]), ("ij->ji", [[7, 40]]), ("ijk->kji", [[9, 5, 12]]),
        ("ij,ji->ij", [[11, 9], [9, 11]]), ("ij,k->jki", [[8, 9], [3]]),
      ] {
        let operands = shapes.map { TestTensor(type, Layout(shape: $0)) }
        for operand in operands { operand.fill { random.smallValue(type, shapes.count) } }
        let problem = try Problem(seed: 9, text, operands) { Layout(shape: $0) }
        try batch.add(problem, .portable(problem.plan(on: .tiny(.baseline))), false)
      }
    }
    try batch.check(Self.portableFlags)
  }

  /// A copy moves bits as integers; compilers must not take these for other memory than that of the tensors.
  @Test(arguments: [ElementType.float32, .float64, .complex64]) func copiesMayAlias(type: ElementType) throws
  {
    let operands = [Layout(shape: [2, 2, 8])]
    let code = try Einsum.emit(
      "mml->lm", operands: operands, elementType: type, target: .x86_64_v3, name: "k")
    #expect(code.source.contains("may_alias"))
    #expect(!code.source.contains(/unsigned (int|long) \*/))
  }

  @Test(arguments: [
    "", "2x", "a-b", "a*/b", "a\nb", "a\\", "??/", "\"", "%s", "int", "main", "malloc", "_x", "a__b", "é",
    "sinf", "strlen", "stdout", "size_t", "f32x16", "es_c64", "ES_C64_DEFINED", "EINSUMC_RESTRICT", "complex",
    "offsetof", "omp_get_thread_num", "madvise", "MADV_HUGEPAGE",
  ])
  func namesAreRefused(name: String) throws {
    let error = #expect(throws: EinsumError.self) {
      try Einsum.emit("i->i", operands: [Layout(shape: [3])], elementType: .float32, name: name)
    }
    #expect(error?.code == "invalid-argument")
    let long = String(repeating: "a", count: 200)
    #expect(throws: EinsumError.self) {
      try Einsum.emit("i->i", operands: [Layout(shape: [3])], elementType: .float32, name: long)
    }
  }

  @Test(arguments: ["start", "check", "value_f32", "p0"]) func namesOfTheProgramAreRefused(name: String)
    throws
  {
    let layouts = [Layout(shape: [3])]
    _ = try Einsum.emit("i->i", operands: layouts, elementType: .float32, name: name)
    let error = #expect(throws: EinsumError.self) {
      try Einsum.emit("i->i", operands: layouts, elementType: .float32, name: name, hasMain: true)
    }
    #expect(error?.code == "invalid-argument")
  }

  /// Nothing that the user wrote reaches the C but letters, digits and the notation's signs.
  @Test(arguments: ["αβ,βγ->αγ", "{batch_size}i,ij->{batch_size}j", "{int}{for},{for}k->{int}k"])
  func labelsDoNoHarm(equation: String) throws {
    for target in [EmitTarget.x86_64_v3, .portable] {
      let code = try Einsum.emit(
        equation, operands: [Layout(shape: [2, 3]), Layout(shape: [3, 4])], elementType: .float32,
        target: target, name: "k"
      )
      #expect(code.source.unicodeScalars.allSatisfy { $0 == "\n" || (0x20..<0x7F).contains($0.value) })
      _ = try SystemCompiler.load(code.source, target == .portable ? Self.portableFlags : Self.vectorFlags)
    }
  }
}

/// Many standalone files in one C text, compiled at once.
private struct Batch {
  private var problems: [Problem] = []
  private var dialects: [StandaloneDialect] = []
  private var source = ""

  mutating func add(_ problem: Problem, _ dialect: StandaloneDialect, _ allocates: Bool) throws {
    let number = problems.count
    let kernel = StandaloneKernel(
      name: "kernel\(number)", expression: problem.equation.text,
      operands: problem.operands.enumerated().map {
        $1.operandType(isConjugated: problem.conjugated.contains($0))
      }, analysis: problem.analysis, dialect: dialect, compilerFlags: "", allocates: allocates, hasMain: false
    )
    let operands = problem.operands.indices.map { "p[\($0)]" } + ["out"]
    let arguments = operands + (kernel.workspaceSize > 0 && !allocates ? ["workspace"] : [])
    // Files have some helpers of the same names, and this is one.
    source += try StandaloneWriter.source(for: kernel).replacing(/es_(\w+_to_\w+)/) { "es\(number)_\($0.1)" }
    source += """
      void entry\(number)(const void **p, void *out, void *workspace);
      void entry\(number)(const void **p, void *out, void *workspace)
      {
          (void)p, (void)workspace;
          kernel\(number)(\(arguments.joined(separator: ", ")));
      }

      """
    problems.append(problem)
    dialects.append(dialect)
  }

  private typealias Entry =
    @convention(c) (
      UnsafePointer<UnsafeRawPointer?>, UnsafeMutableRawPointer, UnsafeMutableRawPointer
    ) -> Void
  private typealias Size = @convention(c) () -> Int

  func check(_ flags: [String]) throws {
    let library = try SystemCompiler.load(source, flags)
    for (number, problem) in problems.enumerated() {
      let entry: Entry = try library.function("entry\(number)")
      let size: Size = try library.function("kernel\(number)_workspace_size")
      let output = problem.makeOutput()
      let workspace = try GuardedMemory(byteCount: size(), flushAt: .end)
      let pointers: [UnsafeRawPointer?] = problem.pointers.map { $0 } + [nil]
      pointers.withUnsafeBufferPointer { buffer in
        if let first = buffer.baseAddress { entry(first, output.origin, workspace.start) }
      }
      let difference = output.difference(from: problem.expected())
      #expect(difference == nil, "\(problem)\n\(dialects[number])")
    }
  }
}
