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

  @Test(arguments: [
    "", "2x", "a-b", "a*/b", "a\nb", "a\\", "??/", "\"", "%s", "int", "main", "malloc", "_x", "a__b", "é",
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
      let workspace = try GuardedMemory(byteCount: WorkspaceAlignment.rounded(size()), flushAt: .end)
      let pointers: [UnsafeRawPointer?] = problem.pointers.map { $0 } + [nil]
      pointers.withUnsafeBufferPointer { buffer in
        if let first = buffer.baseAddress { entry(first, output.origin, workspace.start) }
      }
      let difference = output.difference(from: problem.expected())
      #expect(difference == nil, "\(problem)\n\(dialects[number])")
    }
  }
}
