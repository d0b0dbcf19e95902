import EinsumIR

/// Expressions that convert one real number, and the helpers they call.
///
/// Rounding to odd (keep the last bit set if anything was cut off) makes a later rounding to a type at least two bits
/// narrower right: a tie is then seen as one only if it is one.
struct ConversionHelpers {
  let isa: ISA

  /// `x` of type `from` as an expression of type `to`.
  func convert(_ x: String, from: ElementType, to: ElementType, in unit: inout CUnit) -> String {
    let name = CType.name(of: to)
    switch (from, to) {
    case (.float16, .bool), (.bfloat16, .bool): return "(\(x) & 0x7fff) != 0"
    case (_, .bool): return "\(x) != 0"
    case (.float16, _):
      return convert("\(halfToFloat(in: &unit))(\(x))", from: .float32, to: to, in: &unit)
    case (.bfloat16, _):
      return convert("\(bfloatToFloat(in: &unit))(\(x))", from: .float32, to: to, in: &unit)
    case (.float64, .float16):
      return "\(floatToHalf(in: &unit))(\(toOddFloat(in: &unit))(\(x)))"
    case (_, .float16):
      // Integers that float cannot hold are beyond float16's range either way.
      return "\(floatToHalf(in: &unit))(\(from == .float32 ? "" : "(float)")\(x))"
    case (.float32, .bfloat16): return "\(floatToBfloat(in: &unit))(\(x))"
    case (.float64, .bfloat16): return "\(floatToBfloat(in: &unit))(\(toOddFloat(in: &unit))(\(x)))"
    case (.int64, .bfloat16), (.uint64, .bfloat16):
      let odd = toOddInteger(from, in: &unit)
      return "\(floatToBfloat(in: &unit))(\(toOddFloat(in: &unit))((double)\(odd)(\(x))))"
    case (.int32, .bfloat16), (.uint32, .bfloat16):
      return "\(floatToBfloat(in: &unit))(\(toOddFloat(in: &unit))((double)\(x)))"
    case (_, .bfloat16): return "\(floatToBfloat(in: &unit))((float)\(x))"
    case (.float32, .uint64), (.float64, .uint64):
      return "\(toUnsignedLong(in: &unit))(\(x))"
    case (.float32, .int64), (.float64, .int64): return "\(toLong(from, in: &unit))(\(x))"
    case (.float32, _) where to.numberClass != .real, (.float64, _) where to.numberClass != .real:
      return "(\(name))\(toLong(from, in: &unit))(\(x))"
    case (_, _): return from == to ? x : "(\(name))\(x)"
    }
  }

  func define(
    _ name: String, _ comment: String, _ head: (String) -> String, _ body: String, in unit: inout CUnit
  ) -> String {
    let name = "\(name)_\(isa.rawValue)"
    unit.define(function: name, comment, "static inline \(head(name))") { text, _ in
      text.line(body)
    }
    return name
  }

  /// float16 bits to float: exact; a signalling nan becomes quiet.
  private func halfToFloat(in unit: inout CUnit) -> String {
    let hardware = """
      _Float16 x;
      __builtin_memcpy(&x, &bits, 2);
      return (float)x;
      """
    let portable = """
      const unsigned sign = (unsigned)(bits & 0x8000) << 16, rest = bits & 0x7fff;
      const float small = (float)(int)rest * 0x1p-24f;
      unsigned u;
      __builtin_memcpy(&u, &small, 4);
      u = rest < 0x400 ? u : (rest << 13) + 0x38000000;
      u = rest < 0x7c00 ? u : (rest << 13) + 0x70000000 + (rest > 0x7c00 ? 0x400000 & ~(rest << 13) : 0);
      u |= sign;
      float x;
      __builtin_memcpy(&x, &u, 4);
      return x;
      """
    return define(
      "es_half_to_float", "The number that a float16's bits stand for.",
      { "float \($0)(unsigned short bits)" }, isa == .baseline ? portable : hardware, in: &unit)
  }

  /// float to float16 bits: to nearest, ties to even, past 65519 to infinity; a nan stays one.
  private func floatToHalf(in unit: inout CUnit) -> String {
    let hardware = """
      const _Float16 half = (_Float16)x;
      unsigned short bits;
      __builtin_memcpy(&bits, &half, 2);
      return bits;
      """
    let portable = """
      unsigned u;
      __builtin_memcpy(&u, &x, 4);
      const unsigned sign = u >> 16 & 0x8000, rest = u & 0x7fffffff;
      float shifted;
      __builtin_memcpy(&shifted, &rest, 4);
      shifted += 0.5f;
      unsigned small;
      __builtin_memcpy(&small, &shifted, 4);
      unsigned half = (rest - 0x38000000 + 0xfff + (rest >> 13 & 1)) >> 13;
      half = rest < 0x38800000 ? small - 0x3f000000 : half;
      half = rest < 0x47800000 ? half : 0x7c00;
      half = rest <= 0x7f800000 ? half : 0x7e00 | (rest >> 13 & 0x3ff);
      return (unsigned short)(sign | half);
      """
    return define(
      "es_float_to_half", "The bits of the float16 nearest to x.",
      { "unsigned short \($0)(float x)" }, isa == .baseline ? portable : hardware, in: &unit)
  }

  private func bfloatToFloat(in unit: inout CUnit) -> String {
    define(
      "es_bfloat_to_float", "The number that a bfloat16's bits stand for: the upper half of a float's.",
      { "float \($0)(unsigned short bits)" },
      """
      const unsigned u = (unsigned)bits << 16;
      float x;
      __builtin_memcpy(&x, &u, 4);
      return x;
      """, in: &unit)
  }

  /// float to bfloat16 bits: to nearest, ties to even; a nan stays one.
  private func floatToBfloat(in unit: inout CUnit) -> String {
    define(
      "es_float_to_bfloat", "The bits of the bfloat16 nearest to x.",
      { "unsigned short \($0)(float x)" },
      """
      unsigned u;
      __builtin_memcpy(&u, &x, 4);
      const unsigned rounded = u + 0x7fff + (u >> 16 & 1);
      return (unsigned short)((u & 0x7fffffff) > 0x7f800000 ? (u | 0x400000) >> 16 : rounded >> 16);
      """, in: &unit)
  }

  /// double to float, rounded to odd: the nearest float, or its neighbour on x's other side if that one is odd.
  private func toOddFloat(in unit: inout CUnit) -> String {
    define(
      "es_double_to_odd_float", "x rounded to odd, from which a narrower type can still be rounded right.",
      { "float \($0)(double x)" },
      """
      float y = (float)x;
      unsigned u;
      __builtin_memcpy(&u, &y, 4);
      const double z = (double)y;
      const double size = x < 0 ? -x : x, near = z < 0 ? -z : z;
      const unsigned odd = near < size ? u + 1 : u - 1;
      u = x == z || x != x || (u & 1) ? u : odd;
      __builtin_memcpy(&y, &u, 4);
      return y;
      """, in: &unit)
  }

  /// A 64-bit integer with its low bits gathered in one where a double could not hold it.
  private func toOddInteger(_ type: ElementType, in unit: inout CUnit) -> String {
    let name = CType.name(of: type)
    let isSmall = type == .int64 ? "(x < 1L << 53 && x > -(1L << 53))" : "x < 1UL << 53"
    return define(
      "es_odd_\(type.code)", "x, rounded to odd in bit 11 if it has more than 53 bits.",
      { "\(name) \($0)(\(name) x)" },
      """
      const \(name) low = x & 0x7ff;
      return \(isSmall) || low == 0 ? x : (x - low) | 0x800;
      """, in: &unit)
  }

  /// float or double to long, toward zero; what a long cannot hold, and nan, becomes -2^63.
  ///
  /// C leaves those undefined, and compilers differ.
  private func toLong(_ type: ElementType, in unit: inout CUnit) -> String {
    let name = CType.name(of: type)
    let limit = type == .float32 ? "0x1p63f" : "0x1p63"
    return define(
      "es_\(name)_to_long", "x cut to an integer, or -2^63 if that is no long.", { "long \($0)(\(name) x)" },
      "return x >= -\(limit) && x < \(limit) ? (long)x : (long)(1UL << 63);", in: &unit)
  }

  /// double to unsigned long; below 2^63 by way of long, so that -1 becomes 2^64 - 1 on every machine.
  private func toUnsignedLong(in unit: inout CUnit) -> String {
    let toLong = toLong(.float64, in: &unit)
    return define(
      "es_to_unsigned_long", "x cut to an integer modulo 2^64, or 2^63 if that is no long nor unsigned long.",
      { "unsigned long \($0)(double x)" },
      """
      return x >= 0x1p63 && x < 0x1p64 ? (unsigned long)(long)(x - 0x1p63) ^ 1UL << 63
                                       : (unsigned long)\(toLong)(x);
      """, in: &unit)
  }
}
