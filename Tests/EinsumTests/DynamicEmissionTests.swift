import Einsum
import EinsumIR
import EinsumSyntax
import EinsumTestSupport
import Testing

/// Standalone functions whose extents are arguments: one function must be right for all extents.
@Suite struct DynamicEmissionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let equation: String
    let dynamic: [String]
    var type = ElementType.float32
    var testDescription: String { "\(equation) \(dynamic) \(type)" }
  }

  private static let cases = [
    Case(equation: "ij,jk->ik", dynamic: ["i"]), Case(equation: "ij,jk->ik", dynamic: ["j"], type: .float64),
    Case(equation: "ij,jk->ik", dynamic: ["k", "i", "j"]), Case(equation: "ij,kj->ki", dynamic: ["i", "k"]),
    Case(equation: "bij,bjk->bik", dynamic: ["b", "k"], type: .complex64),
    Case(equation: "ij->ji", dynamic: ["i", "j"], type: .int16), Case(equation: "ij->j", dynamic: ["i"]),
    Case(equation: "ij,k->ijk", dynamic: ["j"], type: .uint8),
    Case(equation: "ij,jk,kl->il", dynamic: ["i", "l"]),
    Case(equation: "i,i->", dynamic: ["i"], type: .float16),
  ]

  @Test(arguments: cases, [EmitTarget.native, .portable])
  func oneFunctionDoesForAllExtents(test: Case, target: EmitTarget) throws {
    for allocates in [false, true] {
      let equation = try Equation(parsing: test.equation)
      let terms = equation.inputs.map { $0.labels.map(\.name) }
      let code = try Einsum.emit(
        test.equation, operands: terms.map { Layout(shape: $0.map { _ in 9 }) }, elementType: test.type,
        target: target, name: "kernel", allocates: allocates, dynamic: test.dynamic)
      let library = try SystemCompiler.load(
        code.source + Self.entry(code, test, operands: terms.count, allocates: allocates), Self.flags(target))
      var random = SplitMix64(seed: 7)
      for _ in 0..<12 {
        let extents = test.dynamic.map { _ in random.pick([0, 1, 1, 2, 3, 8, 15, 16, 17, 33, 50]) }
        try Self.check(library, test, terms, extents, &random)
      }
    }
  }

  /// A rest of no terms is left out where the sum's extent is a number: gcc would warn of it at -O2.
  @Test(arguments: [16, 18])
  func sumsOverFixedExtentsCompileWithoutAWarning(terms: Int) throws {
    let code = try Einsum.emit(
      "di,nj,nj->jd", operands: [[9, 16], [terms, 9], [terms, 9]].map { Layout(shape: $0) },
      elementType: .float32, target: .portable, name: "kernel", dynamic: ["d"])
    #expect(code.source.contains("n < \(terms / 4 * 4); n += 4"))
    #expect(code.source.contains("n = \(terms / 4 * 4); n < \(terms)") == (terms % 4 > 0))
    _ = try SystemCompiler.load(code.source, Self.flags(.portable) + ["-O2"])
  }

  private static func flags(_ target: EmitTarget) -> [String] {
    target == .portable
      ? ["-std=c99", "-O1", "-pedantic", "-Wall", "-Wextra", "-Wconversion", "-Werror"]
      : ["-std=gnu11", "-O1", "-Wall", "-Wextra", "-Werror"]
  }

  /// A function that takes the extents and the operands in arrays.
  private static func entry(_ code: EmittedCode, _ test: Case, operands: Int, allocates: Bool) -> String {
    let extents = test.dynamic.indices.map { "e[\($0)]" }
    let hasWorkspace = code.workspaceSize > 0 && !allocates
    let arguments =
      extents + (0..<operands).map { "p[\($0)]" } + ["out"] + (hasWorkspace ? ["workspace"] : [])
    return """

      size_t entry_size(const long *e);
      void entry(const long *e, const void **p, void *out, void *workspace);
      size_t entry_size(const long *e)
      {
          return kernel_workspace_size(\(extents.joined(separator: ", ")));
      }
      void entry(const long *e, const void **p, void *out, void *workspace)
      {
          (void)workspace;
          kernel(\(arguments.joined(separator: ", ")));
      }

      """
  }

  private typealias Size = @convention(c) (UnsafePointer<Int>) -> Int
  private typealias Entry =
    @convention(c) (
      UnsafePointer<Int>, UnsafePointer<UnsafeRawPointer?>, UnsafeMutableRawPointer, UnsafeMutableRawPointer
    ) -> Void

  private static func check(
    _ library: LoadedLibrary, _ test: Case, _ terms: [[String]], _ extents: [Int], _ random: inout SplitMix64
  ) throws {
    let operands = terms.map { term in
      let shape = term.map { label in test.dynamic.firstIndex(of: label).map { extents[$0] } ?? 9 }
      let tensor = TestTensor(test.type, Layout(shape: shape))
      tensor.fill { random.smallValue(test.type, terms.count) }
      return tensor
    }
    let problem = try Problem(seed: 7, test.equation, operands)
    let size: Size = try library.function("entry_size")
    let entry: Entry = try library.function("entry")
    let output = problem.makeOutput()
    let workspace = try GuardedMemory(byteCount: size(extents), flushAt: .end)
    let pointers: [UnsafeRawPointer?] = problem.pointers.map { $0 }
    entry(extents, pointers, output.origin, workspace.start)
    let difference = output.difference(from: problem.expected())
    #expect(difference == nil, "\(problem) \(test.dynamic) = \(extents)")
  }

  @Test func whatCannotBeAnArgumentIsRefused() throws {
    for (equation, dynamic) in [("ii->i", ["i"]), ("ij->i", ["k"]), ("ij->i", ["i", "i"])] {
      let shape = try Equation(parsing: equation).inputs[0].labels.map { _ in 9 }
      let error = #expect(throws: EinsumError.self) {
        try Einsum.emit(
          equation, operands: [Layout(shape: shape)], elementType: .float32, target: .portable,
          dynamic: dynamic)
      }
      #expect(error?.code == "invalid-argument")
    }
  }
}
