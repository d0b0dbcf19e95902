import Einsum
import EinsumIR

/// Sebastiano Vigna's generator of random numbers with 64 bits of state: the same numbers from the same seed, everywhere.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }

  /// Gives a tensor random elements: reals between -1 and 1, integers from -4 (unsigned: 0) to 4, and one true bool of
  /// four.
  mutating func fill(_ tensor: HostTensor) {
    switch tensor.elementType {
    case .bool: fill(tensor) { $0 >> 62 == 0 }
    case .int8: fill(tensor) { Int8(truncatingIfNeeded: Self.small($0)) }
    case .int16: fill(tensor) { Int16(truncatingIfNeeded: Self.small($0)) }
    case .int32: fill(tensor) { Int32(truncatingIfNeeded: Self.small($0)) }
    case .int64: fill(tensor) { Int64(Self.small($0)) }
    case .uint8: fill(tensor) { UInt8(truncatingIfNeeded: ($0 >> 32) % 5) }
    case .uint16: fill(tensor) { UInt16(truncatingIfNeeded: ($0 >> 32) % 5) }
    case .uint32: fill(tensor) { UInt32(truncatingIfNeeded: ($0 >> 32) % 5) }
    case .uint64: fill(tensor) { ($0 >> 32) % 5 }
    case .float16: fill(tensor) { Float16(Self.real($0)) }
    case .bfloat16: fill(tensor) { BFloat16(Float(Self.real($0))) }
    case .float32, .complex64: fill(tensor) { Float(Self.real($0)) }
    case .float64, .complex128: fill(tensor) { Self.real($0) }
    }
  }

  /// Fills memory with one value after the other; complex elements are two.
  private mutating func fill<Value: BitwiseCopyable>(_ tensor: HostTensor, _ value: (UInt64) -> Value) {
    tensor.withBytes { bytes in
      for place in stride(from: 0, to: bytes.count, by: MemoryLayout<Value>.size) {
        bytes.storeBytes(of: value(next()), toByteOffset: place, as: Value.self)
      }
    }
  }

  private static func small(_ bits: UInt64) -> Int { Int((bits >> 32) % 9) - 4 }

  private static func real(_ bits: UInt64) -> Double { Double(Int64(bitPattern: bits)) * 0x1p-63 }
}
