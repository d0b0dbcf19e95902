import CEinsum
import Glibc

/// The arguments of `einsum_compile` as a list of words: equal arguments give equal lists, and different ones different
/// lists.
///
/// It is made of the caller's memory as it is, before any of it is understood, so that a known call costs little more
/// than reading its arguments once.
struct CallKey {
  private let words: [Int]
  private let hash: UInt64

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
    hash = words.reduce(0) { ($0 ^ UInt64(truncatingIfNeeded: $1)).rotated &* Self.odd }
  }

  /// 2^64 divided by the golden ratio: a multiplication by it moves each bit's influence upwards.
  private static let odd: UInt64 = 0x9E37_79B9_7F4A_7C15
}

extension UInt64 {
  /// The halves swapped, so that the next multiplication finds low what the last one moved up.
  fileprivate var rotated: UInt64 { self << 32 | self >> 32 }
}

extension CallKey: Hashable {
  static func == (a: CallKey, b: CallKey) -> Bool { a.hash == b.hash && a.words == b.words }

  func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}
