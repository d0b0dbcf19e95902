import EinsumIR
import EinsumTestSupport
import Testing

/// Mixed element types against numpy's `result_type`.
@Suite struct PromotionTests {
  /// numpy 2.4.6: `[[np.result_type(a, b) for b in types] for a in types]`, by code.
  static let numpy = """
      b8   b8   i8  i16  i32  i64   u8  u16  u32  u64  f16  f32  f64  c64 c128
      i8   i8   i8  i16  i32  i64  i16  i32  i64  f64  f16  f32  f64  c64 c128
     i16  i16  i16  i16  i32  i64  i16  i32  i64  f64  f32  f32  f64  c64 c128
     i32  i32  i32  i32  i32  i64  i32  i32  i64  f64  f64  f64  f64 c128 c128
     i64  i64  i64  i64  i64  i64  i64  i64  i64  f64  f64  f64  f64 c128 c128
      u8   u8  i16  i16  i32  i64   u8  u16  u32  u64  f16  f32  f64  c64 c128
     u16  u16  i32  i32  i32  i64  u16  u16  u32  u64  f32  f32  f64  c64 c128
     u32  u32  i64  i64  i64  i64  u32  u32  u32  u64  f64  f64  f64 c128 c128
     u64  u64  f64  f64  f64  f64  u64  u64  u64  u64  f64  f64  f64 c128 c128
     f16  f16  f16  f32  f64  f64  f16  f32  f64  f64  f16  f32  f64  c64 c128
     f32  f32  f32  f32  f64  f64  f32  f32  f64  f64  f32  f32  f64  c64 c128
     f64  f64  f64  f64  f64  f64  f64  f64  f64  f64  f64  f64  f64 c128 c128
     c64  c64  c64  c64 c128 c128  c64  c64 c128 c128  c64  c64 c128  c64 c128
    c128 c128 c128 c128 c128 c128 c128 c128 c128 c128 c128 c128 c128 c128 c128
    """

  @Test func pairs() throws {
    let rows = Self.numpy.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    let columns = rows.map { $0[0] }
    #expect(columns.count == ElementType.allCases.count - 1)
    for row in rows {
      let a = try #require(ElementType(named: row[0]))
      for (name, result) in zip(columns, row.dropFirst()) {
        let b = try #require(ElementType(named: name))
        #expect(a.promoted(with: b) == ElementType(named: result), "\(a) with \(b)")
      }
    }
  }

  /// The triples for which numpy's answer is not what its pairs give in every order.
  @Test(arguments: [
    ([ElementType.int8, .uint8, .float16], ElementType.float16), ([.int8, .uint16, .float16], .float32),
    ([.int16, .uint16, .float16], .float32), ([.int8, .uint16, .float32], .float32),
    ([.int16, .uint16, .float32], .float32), ([.int8, .uint16, .complex64], .complex64),
    ([.int16, .uint16, .complex64], .complex64),
  ])
  func triples(types: [ElementType], result: ElementType) throws {
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
      let operands = order.map { OperandType(types[$0], Layout(shape: [])) }
      #expect(try analyze(",,", operands).outputType == result)
    }
  }

  @Test func orderDoesNotMatter() {
    let all = ElementType.allCases
    for a in all {
      for b in all {
        #expect(a.promoted(with: b) == b.promoted(with: a))
        for c in all {
          let results = Set(
            [[a, b, c], [a, c, b], [b, a, c], [b, c, a], [c, a, b], [c, b, a]].map {
              ElementType.promoted($0)
            })
          #expect(results.count == 1, "\(a) \(b) \(c)")
        }
      }
    }
  }

  @Test func bfloat16StandsBesideFloat16() {
    #expect(ElementType.bfloat16.promoted(with: .float16) == .float32)
    for type in ElementType.allCases where type != .float16 && type != .bfloat16 {
      let half = ElementType.float16.promoted(with: type)
      #expect(ElementType.bfloat16.promoted(with: type) == (half == .float16 ? .bfloat16 : half), "\(type)")
    }
  }

  @Test func nothingToPromote() { #expect(ElementType.promoted([]) == nil) }
}
