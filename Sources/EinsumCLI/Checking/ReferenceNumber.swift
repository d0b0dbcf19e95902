import Einsum
import EinsumIR

/// A number of the reference computation: as exact as its kind allows.
protocol ReferenceNumber {
  static var zero: Self { get }
  static var one: Self { get }

  /// The element at a place of a tensor's memory, in elements.
  init(_ tensor: HostTensor, at place: Int)

  static func * (a: Self, b: Self) -> Self
  static func + (a: Self, b: Self) -> Self
}

/// The result of ORs of ANDs.
struct ReferenceBool: ReferenceNumber {
  let value: Bool

  static let zero = ReferenceBool(value: false)
  static let one = ReferenceBool(value: true)

  init(value: Bool) { self.value = value }

  init(_ tensor: HostTensor, at place: Int) { value = tensor.integer(at: place) != 0 }

  static func * (a: Self, b: Self) -> Self { ReferenceBool(value: a.value && b.value) }
  static func + (a: Self, b: Self) -> Self { ReferenceBool(value: a.value || b.value) }
}

/// An integer modulo 2^64. Its low bits are the result modulo any smaller power of two.
struct ReferenceInteger: ReferenceNumber {
  let bits: UInt64

  static let zero = ReferenceInteger(bits: 0)
  static let one = ReferenceInteger(bits: 1)

  init(bits: UInt64) { self.bits = bits }

  init(_ tensor: HostTensor, at place: Int) { bits = UInt64(bitPattern: tensor.integer(at: place)) }

  static func * (a: Self, b: Self) -> Self { ReferenceInteger(bits: a.bits &* b.bits) }
  static func + (a: Self, b: Self) -> Self { ReferenceInteger(bits: a.bits &+ b.bits) }
}

/// A complex number in double precision, and the magnitude that bounds its error: the sum of the products' magnitudes.
struct ReferenceComplex: ReferenceNumber {
  let real: Double
  let imaginary: Double
  let magnitude: Double

  static let zero = ReferenceComplex(real: 0, imaginary: 0, magnitude: 0)
  static let one = ReferenceComplex(real: 1, imaginary: 0, magnitude: 1)

  init(real: Double, imaginary: Double, magnitude: Double) {
    self.real = real
    self.imaginary = imaginary
    self.magnitude = magnitude
  }

  init(_ tensor: HostTensor, at place: Int) {
    (real, imaginary) = tensor.complex(at: place)
    magnitude = abs(real) + abs(imaginary)
  }

  static func * (a: Self, b: Self) -> Self {
    ReferenceComplex(
      real: a.real * b.real - a.imaginary * b.imaginary,
      imaginary: a.real * b.imaginary + a.imaginary * b.real,
      magnitude: a.magnitude * b.magnitude)
  }

  static func + (a: Self, b: Self) -> Self {
    ReferenceComplex(
      real: a.real + b.real, imaginary: a.imaginary + b.imaginary, magnitude: a.magnitude + b.magnitude)
  }
}
