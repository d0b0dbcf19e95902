extension ElementType {
  /// The type that numpy's `result_type` gives for one or more types, whatever their order.
  ///
  /// Pairs alone would not do: int8 with uint8 gives int16, which float16 cannot hold, yet the three together give
  /// float16. So the floating types go first, and each integer meets their common type.
  package static func promoted(_ types: [ElementType]) -> ElementType? {
    let isFloating = { (type: ElementType) in type.numberClass == .real || type.numberClass == .complex }
    let ordered = types.filter(isFloating) + types.filter { !isFloating($0) }
    return ordered.first.map { ordered.dropFirst().reduce($0) { $0.promoted(with: $1) } }
  }

  /// The type that numpy's `result_type` gives for two types.
  ///
  /// bfloat16, which numpy lacks, stands beside float16: the two together, and either with a 16-bit integer, give
  /// float32, as in numpy's own rule for float16.
  package func promoted(with other: ElementType) -> ElementType {
    if self == other { return self }
    if self == .bool { return other }
    if other == .bool { return self }
    if numberClass == .complex || other.numberClass == .complex {
      let wide = needsDouble || other.needsDouble
      return wide ? .complex128 : .complex64
    }
    switch (numberClass, other.numberClass) {
    case (.real, .real): return Self.promotedReals(self, other)
    case (.real, _): return Self.promoted(real: self, integer: other)
    case (_, .real): return Self.promoted(real: other, integer: self)
    case (.signed, .signed), (.unsigned, .unsigned): return size >= other.size ? self : other
    case (.signed, _): return Self.promoted(signed: self, unsigned: other)
    default: return Self.promoted(signed: other, unsigned: self)
    }
  }

  /// Whether a complex type needs double components to hold this type's values, by numpy's rule.
  private var needsDouble: Bool {
    switch self {
    case .complex128, .float64, .int32, .int64, .uint32, .uint64: true
    default: false
    }
  }

  private static func promotedReals(_ a: ElementType, _ b: ElementType) -> ElementType {
    if a == .float64 || b == .float64 { return .float64 }
    return .float32
  }

  private static func promoted(real: ElementType, integer: ElementType) -> ElementType {
    switch integer.size {
    case 1: real
    case 2: real == .float64 ? .float64 : .float32
    default: .float64
    }
  }

  private static func promoted(signed: ElementType, unsigned: ElementType) -> ElementType {
    if signed.size > unsigned.size { return signed }
    switch unsigned {
    case .uint8: return .int16
    case .uint16: return .int32
    case .uint32: return .int64
    default: return .float64
    }
  }
}
