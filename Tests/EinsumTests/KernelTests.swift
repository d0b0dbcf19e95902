import Einsum
import EinsumIR
import Testing

/// Calls of compiled kernels: what fits, what is refused, and memory that operands and results share.
@Suite struct KernelTests {
  private let a = Tensor<Float>(shape: [2, 3], elements: [1, 2, 3, 4, 5, 6])
  private let b = Tensor<Float>(shape: [3, 2], elements: [1, 0, 0, 1, 1, 1])

  private func product() throws -> Kernel {
    try Einsum.compile("ij,jk->ik", operands: [a.layout, b.layout], elementType: .float32)
  }

  /// The code of the error that a call ends with.
  private func code(_ call: () throws -> Void) -> String? {
    #expect(throws: EinsumError.self) { try call() }?.code
  }

  @Test func properties() throws {
    let kernel = try product()
    #expect(kernel.outputType == .float32)
    #expect(kernel.outputLayout == Layout(shape: [2, 2]))
    #expect(kernel.flopCount == 24)
    #expect(kernel.byteCount == 64)
    #expect(kernel.workspaceSize >= 0)
    #expect(kernel.cSource.contains("void es_driver("))
    for stage in ["equation", "predicted", "step 1", "why"] {
      #expect(kernel.explanation.description.contains(stage))
    }
  }

  @Test func intoATensor() throws {
    let kernel = try product()
    var c = Tensor<Float>(shape: [2, 2], repeating: .nan)
    try kernel(a, b, into: &c)
    #expect(c.elements == [4, 5, 10, 11])
    #expect(try kernel(a, b, as: Float.self) == c)
    try kernel(operands: [a, b], into: &c)
    #expect(c.elements == [4, 5, 10, 11])
  }

  @Test func sharedMemoryIsCopied() throws {
    let square = Tensor<Float>(shape: [2, 2], elements: [1, 1, 0, 1])
    let kernel = try Einsum.compile(
      "ij,jk->ik", operands: [square.layout, square.layout], elementType: .float32)
    var c = square
    try kernel(square, square, into: &c)
    #expect(square.elements == [1, 1, 0, 1])
    #expect(c.elements == [1, 2, 0, 1])
    try kernel(c, square, into: &c)
    #expect(c.elements == [1, 3, 0, 1])
    try kernel(operands: [c, c], into: &c)
    #expect(c.elements == [1, 6, 0, 1])
  }

  @Test func aPartOfATensorAsOutput() throws {
    let kernel = try product()
    var c = Tensor<Float>(shape: [4, 2], repeating: 9).sliced(axis: 0, from: 1, count: 2)
    try kernel(a, b, into: &c)
    #expect(c.elements == [4, 5, 10, 11])
  }

  @Test func mixedTypes() throws {
    let integers = Tensor<Int32>(shape: [3], elements: [1, 2, 3])
    let kernel = try Einsum.compile(
      "ij,j->i", operands: [(a.layout, .float32), (integers.layout, .int32)])
    #expect(kernel.outputType == .float64)
    #expect(try kernel(a, integers, as: Double.self).elements == [14, 32])
  }

  @Test func wrongOperands() throws {
    let kernel = try product()
    var c = Tensor<Float>(shape: [2, 2], repeating: 0)
    #expect(code { try kernel(a, into: &c) } == "operand-count")
    #expect(code { try kernel(a, b, b, into: &c) } == "operand-count")
    #expect(code { try kernel(operands: [a], into: &c) } == "operand-count")
    #expect(code { try kernel(b, b, into: &c) } == "operand-shape")
    #expect(code { try kernel(b.transposed(), b, into: &c) } == "operand-strides")
    #expect(code { try kernel(a, Tensor<Double>(shape: [3, 2], repeating: 0), into: &c) } == "operand-type")
    #expect(c.elements == [0, 0, 0, 0])
  }

  @Test func wrongOutputs() throws {
    let kernel = try product()
    var wide = Tensor<Float>(shape: [2, 3], repeating: 0)
    #expect(code { try kernel(a, b, into: &wide) } == "output-shape")
    var double = Tensor<Double>(shape: [2, 2], repeating: 0)
    #expect(code { try kernel(a, b, into: &double) } == "output-type")
    var turned = Tensor<Float>(shape: [2, 2], repeating: 0).transposed()
    #expect(code { try kernel(a, b, into: &turned) } == "output-strides")
    var still = Tensor<Float>(0).broadcast(to: [2, 2])
    #expect(code { try kernel(a, b, into: &still) } == "output-strides")
  }

  @Test func wrongRequests() {
    let code = { (conjugated: Set<Int>) in
      #expect(throws: EinsumError.self) {
        try Einsum.compile("i", operands: [(Layout(shape: [2]), .complex64)], conjugated: conjugated)
      }?.code
    }
    #expect(code([1]) == "invalid-argument")
    #expect(code([-1]) == "invalid-argument")
  }

  @Test func rawMemory() throws {
    let kernel = try product()
    var c = [Float](repeating: 0, count: 4)
    let operands = [UnsafeRawPointer(a.pointer), UnsafeRawPointer(b.pointer)]
    try c.withUnsafeMutableBytes { try kernel.run(operands, into: #require($0.baseAddress)) }
    #expect(c == [4, 5, 10, 11])
    var memory = [Float](repeating: 1, count: 12)
    memory.withUnsafeMutableBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      let overlapping = [UnsafeRawPointer(base), UnsafeRawPointer(base + 24)]
      #expect(code { try kernel.run(overlapping, into: base + 20) } == "output-overlap")
      #expect(code { try kernel.run([UnsafeRawPointer(base)], into: base) } == "operand-count")
    }
  }
}
