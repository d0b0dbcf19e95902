import EinsumSyntax

/// Reads `--shapes`: the shape of each operand, as in `32x64,64x48,scalar`.
enum ShapeList {
  /// The shapes in order. Extents of 0 are fine; whether the shapes fit an equation is not looked at.
  ///
  /// - Throws: `EinsumError` [invalid-argument], or [negative-extent] with the operand.
  static func parse(_ text: String) throws(EinsumError) -> [[Int]] {
    var shapes: [[Int]] = []
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      shapes.append(try shape(trimmed(word), operand: shapes.count))
    }
    return shapes
  }

  private static func shape(_ word: Substring, operand: Int) throws(EinsumError) -> [Int] {
    if word == "scalar" { return [] }
    if word.isEmpty {
      throw EinsumError(
        .invalidArgument(
          what: "--shapes", why: "the shape of operand \(operand) is empty; without axes it is 'scalar'"))
    }
    var shape: [Int] = []
    for number in word.split(separator: "x", omittingEmptySubsequences: false) {
      let place = "extent \(shape.count) of operand \(operand)"
      let extent = try DecimalNumber.parse(number, option: "--shapes", place)
      if extent < 0 {
        throw EinsumError(.negativeExtent(extent: extent, axis: shape.count, operand: operand))
      }
      shape.append(extent)
    }
    return shape
  }
}

/// A word without the blanks round it.
func trimmed(_ word: Substring) -> Substring {
  var word = word.drop { $0 == " " }
  while word.last == " " { word.removeLast() }
  return word
}
