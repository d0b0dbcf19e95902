import Einsum
import EinsumIR
import EinsumSyntax

/// A kernel with random operands and a place for its result.
struct Trial {
  private let kernel: Kernel
  private let operands: [HostTensor]
  private let output: HostTensor

  /// Makes operands from a fixed seed. The result's memory holds rubbish, so that what a kernel leaves out is seen.
  ///
  /// - Throws: `EinsumError` [out-of-memory].
  init(_ kernel: Kernel) throws(EinsumError) {
    self.kernel = kernel
    var random = SplitMix64(state: 2024)
    var operands: [HostTensor] = []
    for (number, operand) in kernel.request.operands.enumerated() {
      let tensor = try HostTensor(operand.elementType, operand.layout, for: "operand \(number)")
      random.fill(tensor)
      operands.append(tensor)
    }
    self.operands = operands
    output = try HostTensor(kernel.outputType, kernel.outputLayout, for: "the result")
    output.withBytes { _ = $0.initializeMemory(as: UInt8.self, repeating: 0xA5) }
  }

  /// Calls the kernel once.
  func run() throws(EinsumError) {
    try kernel.run(operands, into: output)
  }

  /// Compares the result of the last call with plain loops.
  func check() throws(EinsumError) -> Verdict {
    let request = kernel.request
    let analysis = try Analysis(request.equation, request.operands, accumulate: request.accumulate)
    return Comparison(analysis, operands: operands, output: output).verdict()
  }

  /// The seconds that single calls took, after two that do not count.
  ///
  /// - Parameter duration: how long to go on, in seconds; there are at least 5 calls, and at most ten million.
  func times(lasting duration: Double) throws(EinsumError) -> [Double] {
    try kernel.withCall(operands, output) { call throws(EinsumError) in
      for _ in 0..<2 { try call() }
      var times: [Double] = []
      let whole = Stopwatch()
      while times.count < 5 || (whole.seconds < duration && times.count < 10_000_000) {
        let watch = Stopwatch()
        try call()
        times.append(watch.seconds)
      }
      return times
    }
  }
}
