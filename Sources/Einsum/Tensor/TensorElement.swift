public import ComplexModule
public import EinsumIR

/// A Swift type that tensors can have as elements.
///
/// Conforming are `Bool`, all integers of 8 to 64 bits, `Int`, `UInt`, `Float16`, `BFloat16`, `Float`, `Double`,
/// `Complex<Float>` and `Complex<Double>`, all of them plain bits. Do not add conformances: kernels exist for these only.
public protocol TensorElement: Sendable {
  /// What kernels take elements of this type for.
  static var elementType: ElementType { get }
}

extension Bool: TensorElement { @inlinable public static var elementType: ElementType { .bool } }
extension Int8: TensorElement { @inlinable public static var elementType: ElementType { .int8 } }
extension Int16: TensorElement { @inlinable public static var elementType: ElementType { .int16 } }
extension Int32: TensorElement { @inlinable public static var elementType: ElementType { .int32 } }
extension Int64: TensorElement { @inlinable public static var elementType: ElementType { .int64 } }
extension Int: TensorElement { @inlinable public static var elementType: ElementType { .int64 } }
extension UInt8: TensorElement { @inlinable public static var elementType: ElementType { .uint8 } }
extension UInt16: TensorElement { @inlinable public static var elementType: ElementType { .uint16 } }
extension UInt32: TensorElement { @inlinable public static var elementType: ElementType { .uint32 } }
extension UInt64: TensorElement { @inlinable public static var elementType: ElementType { .uint64 } }
extension UInt: TensorElement { @inlinable public static var elementType: ElementType { .uint64 } }
extension Float16: TensorElement { @inlinable public static var elementType: ElementType { .float16 } }
extension BFloat16: TensorElement { @inlinable public static var elementType: ElementType { .bfloat16 } }
extension Float: TensorElement { @inlinable public static var elementType: ElementType { .float32 } }
extension Double: TensorElement { @inlinable public static var elementType: ElementType { .float64 } }

extension Complex: TensorElement where RealType: ComplexComponent {
  public static var elementType: ElementType { RealType.complexType }
}

/// A real type whose complex numbers can be elements: `Float` or `Double`.
public protocol ComplexComponent: Sendable {
  /// The type of complex numbers with such parts.
  static var complexType: ElementType { get }
}

extension Float: ComplexComponent { public static var complexType: ElementType { .complex64 } }
extension Double: ComplexComponent { public static var complexType: ElementType { .complex128 } }
