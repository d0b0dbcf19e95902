import EinsumIR

/// Emits the kernels that only write or move: `zero` and `conjugate`.
///
/// They are plain loops, which compilers vectorise, over the dimension in which the output is contiguous.
struct MoveEmitter {
  let element: CElement

  /// `out[i, j] = 0`.
  func zeroFunction(_ head: String) -> CText {
    var text = CText()
    text.function("out[i, j] = 0 for i < rows, j < columns.", head) { text in
      LoopOrder.emitMap(arrays: ["out"], &text) { place in
        element.isComplex ? "\(place("out")).re = \(place("out")).im = 0;" : "\(place("out")) = 0;"
      }
    }
    return text
  }

  /// `out[i, j] = conjugate(a[i, j])`.
  func conjugateFunction(_ head: String) -> CText {
    var text = CText()
    text.function("out[i, j] = the conjugate of a[i, j], for i < rows, j < columns.", head) { text in
      LoopOrder.emitMap(arrays: ["out", "a"], &text) { place in
        "\(place("out")).re = \(place("a")).re;\n\(place("out")).im = -\(place("a")).im;"
      }
    }
    return text
  }
}
