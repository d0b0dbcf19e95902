import EinsumIR

/// An element of any type while the interpreter computes with it.
///
/// Integers are kept modulo 2^64, which their own size divides; reals and complex numbers in double precision, rounded
/// to their type when stored.
struct Number {
  var bits: UInt64 = 0
  var re: Double = 0
  var im: Double = 0

  static func load(_ type: ElementType, _ pointer: UnsafeRawPointer) -> Number {
    func integer<T: FixedWidthInteger>(_: T.Type) -> Number {
      let value = pointer.loadUnaligned(as: T.self)
      return Number(bits: UInt64(truncatingIfNeeded: value), re: Double(value))
    }
    switch type {
    case .bool, .uint8: return integer(UInt8.self)
    case .uint16: return integer(UInt16.self)
    case .uint32: return integer(UInt32.self)
    case .uint64: return integer(UInt64.self)
    case .int8: return integer(Int8.self)
    case .int16: return integer(Int16.self)
    case .int32: return integer(Int32.self)
    case .int64: return integer(Int64.self)
    case .float16: return Number(re: Double(pointer.loadUnaligned(as: Float16.self)))
    case .bfloat16:
      return Number(re: Double(Float(bitPattern: UInt32(pointer.loadUnaligned(as: UInt16.self)) << 16)))
    case .float32: return Number(re: Double(pointer.loadUnaligned(as: Float.self)))
    case .float64: return Number(re: pointer.loadUnaligned(as: Double.self))
    case .complex64:
      return Number(
        re: Double(pointer.loadUnaligned(as: Float.self)),
        im: Double(pointer.loadUnaligned(fromByteOffset: 4, as: Float.self)))
    case .complex128:
      return Number(
        re: pointer.loadUnaligned(as: Double.self),
        im: pointer.loadUnaligned(fromByteOffset: 8, as: Double.self))
    }
  }

  func store(_ type: ElementType, _ pointer: UnsafeMutableRawPointer) {
    func integer<T: FixedWidthInteger>(_: T.Type) {
      pointer.storeBytes(of: T(truncatingIfNeeded: bits), as: T.self)
    }
    switch type {
    case .bool, .uint8, .int8: integer(UInt8.self)
    case .uint16, .int16: integer(UInt16.self)
    case .uint32, .int32: integer(UInt32.self)
    case .uint64, .int64: integer(UInt64.self)
    case .float16: pointer.storeBytes(of: Float16(re), as: Float16.self)
    case .bfloat16: pointer.storeBytes(of: Self.bfloat16(Float(re)), as: UInt16.self)
    case .float32: pointer.storeBytes(of: Float(re), as: Float.self)
    case .float64: pointer.storeBytes(of: re, as: Double.self)
    case .complex64:
      pointer.storeBytes(of: Float(re), as: Float.self)
      pointer.storeBytes(of: Float(im), toByteOffset: 4, as: Float.self)
    case .complex128:
      pointer.storeBytes(of: re, as: Double.self)
      pointer.storeBytes(of: im, toByteOffset: 8, as: Double.self)
    }
  }

  /// Round to nearest, ties to even; a nan stays one.
  private static func bfloat16(_ value: Float) -> UInt16 {
    if value.isNaN { return UInt16(value.bitPattern >> 16) | 0x40 }
    let bits = value.bitPattern
    return UInt16((UInt64(bits) + 0x7FFF + UInt64((bits >> 16) & 1)) >> 16)
  }

  static func sum(_ a: Number, _ b: Number, _ type: ElementType) -> Number {
    switch type.numberClass {
    case .bool: Number(bits: a.bits | b.bits)
    case .signed, .unsigned: Number(bits: a.bits &+ b.bits)
    case .real, .complex: Number(re: a.re + b.re, im: a.im + b.im)
    }
  }

  static func product(_ a: Number, _ b: Number, _ type: ElementType) -> Number {
    switch type.numberClass {
    case .bool: Number(bits: a.bits & b.bits)
    case .signed, .unsigned: Number(bits: a.bits &* b.bits)
    case .real: Number(re: a.re * b.re)
    case .complex: Number(re: a.re * b.re - a.im * b.im, im: a.re * b.im + a.im * b.re)
    }
  }

  /// This real number as the nearest float32.
  var roundedToFloat: Number { Number(re: Double(Float(re))) }

  /// This number as a C cast from one type to another gives it, where the value fits.
  func converted(from source: ElementType, to type: ElementType) -> Number {
    switch (source.numberClass, type.numberClass) {
    case (.real, .bool), (.complex, .bool): Number(bits: re != 0 || im != 0 ? 1 : 0)
    case (_, .bool): Number(bits: bits != 0 ? 1 : 0)
    case (.real, .signed), (.real, .unsigned):
      Number(bits: UInt64(truncatingIfNeeded: Int64(exactly: re.rounded(.towardZero)) ?? 0))
    default: self
    }
  }
}
