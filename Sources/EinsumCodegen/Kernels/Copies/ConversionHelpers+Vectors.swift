import EinsumIR

/// Conversions between vectors of a half type and of floats, with the results of those between single elements.
extension ConversionHelpers {
  /// `x`, so many components of a half type, as an expression of floats.
  func widened(_ x: String, from type: ElementType, lanes: Int, in unit: inout CUnit) -> String {
    if lanes == 1 { return convert(x, from: type, to: .float32, in: &unit) }
    let vectors = Vectors(type, lanes, isa, &unit)
    let body =
      type == .bfloat16
      ? "return (\(vectors.float))(__builtin_convertvector(x, \(vectors.bits)) << 16);"
      : isa == .baseline ? widening(vectors) : hardwareWidening(vectors, &unit)
    return define(
      "es_\(vectors.half)_to_float", "The numbers that the bits of \(lanes) elements stand for.",
      { "\(vectors.float) \($0)(\(vectors.half) x)" }, body, in: &unit) + "(\(x))"
  }

  /// `x`, so many floats, as an expression of a half type.
  func narrowed(_ x: String, to type: ElementType, lanes: Int, in unit: inout CUnit) -> String {
    if lanes == 1 { return convert(x, from: .float32, to: type, in: &unit) }
    let vectors = Vectors(type, lanes, isa, &unit)
    let body: String
    if type == .bfloat16 {
      let all = CElement(type: type, isa: isa).vector(2 * lanes, in: &unit)
      body = """
        const \(all) y = (\(all))\(rounded("x", vectors, &unit));
        return __builtin_shufflevector(y, y, \(places(lanes) { 2 * $0 + 1 }));
        """
    } else {
      body = isa == .baseline ? narrowing(vectors) : hardwareNarrowing(vectors, &unit)
    }
    return define(
      "es_float_to_\(vectors.half)", "The bits of the elements nearest to \(lanes) numbers.",
      { "\(vectors.half) \($0)(\(vectors.float) x)" }, body, in: &unit) + "(\(x))"
  }

  /// Two vectors of so many floats, as an expression of one vector of a half type.
  func narrowed(
    _ x: String, _ y: String, to type: ElementType, lanes: Int, in unit: inout CUnit
  ) -> String {
    let vectors = Vectors(type, lanes, isa, &unit)
    let all = CElement(type: type, isa: isa).vector(2 * lanes, in: &unit)
    var values = [x, y].map { narrowed($0, to: type, lanes: lanes, in: &unit) }
    if type == .bfloat16 { values = [x, y].map { "(\(all))" + rounded($0, vectors, &unit) } }
    let order = places(2 * lanes) { type == .bfloat16 ? 2 * $0 + 1 : $0 }
    return "__builtin_shufflevector(\(values[0]), \(values[1]), \(order))"
  }

  /// The names of vector types: of a half type, of floats and of their bits.
  private struct Vectors {
    let lanes: Int
    let half: String
    let float: String
    let bits: String
    let signed: String

    init(_ type: ElementType, _ lanes: Int, _ isa: ISA, _ unit: inout CUnit) {
      self.lanes = lanes
      half = CElement(type: type, isa: isa).vector(lanes, in: &unit)
      float = CElement(type: .float32, isa: isa).vector(lanes, in: &unit)
      bits = CElement(type: .uint32, isa: isa).vector(lanes, in: &unit)
      signed = CElement(type: .int32, isa: isa).vector(lanes, in: &unit)
    }
  }

  private func places(_ count: Int, _ place: (Int) -> Int) -> String {
    (0..<count).map { String(place($0)) }.joined(separator: ", ")
  }

  // MARK: bfloat16

  /// The bits of floats, of which the upper halves are those of the nearest bfloat16: ties to even, a nan stays one.
  private func rounded(_ x: String, _ vectors: Vectors, _ unit: inout CUnit) -> String {
    define(
      "es_round_to_\(vectors.half)", "Bits whose upper halves are those of the bfloat16 nearest to x.",
      { "\(vectors.bits) \($0)(\(vectors.float) x)" },
      """
      const \(vectors.bits) u = (\(vectors.bits))x, nan = (\(vectors.bits))(x != x);
      return ((u + 0x7fff + (u >> 16 & 1)) & ~nan) | ((u | 0x400000) & nan);
      """, in: &unit) + "(\(x))"
  }

  // MARK: float16

  private func hardwareWidening(_ vectors: Vectors, _ unit: inout CUnit) -> String {
    let words = CElement(type: .int16, isa: isa).vector(max(vectors.lanes, 8), in: &unit)
    switch vectors.lanes {
    case 16: return "return __builtin_ia32_vcvtph2ps512_mask((\(words))x, (\(vectors.float)){0}, -1, 4);"
    case 8: return "return __builtin_ia32_vcvtph2ps256((\(words))x);"
    default:
      let twice = places(8) { $0 % 4 }
      return "return __builtin_ia32_vcvtph2ps((\(words))__builtin_shufflevector(x, x, \(twice)));"
    }
  }

  private func hardwareNarrowing(_ vectors: Vectors, _ unit: inout CUnit) -> String {
    // 4 stands for the caller's rounding, which is to nearest.
    switch vectors.lanes {
    case 16:
      let words = CElement(type: .int16, isa: isa).vector(16, in: &unit)
      return "return (\(vectors.half))__builtin_ia32_vcvtps2ph512_mask(x, 4, (\(words)){0}, -1);"
    case 8: return "return (\(vectors.half))__builtin_ia32_vcvtps2ph256(x, 4);"
    default:
      let words = CElement(type: .float16, isa: isa).vector(8, in: &unit)
      return """
        const \(words) y = (\(words))__builtin_ia32_vcvtps2ph(x, 4);
        return __builtin_shufflevector(y, y, 0, 1, 2, 3);
        """
    }
  }

  /// As for a single element, with masks in place of choices.
  private func widening(_ vectors: Vectors) -> String {
    """
    const \(vectors.signed) bits = __builtin_convertvector(x, \(vectors.signed)), rest = bits & 0x7fff;
    const \(vectors.signed) small = (\(vectors.signed))(__builtin_convertvector(rest, \(vectors.float)) * 0x1p-24f);
    const \(vectors.signed) large = (rest << 13) + 0x38000000 + (0x38000000 & (rest >= 0x7c00));
    const \(vectors.signed) isSmall = rest < 0x400, quiet = 0x400000 & (rest > 0x7c00);
    return (\(vectors.float))((small & isSmall) | (large & ~isSmall) | quiet | (bits & 0x8000) << 16);
    """
  }

  private func narrowing(_ vectors: Vectors) -> String {
    """
    const \(vectors.signed) bits = (\(vectors.signed))x, rest = bits & 0x7fffffff;
    const \(vectors.signed) small = (\(vectors.signed))((\(vectors.float))rest + 0.5f) - 0x3f000000;
    const \(vectors.signed) large = (rest - 0x38000000 + 0xfff + (rest >> 13 & 1)) >> 13;
    const \(vectors.signed) nan = 0x7e00 | (rest >> 13 & 0x3ff);
    const \(vectors.signed) isSmall = rest < 0x38800000, isNumber = rest < 0x47800000, isNan = rest > 0x7f800000;
    const \(vectors.signed) number = (small & isSmall) | (large & ~isSmall);
    const \(vectors.signed) size = (number & isNumber) | (0x7c00 & ~isNumber & ~isNan) | (nan & isNan);
    return __builtin_convertvector(size | (bits >> 16 & 0x8000), \(vectors.half));
    """
  }
}
