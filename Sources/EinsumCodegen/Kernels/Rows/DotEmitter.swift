import EinsumIR

/// Emits the helper that sums the terms of several rows at once: `s[r] = the sum over j < n of x[r, j] * y[r, j]`.
///
/// Several rows, because one stream of loads alone does not take all of the memory's bandwidth (measured 9.7 GB/s for one
/// row, 14.8 for eight). Each row has two vectors of partial sums; they are added, then halves of the result, and terms that do
/// not fill a vector join where the sum has become as narrow as they are. The order depends on n alone, not on how many
/// rows go together, and no padding is needed. Sums of floats begin anew after ``chain`` terms, so that rounding errors
/// do not pile up: equal terms would all be rounded the same way.
struct DotEmitter {
  let term: Term
  let shape: [RowOperand.Stride]

  private var element: CElement { term.element }

  /// A complex product has two sums: of `x * y`, whose lanes are re*re and im*im, and of `x * swap(y)`, re*im and im*re.
  private var sums: [String] { term.operation == .product && element.isComplex ? ["p", "q"] : ["p"] }
  private var accumulatorCount: Int { 2 / sums.count }

  /// The most terms that are added to one lane before it is added to others.
  private let chain = 16

  /// How many rows go together: their sums fill the registers.
  var rowCount: Int { min(element.isa == .avx512 ? 8 : 4, max(element.lanes / element.componentCount, 1)) }

  private var name: String {
    "\(term.operation.rawValue)_\(shape.map(\.letter).joined())_\(term.suffix)"
  }

  /// Defines the helper and gives its name: `(n, x, xs, y, ys, ahead, s)`, n, strides and ahead in components.
  ///
  /// `ahead` is how far in front of x data are fetched by hand.
  func define(rows: Int, in unit: inout CUnit) -> String {
    let name = "es_dot\(rows)_\(name)"
    let end = defineEnd(in: &unit)
    let parameters = term.operands.map { "\($0.pointer)\($0.row), long \($0.row)s" }
    let product = zip(term.operands, shape)
      .map { $1 == .unit ? "\($0.row)[r, j]" : "\($0.row)[r]" }.joined(separator: " * ")
    unit.define(
      function: name,
      "s[r] = the sum over j < n of \(product), for r < \(rows)\(element.isComplex ? ", n in components" : "").",
      "static inline void \(name)(long n, \(parameters.joined(separator: ", ")), long ahead, "
        + "\(element.component) *restrict s)"
    ) { text, unit in
      emitVectors(rows, &text, &unit)
      if rows > 1 && !element.isComplex {
        text.block("if (j == n)") { text in
          emitTogether(rows, &text, &unit)
          text.line("return;")
        }
      }
      for row in 0..<rows {
        let arguments = sums.map { "\($0)0_\(row)" } + ["n", "j"] + pointers(row)
        text.line("\(end)(\(arguments.joined(separator: ", ")), s + \(row * element.componentCount));")
      }
      if rows == 1 {
        for operand in term.operands { text.line("(void)\(operand.row)s;") }
        text.line("(void)ahead;")
      }
    }
    return name
  }

  private func pointers(_ row: Int) -> [String] {
    term.operands.map { row == 0 ? $0.row : "(\($0.row) + \(row) * \($0.row)s)" }
  }

  /// The loops over whole vectors, which end with each row's sum in `p0_0`, `p0_1`, ...
  private func emitVectors(_ rows: Int, _ text: inout CText, _ unit: inout CUnit) {
    let lanes = element.lanes
    let vector = element.vector(lanes, in: &unit)
    for sum in sums {
      for row in 0..<rows {
        text.zeros(vector, (0..<accumulatorCount).map { "\(sum)\($0)_\(row)" })
      }
    }
    text.line("long j = 0;")
    emitChains(rows, vector, &text, &unit)
    for count in Set([accumulatorCount, 1]).sorted(by: >) {
      text.block("for (; j + \(lanes * count) <= n; j += \(lanes * count))") { text in
        emitStep(rows, count, "", &text, &unit)
      }
    }
    if accumulatorCount == 2 {
      for row in 0..<rows { text.line("p0_\(row) = \(element.sum("p0_\(row)", "p1_\(row)"));") }
    }
  }

  /// Whole chains: each in sums of its own, which are then added to the others.
  private func emitChains(_ rows: Int, _ vector: String, _ text: inout CText, _ unit: inout CUnit) {
    guard element.type.numberClass == .real || element.isComplex else { return }
    let step = element.lanes * accumulatorCount
    text.block("while (n - j >= \(step * chain))") { text in
      for sum in sums {
        for row in 0..<rows {
          text.zeros(vector, (0..<accumulatorCount).map { "\(sum)c\($0)_\(row)" })
        }
      }
      text.line("const long end = j + \(step * chain);")
      text.block("for (; j < end; j += \(step))") { text in
        emitStep(rows, accumulatorCount, "c", &text, &unit)
      }
      for sum in sums {
        for row in 0..<rows {
          let parts = (0..<accumulatorCount).map { "\(sum)c\($0)_\(row)" }
          text.line("\(sum)0_\(row) += \(parts.joined(separator: " + "));")
        }
      }
    }
  }

  /// The next terms of all rows: `count` vectors, added to the sums whose names have the prefix.
  private func emitStep(
    _ rows: Int, _ count: Int, _ prefix: String, _ text: inout CText, _ unit: inout CUnit
  ) {
    for row in 0..<rows {
      for index in 0..<count {
        let place = index == 0 ? "j" : "j + \(index * element.lanes)"
        emitTerm("\(prefix)\(index)_\(row)", row: row, at: place, element.lanes, &text, &unit)
        if rows > 1 { text.line("__builtin_prefetch(\(pointers(row)[0]) + ahead + \(place));") }
      }
    }
  }

  /// One strip's terms, added to the sums with the given suffix.
  private func emitTerm(
    _ suffix: String, row: Int, at offset: String, _ lanes: Int, _ text: inout CText, _ unit: inout CUnit
  ) {
    let operands = zip(pointers(row), term.rowOperands(shape)).map { $1.moved(to: $0) }
    guard sums.count == 2 else {
      text.line(
        element.addTerm(term.operation, to: "p\(suffix)", operands, at: offset, lanes: lanes, in: &unit))
      return
    }
    let vector = element.vector(lanes, in: &unit)
    let x = element.value(operands[0], at: offset, lanes: lanes, in: &unit)
    let y = element.value(operands[1], at: offset, lanes: lanes, in: &unit)
    text.block("") { text in
      text.line("const \(vector) x_ = \(x);\nconst \(vector) y_ = \(y);")
      text.line("p\(suffix) += x_ * y_;")
      text.line("q\(suffix) += x_ * \(element.shuffle("y_", (0..<lanes).map { $0 ^ 1 }));")
    }
  }

  /// All rows' sums at once, where no terms are left.
  private func emitTogether(_ rows: Int, _ text: inout CText, _ unit: inout CUnit) {
    let sums = element.emitLaneSums((0..<rows).map { "p0_\($0)" }, prefix: "t", &text, &unit)
    text.line("*(\(element.vector(rows, in: &unit)) *)s = \(sums);")
  }

  /// Defines the end of one row: its sum's way from a vector to one element, with the terms from j on.
  private func defineEnd(in unit: inout CUnit) -> String {
    let name = "es_dot_end_\(name)"
    let vector = element.vector(element.lanes, in: &unit)
    let parameters =
      sums.map { "\(vector) \($0)0" } + ["long n", "long j"]
      + term.operands.map { "\($0.pointer)\($0.row)" }
    unit.define(
      function: name, "s[0] = the sum of a vector's lanes and of the terms from j to n.",
      "static inline void \(name)(\(parameters.joined(separator: ", ")), \(element.component) *restrict s)"
    ) { text, unit in
      emitHalves(&text, &unit)
    }
    return name
  }

  private func emitHalves(_ text: inout CText, _ unit: inout CUnit) {
    if term.strips.count == 1 {
      for name in ["n", "j"] + term.operands.map(\.row) { text.line("(void)\(name);") }
    }
    var previous = (lanes: element.lanes, suffix: "0")
    for lanes in term.strips.dropFirst() {
      let type = element.vector(lanes, in: &unit)
      let suffix = "_\(lanes)"
      for sum in sums {
        let name = sum + previous.suffix
        let parts: [String]
        if previous.lanes == 2 * lanes {
          parts = [false, true].map { element.half(name, upper: $0, of: previous.lanes) }
        } else {
          parts = Self.halvings(previous.lanes).map { "\(name)[\($0)]" }
        }
        let total = parts.count == 2 ? element.sum(parts[0], parts[1]) : tree(parts)
        text.line("\(type) \(sum)\(suffix) = \(total);")
      }
      element.emitStrips(from: [lanes], after: previous.lanes, over: "n", &text) { text, lanes in
        emitTerm(suffix, row: 0, at: "j", lanes, &text, &unit)
      }
      previous = (lanes, suffix)
    }
    guard element.isComplex else {
      text.line("s[0] = p\(previous.suffix);")
      return
    }
    if sums.count == 2 {
      text.line("s[0] = p\(previous.suffix)[0] - p\(previous.suffix)[1];")
      text.line("s[1] = q\(previous.suffix)[0] + q\(previous.suffix)[1];")
    } else {
      text.line("s[0] = p\(previous.suffix)[0];\ns[1] = p\(previous.suffix)[1];")
    }
  }

  /// The lanes of a vector in an order in which summing neighbours, then neighbouring sums, adds halves to halves.
  private static func halvings(_ lanes: Int) -> [Int] {
    guard lanes > 1 else { return [0] }
    return halvings(lanes / 2).flatMap { [$0, $0 + lanes / 2] }
  }

  /// The sum of neighbours, then of neighbouring sums, ...
  private func tree(_ parts: [String]) -> String {
    guard parts.count > 1 else { return parts[0] }
    let sums = stride(from: 0, to: parts.count, by: 2).map { "(\(element.sum(parts[$0], parts[$0 + 1])))" }
    return tree(sums)
  }
}
