import EinsumSyntax

/// Reads `--sizes`: the extent of each index, as in `i=32,{batch}=8`, and makes shapes of them.
enum SizeList {
  /// The shape of each of the equation's operands.
  ///
  /// A name may stand with or without its braces. Naming an index twice is fine if both sizes are the same.
  ///
  /// - Throws: `EinsumError` for text that is not a list of sizes [invalid-argument], for an index without a size
  ///   [missing-size] or with two [conflicting-size], for a stranger [unused-size], and for an ellipsis
  ///   [ellipsis-size].
  static func shapes(_ text: String, for equation: Equation) throws(EinsumError) -> [[Int]] {
    let items = equation.inputs.flatMap(\.items)
    if let ellipsis = items.first(where: { $0.kind == .ellipsis }) {
      throw EinsumError(.ellipsisSize, in: equation.text, at: ellipsis.range)
    }
    let sizes = try parse(text)
    let known = Set(items.compactMap(\.label))
    if let stranger = sizes.keys.filter({ !known.contains($0) }).min() {
      throw EinsumError(.unusedSize(label: stranger.description))
    }
    var shapes: [[Int]] = []
    for term in equation.inputs {
      var shape: [Int] = []
      for item in term.items {
        guard let label = item.label else { continue }
        guard let size = sizes[label] else {
          throw EinsumError(.missingSize(label: label.description), in: equation.text, at: item.range)
        }
        shape.append(size)
      }
      shapes.append(shape)
    }
    return shapes
  }

  private static func parse(_ text: String) throws(EinsumError) -> [Label: Int] {
    var sizes: [Label: Int] = [:]
    if text.allSatisfy({ $0 == " " }) { return sizes }
    for entry in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let sign = entry.firstIndex(of: "=") else { throw malformed(entry) }
      guard let label = label(trimmed(entry[..<sign])) else { throw malformed(entry) }
      let place = "the size of index '\(DecimalNumber.shortened(label.description))'"
      let size = try DecimalNumber.parse(
        trimmed(entry[entry.index(after: sign)...]), option: "--sizes", place)
      if size < 0 {
        throw EinsumError(.invalidArgument(what: "--sizes", why: "\(place) is \(size), which is negative"))
      }
      if let first = sizes[label], first != size {
        throw EinsumError(.conflictingSize(label: label.description, first: first, second: size))
      }
      sizes[label] = size
    }
    return sizes
  }

  /// The label that a name stands for, or nil if it is none.
  private static func label(_ name: Substring) -> Label? {
    let isBraced = name.hasPrefix("{") && name.hasSuffix("}")
    let inner = isBraced ? trimmed(name.dropFirst().dropLast()) : name
    return inner.isEmpty ? nil : Label(String(inner))
  }

  private static func malformed(_ entry: Substring) -> EinsumError {
    EinsumError(
      .invalidArgument(
        what: "--sizes", why: "'\(DecimalNumber.shortened(entry))' is not of the form 'index=size'"))
  }
}
