import Einsum
import EinsumIR
import EinsumTestSupport
import Testing

/// The conversions of the library: values, rounding, and what lies outside a type's range.
@Suite("kernel library: conversions")
struct KernelConversionTests {
  @Test(
    "numbers that both types hold keep their value, in rows and with any strides",
    arguments: Machine.available)
  func values(isa: ISA) throws {
    var random = SplitMix64(seed: 6)
    for type in ElementType.allCases {
      for spec in KernelSpec.conversions(to: type, on: isa) {
        let kernel = try #require(spec.function(as: KernelFunction.Move.self))
        for (rows, columns) in [(1, 67), (6, 9)] {
          for (row, column) in [(columns, 1), (1, rows), (3 * columns, -2)] {
            let walk = Walk(row, column, rows: rows, columns: columns)
            let source = Cells(spec.sourceType(of: 0), walk.count), result = Cells(type, walk.count)
            for i in 0..<walk.count {
              source[i] = TestValue(integer: random.number(0...1) * random.number(0...100))
            }
            let expected = Cells(type, walk.count)
            var changed: Set<Int> = []
            for i in 0..<rows {
              for j in 0..<columns {
                let value = source[walk.index(i, j)]
                expected[walk.index(i, j)] = value.converted(from: spec.sourceType(of: 0), to: type)
                changed.insert(walk.index(i, j))
              }
            }
            kernel(
              rows, columns, result.at(walk.origin), row, column, source.at(walk.origin), row, column)
            #expect(result.matches(expected, changed: changed), "\(spec.symbol) \(walk)")
          }
        }
      }
    }
  }

  /// One number, converted: written and read as the types that the functions name.
  private func convert<Source, Result>(
    _ value: Source, from: ElementType, to: ElementType, _ isa: ISA, as: Result.Type
  ) throws -> Result {
    let spec = KernelSpec(.convert(from: from), to, isa)
    let kernel = try #require(spec.function(as: KernelFunction.Move.self))
    let source = Cells(from, 1), result = Cells(to, 1)
    source.at(0).storeBytes(of: value, as: Source.self)
    kernel(1, 1, result.at(0), 1, 1, source.at(0), 1, 1)
    return result.at(0).loadUnaligned(as: Result.self)
  }

  @Test("every float16 becomes the float it stands for, and back", arguments: Machine.available)
  func halves(isa: ISA) throws {
    let wide = try #require(
      KernelSpec(.convert(from: .float16), .float32, isa).function(as: KernelFunction.Move.self))
    let narrow = try #require(
      KernelSpec(.convert(from: .float32), .float16, isa).function(as: KernelFunction.Move.self))
    let halves = Cells(.float16, 65536), floats = Cells(.float32, 65536), back = Cells(.float16, 65536)
    for bits in 0..<65536 { halves.at(bits).storeBytes(of: UInt16(bits), as: UInt16.self) }
    wide(1, 65536, floats.at(0), 0, 1, halves.at(0), 0, 1)
    narrow(1, 65536, back.at(0), 0, 1, floats.at(0), 0, 1)
    for bits in 0..<65536 {
      let half = Float16(bitPattern: UInt16(bits))
      let float = floats.at(bits).loadUnaligned(as: Float.self)
      let isRight =
        half.isNaN
        ? float.isNaN && back[bits].re.isNaN
        : float == Float(half) && back.bytes(of: bits) == halves.bytes(of: bits)
      #expect(isRight, "\(String(bits, radix: 16))")
    }
  }

  @Test("narrow floats are rounded once, to nearest and even", arguments: Machine.available)
  func rounding(isa: ISA) throws {
    // Just above a tie of the narrow type, by less than float32 can show: rounding twice would go to even.
    let half = 1 + 0x1p-11 + 0x1p-40, bfloat = 1 + 0x1p-8 + 0x1p-40
    #expect(try convert(half, from: .float64, to: .float16, isa, as: UInt16.self) == 0x3C01)
    #expect(try convert(-half, from: .float64, to: .float16, isa, as: UInt16.self) == 0xBC01)
    #expect(try convert(1 + 0x1p-11, from: .float64, to: .float16, isa, as: UInt16.self) == 0x3C00)
    #expect(try convert(bfloat, from: .float64, to: .bfloat16, isa, as: UInt16.self) == 0x3F81)
    #expect(try convert(1 + 0x1p-8, from: .float64, to: .bfloat16, isa, as: UInt16.self) == 0x3F80)
    #expect(
      try convert((1 << 40) + (1 << 32) + 1, from: .int64, to: .bfloat16, isa, as: UInt16.self) == 0x5381)
    let long = (1 << 62) + (1 << 54) + 1
    #expect(try convert(long, from: .int64, to: .bfloat16, isa, as: UInt16.self) == 0x5E81)
    #expect(try convert(-long, from: .int64, to: .bfloat16, isa, as: UInt16.self) == 0xDE81)
    #expect(try convert(long - 1, from: .int64, to: .bfloat16, isa, as: UInt16.self) == 0x5E80)
    #expect(try convert(65519.99, from: .float64, to: .float16, isa, as: UInt16.self) == 0x7BFF)
    #expect(try convert(65520.0, from: .float64, to: .float16, isa, as: UInt16.self) == 0x7C00)
    #expect(
      try convert(Float.greatestFiniteMagnitude, from: .float32, to: .bfloat16, isa, as: UInt16.self)
        == 0x7F80)
    let nan = try convert(Double.nan, from: .float64, to: .bfloat16, isa, as: UInt16.self)
    #expect(nan & 0x7FFF > 0x7F80)
  }

  @Test("floats become integers modulo 2^n, and anything but 0 is true", arguments: Machine.available)
  func integers(isa: ISA) throws {
    #expect(try convert(-1.9, from: .float64, to: .uint8, isa, as: UInt8.self) == 255)
    #expect(try convert(300.5, from: .float64, to: .int8, isa, as: Int8.self) == 44)
    #expect(try convert(Float(-1), from: .float32, to: .uint64, isa, as: UInt64.self) == .max)
    #expect(try convert(0x1.8p63, from: .float64, to: .uint64, isa, as: UInt64.self) == 3 << 62)
    #expect(try convert(Double.nan, from: .float64, to: .int64, isa, as: Int64.self) == .min)
    #expect(try convert(Float.infinity, from: .float32, to: .int32, isa, as: Int32.self) == 0)
    #expect(try convert(UInt16(0x7C00), from: .float16, to: .int32, isa, as: Int32.self) == 0)
    #expect(try convert(Double.nan, from: .float64, to: .bool, isa, as: UInt8.self) == 1)
    #expect(try convert(-0.0, from: .float64, to: .bool, isa, as: UInt8.self) == 0)
    #expect(try convert(UInt16(0x8000), from: .float16, to: .bool, isa, as: UInt8.self) == 0)
    #expect(try convert(Int64(1) << 32, from: .int64, to: .bool, isa, as: UInt8.self) == 1)
  }
}
