import EinsumIR
import EinsumSyntax

/// Reads `--strides`: how each operand lies in memory, as in `64x1,1x-48,c`.
enum StrideList {
  /// The layout of each operand.
  ///
  /// An entry is one stride for each axis, in elements and joined by `x`; or `c` or `f` for contiguous memory in C or
  /// Fortran order.
  ///
  /// - Throws: `EinsumError` [invalid-argument].
  static func layouts(_ text: String, shapes: [[Int]]) throws(EinsumError) -> [Layout] {
    let words = text.split(separator: ",", omittingEmptySubsequences: false)
    if words.count != shapes.count {
      throw EinsumError(
        .invalidArgument(
          what: "--strides", why: "strides of \(words.count) operands are given, and \(shapes.count) operands"
        ))
    }
    var layouts: [Layout] = []
    for (number, shape) in shapes.enumerated() {
      layouts.append(try layout(trimmed(words[number]), shape, operand: number))
    }
    return layouts
  }

  private static func layout(_ word: Substring, _ shape: [Int], operand: Int) throws(EinsumError) -> Layout {
    switch word {
    case "c", "scalar": return Layout(shape: shape)
    case "f": return .columnMajor(shape: shape)
    default: break
    }
    var strides: [Int] = []
    for number in word.split(separator: "x", omittingEmptySubsequences: false) {
      let place = "stride \(strides.count) of operand \(operand)"
      strides.append(try DecimalNumber.parse(number, option: "--strides", place))
    }
    if strides.count != shape.count {
      throw EinsumError(
        .invalidArgument(
          what: "--strides",
          why: "operand \(operand) has \(strides.count) strides, and \(shape.count) dimensions"))
    }
    return Layout(shape: shape, strides: strides)
  }
}
