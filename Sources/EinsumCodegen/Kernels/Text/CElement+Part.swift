import EinsumIR

extension CElement {
  /// Defines the helper that reads less than a vector, and zeros after it: `(x, n)`.
  ///
  /// The vector is read under a mask or put together in registers: a vector that was put together in memory would wait for its
  /// stores, 12 times as long as a sum of five takes.
  func definePart(in unit: inout CUnit) -> String {
    let name = "es_part_\(suffix)"
    let vector = vector(lanes, in: &unit)
    unit.define(
      function: name, "The n elements at x, fewer than a vector holds, and zeros.",
      "static inline \(vector) \(name)(const \(component) *x, long n)"
    ) { text, unit in
      let suffix = type == .float32 ? "ps" : "pd"
      switch isa {
      case .avx512:
        text.line(
          "return __builtin_ia32_loadu\(suffix)512_mask((const void *)x, (\(vector)){0}, (1u << n) - 1);")
      case .avx2:
        let (index, masks) = type == .float32 ? ("int", "es_mask32") : ("long long", "es_mask64")
        let ones = Array(repeating: "-1", count: lanes).joined(separator: ", ")
        unit.define(
          type: "typedef \(index) \(masks) __attribute__((vector_size(32), aligned(4), may_alias));")
        text.line("static const \(index) mask[\(2 * lanes)] = {\(ones)};")
        text.line(
          "return __builtin_ia32_maskload\(suffix)256((const void *)x, *(const \(masks) *)(mask + \(lanes) - n));"
        )
      case .baseline:
        if lanes == 2 { text.line("(void)n;") }
        for count in 1..<lanes {
          let elements = (0..<count).map { "x[\($0)]" }.joined(separator: ", ")
          let condition = count + 1 < lanes ? "if (n == \(count)) " : ""
          text.line("\(condition)return (\(vector)){\(elements)};")
        }
      }
    }
    return name
  }
}
