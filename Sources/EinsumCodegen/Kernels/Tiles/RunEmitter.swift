/// Emits the helper that copies, or adds, a contiguous run of elements as vectors.
struct RunEmitter {
  let element: CElement

  /// Defines the helper and gives its name: `(n, x, o, accumulate)`.
  func define(in unit: inout CUnit) -> String {
    let name = "es_run_\(element.suffix)"
    unit.define(
      function: name, "o[j] (+)= x[j] for j < n.",
      "static inline void \(name)(long n, const \(element.name) *restrict x, \(element.name) *restrict o, "
        + "long accumulate)"
    ) { text, unit in
      emit("if (accumulate)", adds: true, &text, &unit)
      emit("else", adds: false, &text, &unit)
    }
    return name
  }

  private func emit(_ condition: String, adds: Bool, _ text: inout CText, _ unit: inout CUnit) {
    let (x, o) =
      element.isComplex ? ("((const \(element.component) *)x)", "((\(element.component) *)o)") : ("x", "o")
    text.block(condition) { text in
      element.emitStrips(over: element.isComplex ? "2 * n" : "n", &text) { text, lanes in
        let place = element.at(o, "j", lanes: lanes, const: false, in: &unit)
        let value = element.at(x, "j", lanes: lanes, in: &unit)
        text.line(adds ? element.add(place, value) : "\(place) = \(value);")
      }
    }
  }
}
