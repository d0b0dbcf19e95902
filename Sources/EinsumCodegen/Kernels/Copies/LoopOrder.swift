import EinsumIR

/// The helper that exchanges two extents or strides, so that a kernel can choose its inner loop.
enum LoopOrder {
  /// Defines the helper and gives its name: `(x, y)`.
  static func exchange(in unit: inout CUnit) -> String {
    let name = "es_exchange_\(unit.isa.rawValue)"
    unit.define(function: name) { _ in
      var text = CText()
      text.function("Exchanges two numbers.", "static inline void \(name)(long *x, long *y)") {
        $0.line("const long t = *x;\n*x = *y;\n*y = t;")
      }
      return text
    }
    return name
  }
}
