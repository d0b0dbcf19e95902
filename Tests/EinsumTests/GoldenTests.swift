import Einsum
import EinsumIR
import EinsumSyntax
import EinsumTestSupport
import Testing

/// Every stage's text on the reference machine: what a change to the compiler does to them shows in its
/// review.
@Suite struct GoldenTests {
  /// An einsum whose stages are recorded.
  struct Case: Sendable, CustomStringConvertible {
    let name: String
    let text: String
    let shapes: [[Int]]
    let type: ElementType

    init(_ name: String, _ text: String, _ shapes: [[Int]], _ type: ElementType = .float32) {
      (self.name, self.text, self.shapes, self.type) = (name, text, shapes, type)
    }

    var description: String { name }
  }

  static let cases: [Case] = [
    Case("matrix-product", "ij,jk->ik", [[512, 1024], [1024, 768]]),
    Case("batched", "bij,bjk->bik", [[100, 16, 16], [100, 16, 16]]),
    Case("attention", "bqhd,bkhd->bhqk", [[2, 128, 8, 64], [2, 256, 8, 64]]),
    Case("outer", "ijk,il->ijkl", [[32, 16, 8], [32, 64]]),
    Case("trace", "ii", [[1000, 1000]], .float64),
    Case("transpose", "ij->ji", [[1000, 300]], .complex64),
    Case("permutation", "abcd->dcba", [[40, 48, 64, 68]]),
    Case("half-product", "ij,jk->ik", [[256, 256], [256, 256]], .float16),
    Case("chain", "ab,bc,cd->ad", [[64, 128], [128, 32], [32, 256]]),
    Case("tccg", "dabfe,fc->edcba", [[24, 16, 24, 16, 16], [16, 24]]),
    Case("diagonal-output", "i->ii", [[50]], .int32),
  ]

  @Test(arguments: cases) func stages(test: Case) throws {
    let request = try CompileRequest(test.text, test.shapes, test.type)
    let trace = try Compilation.traced(request, on: .reference).trace
    let text = Stage.allCases.map(trace.text).joined(separator: "\n\n")
    let difference = GoldenFile.difference(test.name, text)
    #expect(difference == nil)
  }

  /// The text does not depend on the host or on the run.
  @Test func compilingIsPure() throws {
    for seed in 0..<50 {
      let problem = try Problem.random(seed: seed, points: 4000)
      let first = try Compilation(problem.request, on: .reference)
      #expect(try Compilation(problem.request, on: .reference).source == first.source, "\(problem)")
    }
  }
}
