import EinsumIR

extension TileEmitter {
  /// Defines what adds to each lane the two products of its pairs, and gives its name: `(sum, x, y)`; x is one pair.
  func definePairDot(in unit: inout CUnit) -> String {
    let hasVNNI = unit.uses == .vnni ? "1" : "defined(__AVX512VNNI__)"
    let name = "es_pair_dot_\(element.isa.rawValue)"
    let lanes = element.lanes
    let vector = element.vector(lanes, in: &unit)
    let words = CElement(type: .int16, isa: element.isa).vector(2 * lanes, in: &unit)
    let sums = CElement(type: .int32, isa: element.isa).vector(lanes, in: &unit)
    unit.define(
      function: name, "sum + x.low * y.low + x.high * y.high, where halves are 16-bit integers.",
      "static inline \(vector) \(name)(\(vector) sum, unsigned int x, \(vector) y)"
    ) { text, _ in
      text.line("const \(vector) all = (\(vector)){0} + x;")
      let factors = "(\(words))all, (\(words))y"
      switch element.isa {
      case .avx512:
        let terms = "(\(sums))sum, (\(sums))all, (\(sums))y"
        text.line(
          """
          #if defined(__clang__) && \(hasVNNI)
          return (\(vector))__builtin_ia32_vpdpwssd512(\(terms));
          #elif \(hasVNNI)
          return (\(vector))__builtin_ia32_vpdpwssd_v16si(\(terms));
          #elif defined(__clang__)
          return sum + (\(vector))__builtin_ia32_pmaddwd512(\(factors));
          #else
          return sum + (\(vector))__builtin_ia32_pmaddwd512_mask(\(factors), (\(sums)){0}, (unsigned short)-1);
          #endif
          """)
      case .avx2: text.line("return sum + (\(vector))__builtin_ia32_pmaddwd256(\(factors));")
      case .baseline:
        func half(_ x: String, _ shift: String) -> String { "((\(sums))(\(x)\(shift)) >> 16)" }
        text.line(
          """
          #if defined(__x86_64__)
          return sum + (\(vector))__builtin_ia32_pmaddwd128(\(factors));
          #else
          return sum + (\(vector))(\(half("all", " << 16")) * \(half("y", " << 16")))
              + (\(vector))(\(half("all", "")) * \(half("y", "")));
          #endif
          """)
      }
    }
    return name
  }
}
