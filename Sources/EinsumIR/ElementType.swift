/// The type of a tensor's elements.
///
/// Fifteen types, with numpy's names. Each has a short ``code`` that names it in text forms and in kernel symbols.
public enum ElementType: String, CaseIterable, Hashable, Sendable, Codable {
  case bool
  case int8, int16, int32, int64
  case uint8, uint16, uint32, uint64
  case float16, bfloat16, float32, float64
  case complex64, complex128
}

extension ElementType {
  /// What kind of number an element is.
  package enum Class: Hashable, Sendable { case bool, signed, unsigned, real, complex }

  package var numberClass: Class {
    switch self {
    case .bool: .bool
    case .int8, .int16, .int32, .int64: .signed
    case .uint8, .uint16, .uint32, .uint64: .unsigned
    case .float16, .bfloat16, .float32, .float64: .real
    case .complex64, .complex128: .complex
    }
  }

  /// The size of one element in bytes, which is also its alignment up to 8.
  public var size: Int {
    switch self {
    case .bool, .int8, .uint8: 1
    case .int16, .uint16, .float16, .bfloat16: 2
    case .int32, .uint32, .float32: 4
    case .int64, .uint64, .float64, .complex64: 8
    case .complex128: 16
    }
  }

  /// The short name in text forms and kernel symbols: `f32`, `i8`, `c64`, ...
  public var code: String {
    switch self {
    case .bool: "b8"
    case .int8: "i8"
    case .int16: "i16"
    case .int32: "i32"
    case .int64: "i64"
    case .uint8: "u8"
    case .uint16: "u16"
    case .uint32: "u32"
    case .uint64: "u64"
    case .float16: "f16"
    case .bfloat16: "bf16"
    case .float32: "f32"
    case .float64: "f64"
    case .complex64: "c64"
    case .complex128: "c128"
    }
  }

  /// Finds a type by its numpy name (`float32`) or by its code (`f32`).
  public init?(named name: String) {
    guard let type = ElementType.allCases.first(where: { $0.rawValue == name || $0.code == name }) else {
      return nil
    }
    self = type
  }

  /// The type in which products and sums of elements of this type are formed: `float32` for the half types.
  package var computeType: ElementType {
    switch self {
    case .float16, .bfloat16: .float32
    default: self
    }
  }

  /// Whether this type's elements become another's when they are computed with.
  package var isHalf: Bool { self != computeType }

  /// The type whose kernels do this type's arithmetic.
  ///
  /// Integers wrap modulo 2^n, so signed ones share the unsigned kernels. Half types have no arithmetic of their own:
  /// theirs is ``computeType``'s; where elements only move, they move as `uint16`.
  package var kernelType: ElementType {
    switch self {
    case .int8: .uint8
    case .int16, .float16, .bfloat16: .uint16
    case .int32: .uint32
    case .int64: .uint64
    default: self
    }
  }

  /// The type whose kernels copy this type's elements: one for each size.
  package var copyType: ElementType {
    switch size {
    case 1: .uint8
    case 2: .uint16
    case 4: .uint32
    case 8: .uint64
    default: .complex128
    }
  }

  /// Whether this type's elements are the other's to every kernel: the same type, or integers of the same size.
  package func sharesKernels(with other: ElementType) -> Bool {
    func isInteger(_ type: ElementType) -> Bool {
      type.numberClass == .signed || type.numberClass == .unsigned
    }
    return self == other || (size == other.size && isInteger(self) && isInteger(other))
  }

  /// The types that have arithmetic kernels.
  package static let kernelTypes: [ElementType] = [
    .bool, .uint8, .uint16, .uint32, .uint64, .float32, .float64, .complex64, .complex128,
  ]

  /// The real type of a complex type's two parts; the type itself otherwise.
  package var componentType: ElementType {
    switch self {
    case .complex64: .float32
    case .complex128: .float64
    default: self
    }
  }

  /// How many components an element has: 2 if complex, else 1.
  package var componentCount: Int { numberClass == .complex ? 2 : 1 }
}
