/// A 16-bit float with the exponent range of `Float` and 8 bits of precision: the upper half of a `Float`.
///
/// It stores values; arithmetic is done in `Float`.
///
///     let x = BFloat16(3.14159)     // 3.140625
///     Float(x) * 2
public struct BFloat16: Hashable, BitwiseCopyable, Sendable {
  public let bitPattern: UInt16

  public init(bitPattern: UInt16) { self.bitPattern = bitPattern }

  /// Rounds to nearest, ties to even; what is too large becomes infinite, and a nan stays one.
  public init(_ value: Float) {
    let bits = value.bitPattern
    if value.isNaN {
      bitPattern = UInt16(bits >> 16) | 0x40
    } else {
      bitPattern = UInt16((UInt64(bits) + 0x7FFF + UInt64((bits >> 16) & 1)) >> 16)
    }
  }
}

extension Float {
  /// The value, exactly.
  public init(_ value: BFloat16) { self.init(bitPattern: UInt32(value.bitPattern) << 16) }
}

extension BFloat16: CustomStringConvertible {
  public var description: String { Float(self).description }
}
