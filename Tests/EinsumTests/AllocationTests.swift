import CAllocationCount
import Einsum
import Testing

/// Calls of a held kernel with an output that exists ask for no memory at all.
@Suite(.enabled(if: allocation_count() >= 0)) struct AllocationTests {
  struct Case: Sendable, CustomStringConvertible {
    let text: String
    let shapes: [[Int]]
    var description: String { text }
  }

  static let cases = [
    Case(text: "ijk,il->ijkl", shapes: [[2, 2, 3], [2, 3]]),
    Case(text: "ij,jk->ik", shapes: [[40, 50], [50, 60]]),
    Case(text: "i,i->", shapes: [[300_000], [300_000]]),
    Case(text: "bij,bjk->bik", shapes: [[500, 8, 8], [500, 8, 8]]),
  ]

  @Test(arguments: cases, [1, 2]) func none(test: Case, threads: Int) throws {
    let (a, b) = (
      Tensor<Float>(shape: test.shapes[0], repeating: 1), Tensor<Float>(shape: test.shapes[1], repeating: 1)
    )
    let kernel = try Einsum.compile(
      test.text, operands: [a.layout, b.layout], elementType: .float32, threads: threads)
    var output = Tensor<Float>(shape: kernel.outputLayout.shape, repeating: 0)
    try kernel(a, b, into: &output)
    let first = allocation_count()
    for _ in 0..<20 { try kernel(a, b, into: &output) }
    #expect(allocation_count() - first == 0)
  }

  /// The counter counts.
  @Test func some() throws {
    let first = allocation_count()
    let tensor = Tensor<Float>(shape: [100], repeating: 1)
    #expect(allocation_count() > first && tensor.elements.count == 100)
  }
}
