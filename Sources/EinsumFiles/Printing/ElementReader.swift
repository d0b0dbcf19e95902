import EinsumIR

/// Elements in memory, as text.
struct ElementReader {
  let elementType: ElementType
  let base: UnsafeRawPointer

  /// The elements at these offsets, padded to columns of one width.
  func words(at offsets: [Int]) -> [String] {
    switch elementType {
    case .bool: load(UInt8.self, at: offsets).map { $0 == 0 ? "False" : " True" }
    case .int8: integers(Int8.self, at: offsets)
    case .int16: integers(Int16.self, at: offsets)
    case .int32: integers(Int32.self, at: offsets)
    case .int64: integers(Int64.self, at: offsets)
    case .uint8: integers(UInt8.self, at: offsets)
    case .uint16: integers(UInt16.self, at: offsets)
    case .uint32: integers(UInt32.self, at: offsets)
    case .uint64: integers(UInt64.self, at: offsets)
    case .float16: reals(load(Float16.self, at: offsets))
    case .bfloat16: reals(load(UInt16.self, at: offsets).map(float(bfloat16:)))
    case .float32: reals(load(Float.self, at: offsets))
    case .float64: reals(load(Double.self, at: offsets))
    case .complex64: complexes(Float.self, at: offsets)
    case .complex128: complexes(Double.self, at: offsets)
    }
  }

  /// The element at this offset, as a tensor of rank 0 prints.
  func scalar(at offset: Int) -> String {
    switch elementType {
    case .bool: load(UInt8.self, at: offset) == 0 ? "False" : "True"
    case .int8: String(load(Int8.self, at: offset))
    case .int16: String(load(Int16.self, at: offset))
    case .int32: String(load(Int32.self, at: offset))
    case .int64: String(load(Int64.self, at: offset))
    case .uint8: String(load(UInt8.self, at: offset))
    case .uint16: String(load(UInt16.self, at: offset))
    case .uint32: String(load(UInt32.self, at: offset))
    case .uint64: String(load(UInt64.self, at: offset))
    case .float16: ScalarText.real(load(Float16.self, at: offset))
    case .bfloat16: ScalarText.real(float(bfloat16: load(UInt16.self, at: offset)))
    case .float32: ScalarText.real(load(Float.self, at: offset))
    case .float64: ScalarText.real(load(Double.self, at: offset))
    case .complex64:
      ScalarText.complex(load(Float.self, at: 2 * offset), load(Float.self, at: 2 * offset + 1))
    case .complex128:
      ScalarText.complex(load(Double.self, at: 2 * offset), load(Double.self, at: 2 * offset + 1))
    }
  }

  private func integers<Number: FixedWidthInteger & BitwiseCopyable>(
    _: Number.Type, at offsets: [Int]
  ) -> [String] {
    let words = load(Number.self, at: offsets).map { String($0) }
    let width = words.lazy.map(\.utf8.count).max() ?? 0
    return words.map { $0.padded(toWidth: width, onLeft: true) }
  }

  private func reals<Number: BinaryFloatingPoint>(_ numbers: [Number]) -> [String] {
    let format = FloatFormat(fitting: numbers)
    return numbers.map(format.text(of:))
  }

  /// Both parts have a format of their own; the `j` comes before the blanks that fill the column.
  private func complexes<Number: BinaryFloatingPoint & BitwiseCopyable>(
    _: Number.Type, at offsets: [Int]
  ) -> [String] {
    let reals = load(Number.self, at: offsets.map { 2 * $0 })
    let imaginaries = load(Number.self, at: offsets.map { 2 * $0 + 1 })
    let realFormat = FloatFormat(fitting: reals)
    let imaginaryFormat = FloatFormat(fitting: imaginaries, showsPlus: true)
    return zip(reals, imaginaries).map { real, imaginary in
      let text = imaginaryFormat.text(of: imaginary)
      let blanks = text.reversed().prefix { $0 == " " }.count
      return realFormat.text(of: real) + text.dropLast(blanks) + "j" + String(repeating: " ", count: blanks)
    }
  }

  /// The upper half of a float32's bits.
  private func float(bfloat16 bits: UInt16) -> Float { Float(bitPattern: UInt32(bits) << 16) }

  private func load<Value: BitwiseCopyable>(_: Value.Type, at offset: Int) -> Value {
    base.loadUnaligned(fromByteOffset: offset * MemoryLayout<Value>.size, as: Value.self)
  }

  private func load<Value: BitwiseCopyable>(_: Value.Type, at offsets: [Int]) -> [Value] {
    offsets.map { load(Value.self, at: $0) }
  }
}
