import Einsum
import EinsumIR
import Testing

/// Results do not depend on the number of threads, for kernels large enough to be shared.
@Suite struct ThreadTests {
  /// An einsum and how its work is divided.
  struct Case: Sendable, CustomStringConvertible {
    let text: String
    let shapes: [[Int]]
    var description: String { text }
  }

  static let cases = [
    Case(text: "ij,jk->ik", shapes: [[300, 700], [700, 200]]),
    Case(text: "ij,jk->ik", shapes: [[9, 700], [700, 1000]]),
    Case(text: "ij,jk->ki", shapes: [[33, 20_001], [20_001, 47]]),
    Case(text: "bij,bjk->bik", shapes: [[8, 60, 70], [8, 70, 80]]),
    Case(text: "dabfe,fc->edcba", shapes: [[9, 8, 7, 20, 16], [20, 24]]),
    Case(text: "ij,jk,kl->il", shapes: [[100, 90], [90, 200], [200, 110]]),
    Case(text: "ijk->kji", shapes: [[60, 70, 80]]),
    Case(text: "ijk->j", shapes: [[60, 70, 80]]),
    Case(text: "ij,k->ijk", shapes: [[60, 70], [80]]),
    Case(text: "i->", shapes: [[300_001]]),
    Case(text: "ij->", shapes: [[701, 703]]),
    Case(text: "i,i->", shapes: [[300_000], [300_000]]),
    Case(text: "ij,ij,ij->", shapes: [[600, 700], [600, 700], [600, 700]]),
    Case(text: "ij->j", shapes: [[100_001, 5]]),
    Case(text: "ij,ji->", shapes: [[600, 700], [700, 600]]),
  ]

  @Test(arguments: cases) func bitEqual(test: Case) throws {
    var state: UInt32 = 1
    let operands = test.shapes.map { shape in
      Tensor<Float>(
        shape: shape,
        elements: (0..<shape.reduce(1, *)).map { _ in
          state = state &* 1_664_525 &+ 1_013_904_223
          return Float(state >> 8) / 0x1p24 - 0.5
        })
    }
    var first: Tensor<Float>?
    for threads in [1, 2, 3, 7] {
      let kernel = try Einsum.compile(
        test.text, operands: operands.map(\.layout), elementType: .float32, threads: threads)
      #expect(kernel.threadCount == threads)
      var result = Tensor<Float>(shape: kernel.outputLayout.shape, repeating: .nan)
      for _ in 0..<5 {
        try kernel(operands: operands, into: &result)
        first = first ?? result
        #expect(result.elements == first?.elements, "\(threads) threads")
      }
    }
  }

  /// Each part's sum is short, and the parts are added in float64: what is left is the rounding of the result.
  @Test("a sum of millions is off by no more than its last digit", arguments: 1...6)
  func longSums(seed: UInt32) throws {
    let count = 1 << 22
    var state = seed
    let elements = (0..<count).map { _ in
      state = state &* 1_664_525 &+ 1_013_904_223
      return Float(state >> 8) / 0x1p24
    }
    let exact = elements.reduce(0.0) { $0 + Double($1) }
    let operand = Tensor<Float>(shape: [count], elements: elements)
    let sum = try einsum("i->", operand).elements[0]
    #expect(abs(Double(sum) - exact) <= Double(sum.ulp))
  }

  @Test func smallWorkStaysOnOneThread() throws {
    let kernel = try Einsum.compile(
      "ij,jk->ik", operands: [Layout(shape: [16, 16]), Layout(shape: [16, 16])], elementType: .float32,
      threads: 4)
    #expect(kernel.threadCount == 1)
  }

  @Test func noThreads() throws {
    #expect(throws: EinsumError.self) {
      try Einsum.compile("i->i", operands: [Layout(shape: [2])], elementType: .float32, threads: 0)
    }
  }
}
