extension CElement {
  /// Emits the sums of the lanes of several vectors and gives the name of the vector that holds them: one lane for each, a
  /// scalar if there is one.
  ///
  /// Halves of two vectors share one, then quarters of four, and so on; what is left are halves of one. So each addition
  /// is the one that a vector alone would do: the order does not depend on how many are summed together.
  ///
  /// - Parameters:
  ///   - vectors: names of whole vectors; a power of two of them, at most as many as there are lanes.
  ///   - prefix: what the names of the vectors that are made begin with.
  func emitLaneSums(
    _ vectors: [String], prefix: String, _ text: inout CText, _ unit: inout CUnit
  ) -> String {
    var vectors = vectors
    var width = lanes
    var total = lanes
    var made = 0
    func add(_ x: String, _ y: String) -> String {
      made += 1
      let places = stride(from: 0, to: total * (x == y ? 1 : 2), by: width).flatMap { $0..<$0 + width / 2 }
      if x == y { total /= 2 }
      let parts = [0, width / 2].map { offset in
        let list = places.map { String($0 + offset) }.joined(separator: ", ")
        return total == 1 ? "\(x)[\(offset)]" : "__builtin_shufflevector(\(x), \(y), \(list))"
      }
      text.line("const \(vector(total, in: &unit)) \(prefix)\(made) = \(sum(parts[0], parts[1]));")
      return "\(prefix)\(made)"
    }
    while width > 1 {
      vectors =
        vectors.count == 1
        ? [add(vectors[0], vectors[0])]
        : stride(from: 0, to: vectors.count, by: 2).map { add(vectors[$0], vectors[$0 + 1]) }
      width /= 2
    }
    return vectors[0]
  }
}
