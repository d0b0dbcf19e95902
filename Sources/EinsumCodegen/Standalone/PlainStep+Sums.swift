import EinsumIR

extension PlainStep {
  /// Loops over elements of the output that are formed one by one, each as a sum over the inner indices.
  ///
  /// An addition waits for the one before, so long sums are formed in lanes or several at a time. Of short ones compilers
  /// make several themselves.
  func addSums(_ outer: [Int], _ inner: [Int], _ text: inout CText, _ unit: inout CUnit) {
    if let lanes = lanes(along: inner.last) {
      return loops(outer, &text) { addInLanes(inner, lanes, &$0, &unit) }
    }
    func one(_ text: inout CText) {
      text.line(declareSum)
      loops(inner, &text) { addTerm(to: "sum", &$0, &unit) }
      text.line("\(place(output)) = sum;")
    }
    let count = Self.sums.count
    guard let index = outer.last, let sum = inner.last, !isDynamic, type.numberClass == .real,
      contraction.indices[index].extent >= count, contraction.indices[sum].extent > Self.longestUnrolled
    else { return loops(outer, &text, one) }
    let extent = contraction.indices[index].extent
    let whole = extent / count * count
    loops(outer.dropLast(), &text) { text in
      let variable = variables[index]
      text.block("for (long \(variable) = 0; \(variable) < \(whole); \(variable) += \(count))") { text in
        text.line("\(name) \(Self.sums.map { "\($0) = 0" }.joined(separator: ", "));")
        loops(inner, &text) { text in
          for (number, sum) in Self.sums.enumerated() {
            text.line(add(term(&unit, ahead: (index, CLinear(number))).value, to: sum))
          }
        }
        for (number, sum) in Self.sums.enumerated() {
          text.line("\(place(output, ahead: (index, CLinear(number)))) = \(sum);")
        }
      }
      if whole < extent { loop(index, whole, extent, &text, one) }
    }
  }

  static let sums = ["sum0", "sum1", "sum2", "sum3"]

  /// The iterations that gcc unrolls wholly.
  private static let longestUnrolled = 16

  // MARK: Sums in lanes

  /// How many terms to add to sums of their own, which compilers keep in vectors: those of the widest. Nil where a sum is
  /// too short for it, or its terms do not lie side by side.
  private func lanes(along sum: Int?) -> Int? {
    guard let sum, !isDynamic, [.float32, .float64].contains(type), outputType == type,
      contraction.operands.allSatisfy({ $0.elementType == type && [0, 1].contains($0.stride(of: sum) ?? 0) })
    else { return nil }
    let lanes = 64 / type.size
    return contraction.indices[sum].extent >= 2 * lanes ? lanes : nil
  }

  /// One sum, as many of which the sum's last index is cut into.
  private func addInLanes(_ inner: [Int], _ lanes: Int, _ text: inout CText, _ unit: inout CUnit) {
    guard let index = inner.last else { return }
    let (variable, extent) = (variables[index], contraction.indices[index].extent)
    let whole = extent / lanes * lanes
    let add =
      "sums[lane] += \(term(&unit, ahead: (index, CLinear(0, [.init(variable: "lane", coefficient: 1)]))).value[0]);"
    text.line("\(name) sums[\(lanes)] = {0}, sum = 0;")
    loops(inner.dropLast(), &text) { text in
      text.block("for (long \(variable) = 0; \(variable) < \(whole); \(variable) += \(lanes))") { text in
        text.statement("for (long lane = 0; lane < \(lanes); lane++)", add)
      }
      if whole < extent { loop(index, whole, extent, &text) { addTerm(to: "sum", &$0, &unit) } }
    }
    text.statement("for (long lane = 0; lane < \(lanes); lane++)", "sum += sums[lane];")
    text.line("\(place(output)) = sum;")
  }
}
