package import EinsumIR

/// An element of any type, as the oracle computes with it: integers modulo 2^64, reals and complex numbers in
/// double precision.
///
/// It shares nothing with the interpreter's arithmetic, so that a mistake in one does not hide in the other.
package struct TestValue: Hashable, Sendable {
  package var bits: UInt64 = 0
  package var re: Double = 0
  package var im: Double = 0

  package init() {}
  package init(integer: Int) { (bits, re) = (UInt64(bitPattern: Int64(integer)), Double(integer)) }
  package init(_ re: Double, _ im: Double = 0) { (self.re, self.im) = (re, im) }

  /// The value of an integer's low bits.
  private init<T: FixedWidthInteger>(_ value: T) {
    (bits, re) = (UInt64(truncatingIfNeeded: value), Double(value))
  }
}

extension ElementType {
  /// Whether elements are integers or bools, so that arithmetic is exact.
  package var isInteger: Bool {
    switch numberClass {
    case .bool, .signed, .unsigned: true
    case .real, .complex: false
    }
  }
}

extension TestValue {
  /// Reads an element.
  package init(_ type: ElementType, at p: UnsafeRawPointer) {
    switch type {
    case .bool: self.init(p.loadUnaligned(as: UInt8.self) != 0 ? UInt8(1) : 0)
    case .int8: self.init(p.loadUnaligned(as: Int8.self))
    case .int16: self.init(p.loadUnaligned(as: Int16.self))
    case .int32: self.init(p.loadUnaligned(as: Int32.self))
    case .int64: self.init(p.loadUnaligned(as: Int64.self))
    case .uint8: self.init(p.loadUnaligned(as: UInt8.self))
    case .uint16: self.init(p.loadUnaligned(as: UInt16.self))
    case .uint32: self.init(p.loadUnaligned(as: UInt32.self))
    case .uint64: self.init(p.loadUnaligned(as: UInt64.self))
    case .float16: self.init(Double(p.loadUnaligned(as: Float16.self)))
    case .bfloat16: self.init(Double(Float(bitPattern: UInt32(p.loadUnaligned(as: UInt16.self)) << 16)))
    case .float32: self.init(Double(p.loadUnaligned(as: Float.self)))
    case .float64: self.init(p.loadUnaligned(as: Double.self))
    case .complex64:
      self.init(
        Double(p.loadUnaligned(as: Float.self)), Double(p.loadUnaligned(fromByteOffset: 4, as: Float.self)))
    case .complex128:
      self.init(p.loadUnaligned(as: Double.self), p.loadUnaligned(fromByteOffset: 8, as: Double.self))
    }
  }

  /// Writes this value as an element, integers cut to their size and reals rounded once.
  package func write(_ type: ElementType, at p: UnsafeMutableRawPointer) {
    switch type {
    case .bool: p.storeBytes(of: UInt8(bits != 0 ? 1 : 0), as: UInt8.self)
    case .int8, .uint8: p.storeBytes(of: UInt8(truncatingIfNeeded: bits), as: UInt8.self)
    case .int16, .uint16: p.storeBytes(of: UInt16(truncatingIfNeeded: bits), as: UInt16.self)
    case .int32, .uint32: p.storeBytes(of: UInt32(truncatingIfNeeded: bits), as: UInt32.self)
    case .int64, .uint64: p.storeBytes(of: bits, as: UInt64.self)
    case .float16: p.storeBytes(of: Float16(re), as: Float16.self)
    case .bfloat16: p.storeBytes(of: Self.bfloat16(re), as: UInt16.self)
    case .float32: p.storeBytes(of: Float(re), as: Float.self)
    case .float64: p.storeBytes(of: re, as: Double.self)
    case .complex64:
      p.storeBytes(of: Float(re), as: Float.self)
      p.storeBytes(of: Float(im), toByteOffset: 4, as: Float.self)
    case .complex128:
      p.storeBytes(of: re, as: Double.self)
      p.storeBytes(of: im, toByteOffset: 8, as: Double.self)
    }
  }

  /// The nearest of the two neighbours with a short significand; ties go to the even one.
  private static func bfloat16(_ value: Double) -> UInt16 {
    let float = Float(value)
    if float.isNaN { return 0x7FC0 }
    let low = UInt32(float.bitPattern) & 0xFFFF_0000
    let below = Float(bitPattern: low)
    let above = Float(bitPattern: low &+ 0x1_0000)
    let isUpper: Bool
    if float == below || above.isNaN {
      isUpper = false
    } else if abs(float - below) == abs(above - float) {
      isUpper = low & 0x1_0000 != 0
    } else {
      isUpper =
        abs(above - float) < abs(float - below) || (above.isInfinite && float.bitPattern & 0x8000 != 0)
    }
    return UInt16((isUpper ? above : below).bitPattern >> 16)
  }

  /// Whether elements read from two tensors are the same number; zeros of both signs are, and so are all
  /// nans.
  package func equals(_ other: TestValue) -> Bool {
    func same(_ a: Double, _ b: Double) -> Bool { a == b || (a.isNaN && b.isNaN) }
    return bits == other.bits && same(re, other.re) && same(im, other.im)
  }

  /// The value as a number in a type's arithmetic: what is not 0 is true, and integers become reals.
  package func converted(from source: ElementType, to type: ElementType) -> TestValue {
    switch type.numberClass {
    case .bool: TestValue(integer: bits != 0 || re != 0 || im != 0 ? 1 : 0)
    case .signed, .unsigned: source.isInteger ? self : TestValue(integer: Int(re))
    case .real, .complex: TestValue(re, im)
    }
  }

  package static func product(_ a: TestValue, _ b: TestValue, _ type: ElementType) -> TestValue {
    var result = TestValue()
    switch type.numberClass {
    case .bool: result.bits = a.bits & b.bits
    case .signed, .unsigned: result.bits = a.bits &* b.bits
    case .real: result.re = a.re * b.re
    case .complex: (result.re, result.im) = (a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re)
    }
    return result
  }

  package static func sum(_ a: TestValue, _ b: TestValue, _ type: ElementType) -> TestValue {
    var result = TestValue()
    switch type.numberClass {
    case .bool: result.bits = a.bits | b.bits
    case .signed, .unsigned: result.bits = a.bits &+ b.bits
    case .real, .complex: (result.re, result.im) = (a.re + b.re, a.im + b.im)
    }
    return result
  }
}
