import CEinsum
import Glibc

/// The arguments of `einsum_compile` as a list of words: equal arguments give equal lists, and different ones different
/// lists.
///
/// It is made of the caller's memory as it is, before any of it is understood, so that a known call costs little more
/// than reading its arguments once.
struct CallKey: Hashable {
  private let words: [Int]

  init(_ arguments: CompileArguments) {
    let length = strlen(arguments.equation)
    let (operands, options) = (arguments.operands, arguments.options)
    let ranks = operands.reduce(0) { $0 + Int($1.rank) } + Int(arguments.output?.rank ?? 0)
    let tensorCount = operands.count + (arguments.output == nil ? 0 : 1)
    let textWords = (length + 7) / 8
    let capacity = 7 + textWords + 2 * tensorCount + 2 * ranks
    words = Array(unsafeUninitializedCapacity: capacity) { buffer, count in
      func append(_ word: Int) {
        buffer.initializeElement(at: count, to: word)
        count += 1
      }
      func append(_ tensor: einsum_tensor) {
        append(Int(tensor.type) << 32 | Int(tensor.rank))
        append(Int(tensor.flags) << 2 | (tensor.shape == nil ? 0 : 2) | (tensor.strides == nil ? 0 : 1))
        for axis in 0..<Int(tensor.rank) {
          append(tensor.shape.map { Int($0[axis]) } ?? 0)
          if let strides = tensor.strides { append(Int(strides[axis])) }
        }
      }
      append(length)
      append(operands.count)
      append(Int(options.threads) << 32 | Int(options.tier))
      append(Int(options.accumulate) << 32 | Int(options.flags))
      append(Int(bitPattern: UInt(options.memory_limit)))
      append(tensorCount)
      for _ in 0..<textWords { append(0) }
      if let start = buffer.baseAddress {
        memcpy(start + count - textWords, arguments.equation, length)
      }
      for operand in operands { append(operand) }
      if let output = arguments.output { append(output) }
    }
  }

  func hash(into hasher: inout Hasher) {
    words.withUnsafeBytes { hasher.combine(bytes: $0) }
  }
}
