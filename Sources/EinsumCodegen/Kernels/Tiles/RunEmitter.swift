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
      let n = element.isComplex ? "2 * n" : "n"
      text.block("if (accumulate)") { text in
        element.emitStrips(over: n, &text) { emit(at: "j", lanes: $1, adds: true, &$0, &unit) }
      }
      text.block("else") { text in
        element.emitOverlappingStrips(from: element.strips, over: n, &text) {
          emit(at: $1, lanes: $2, adds: false, &$0, &unit)
        }
      }
    }
    return name
  }

  private func emit(
    at offset: String, lanes: Int, adds: Bool, _ text: inout CText, _ unit: inout CUnit
  ) {
    let (x, o) =
      element.isComplex ? ("((const \(element.component) *)x)", "((\(element.component) *)o)") : ("x", "o")
    let place = element.at(o, offset, lanes: lanes, const: false, in: &unit)
    let value = element.at(x, offset, lanes: lanes, in: &unit)
    text.line(adds ? element.add(place, value) : "\(place) = \(value);")
  }
}
