import EinsumIR

/// How far a result may be from the exact one: `gamma_n * sum|products|`, with `n` the summed length and the number of
/// operands.
///
/// That is the a-priori bound of Higham, *Accuracy and Stability of Numerical Algorithms*, section 3.1, and holds for
/// any order of the sums. To it come the reference's own error, by the same rule, the rounding to half types at the
/// end, and what products below the normal numbers lose.
struct ErrorBound {
  private let type: ElementType
  private let factor: Double
  private let products: Double

  /// - Parameters:
  ///   - type: of the result, real or complex.
  ///   - summed: how many products an element of the result is the sum of.
  init(_ type: ElementType, summed: Double, operandCount: Int) {
    self.type = type
    // A complex product has one addition more than a real one.
    let roundings = summed + Double(operandCount) * (type.numberClass == .complex ? 2 : 1)
    factor =
      Self.gamma(roundings, Self.unitRoundoff(type.computeType)) + Self.gamma(roundings, 0x1p-53)
    products = roundings
  }

  /// Whether an element may be `given` where `value` is exact. A half type's sum beyond its range, formed in float32, is
  /// infinite in the end.
  func allows(_ given: Double, for value: Double, magnitude: Double) -> Bool {
    let tolerance = tolerance(value: value, magnitude: magnitude)
    if given.isInfinite && type != type.computeType {
      return (given < 0) == (value < 0) && abs(value) + tolerance > Self.greatest(type)
    }
    // Written so that nan is not.
    return abs(given - value) <= tolerance
  }

  /// The largest error of an element with this value and this sum of the products' magnitudes.
  func tolerance(value: Double, magnitude: Double) -> Double {
    let error = factor * magnitude + products * Self.leastNormal(type.computeType)
    let rounding = type.computeType == type ? 0 : (abs(value) + error) * Self.unitRoundoff(type)
    return error + rounding + Self.leastNormal(type)
  }

  /// Whether a sum of products of this magnitude may overflow while it is formed, so that nothing can be said.
  func mayOverflow(magnitude: Double) -> Bool { !(magnitude < Self.greatest(type.computeType) / 2) }

  /// `n u / (1 - n u)`; where sums are so long that this says nothing, its first term.
  private static func gamma(_ count: Double, _ roundoff: Double) -> Double {
    let product = count * roundoff
    return product < 0.5 ? product / (1 - product) : product
  }

  private static func unitRoundoff(_ type: ElementType) -> Double {
    switch type {
    case .float16: 0x1p-11
    case .bfloat16: 0x1p-8
    case .float32, .complex64: 0x1p-24
    case .float64, .complex128: 0x1p-53
    case .bool, .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64: 0
    }
  }

  private static func leastNormal(_ type: ElementType) -> Double {
    switch type {
    case .float16: 0x1p-14
    case .bfloat16, .float32, .complex64: Double(Float.leastNormalMagnitude)
    case .float64, .complex128: .leastNormalMagnitude
    case .bool, .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64: 0
    }
  }

  private static func greatest(_ type: ElementType) -> Double {
    switch type {
    case .float16: 65504
    case .bfloat16: 0x1.FEp127
    case .float32, .complex64: Double(Float.greatestFiniteMagnitude)
    case .float64, .complex128: .greatestFiniteMagnitude
    case .bool, .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64: .infinity
    }
  }
}
