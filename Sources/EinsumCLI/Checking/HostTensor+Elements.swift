import Einsum
import EinsumIR

extension HostTensor {
  /// An element as a complex number, rounded to double precision.
  func complex(at place: Int) -> (real: Double, imaginary: Double) {
    switch elementType {
    case .bool, .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32: (Double(integer(at: place)), 0)
    case .uint64: (Double(load(place, as: UInt64.self)), 0)
    case .float16: (Double(load(place, as: Float16.self)), 0)
    case .bfloat16: (Double(Float(load(place, as: BFloat16.self))), 0)
    case .float32: (Double(load(place, as: Float.self)), 0)
    case .float64: (load(place, as: Double.self), 0)
    case .complex64: (Double(load(2 * place, as: Float.self)), Double(load(2 * place + 1, as: Float.self)))
    case .complex128: (load(2 * place, as: Double.self), load(2 * place + 1, as: Double.self))
    }
  }

  /// An element as an integer modulo 2^64; of a real type without its fraction, 0 if it is then no `Int64`.
  ///
  /// - Precondition: the type is not complex.
  func integer(at place: Int) -> Int64 {
    switch elementType {
    case .bool: load(place, as: UInt8.self) == 0 ? 0 : 1
    case .int8: Int64(load(place, as: Int8.self))
    case .int16: Int64(load(place, as: Int16.self))
    case .int32: Int64(load(place, as: Int32.self))
    case .int64: load(place, as: Int64.self)
    case .uint8: Int64(load(place, as: UInt8.self))
    case .uint16: Int64(load(place, as: UInt16.self))
    case .uint32: Int64(load(place, as: UInt32.self))
    case .uint64: Int64(bitPattern: load(place, as: UInt64.self))
    case .float16, .bfloat16, .float32, .float64:
      Int64(exactly: complex(at: place).real.rounded(.towardZero)) ?? 0
    case .complex64, .complex128:
      preconditionFailure("internal: an element of type \(elementType) is no integer")
    }
  }
}
