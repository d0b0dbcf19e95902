import EinsumIR

/// Emits conversions: `out[i, j] = (D) a[i, j]`, as numpy's `astype` and with one rounding.
///
/// Floats go to integers by way of `long`, whose low bits are kept; everything goes to bool as `!= 0`; reals get an
/// imaginary part of zero. Where the hardware's ways would round twice, a step rounds to odd (``ConversionHelpers``).
struct ConvertEmitter {
  let source: ElementType
  let destination: ElementType
  let isa: ISA

  /// The kernel's function.
  func function(_ head: String, in unit: inout CUnit) -> CText {
    let helpers = ConversionHelpers(isa: isa)
    var parts: [(target: String, value: (String) -> String)] = []
    let to = destination.componentType
    let from = source.componentType
    // Found before the text is made: what `convert` needs is defined ahead of the kernel.
    let pattern = helpers.convert("\u{1}", from: from, to: to, in: &unit)
    func value(_ x: String) -> String { pattern.replacing("\u{1}", with: x) }
    switch (source.numberClass, destination.numberClass) {
    case (.complex, _): parts = [(".re", { value($0 + ".re") }), (".im", { value($0 + ".im") })]
    case (_, .complex): parts = [(".re", value), (".im", { _ in "0" })]
    case (_, _): parts = [("", value)]
    }
    var text = CText()
    text.function("out[i, j] = a[i, j] for i < rows, j < columns, from \(source) to \(destination).", head) {
      text in
      LoopOrder.emitMap(arrays: ["out", "a"], &text) { place in
        parts.map { "\(place("out"))\($0.target) = \($0.value(place("a")));" }.joined(separator: "\n")
      }
    }
    return text
  }
}
