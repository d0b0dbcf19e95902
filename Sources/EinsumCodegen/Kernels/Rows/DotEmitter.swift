import EinsumIR

/// Emits the helper that sums the terms of several rows at once: `s[r] = the sum over j < n of x[r, j] * y[r, j]`.
///
/// Several rows, because one stream of loads alone does not take all of the memory's bandwidth: 4096 x 4096 floats beyond
/// the caches come at 12.2 GB/s in single rows, 15.2 in eight and 16.3 in sixteen rows at once. Each row has one
/// vector of partial sums; halves of it are added, and terms that do not fill a vector join where the sum has become as
/// narrow as they are. The order depends on n alone, not on how many rows go together, and no padding is needed. Sums
/// begin anew after ``chain`` terms, so that rounding errors do not pile up: equal terms would all be rounded the
/// same way.
struct DotEmitter {
  let term: Term
  let shape: [RowOperand.Stride]
  /// Whether all rows have the same second operand.
  var sharesSecond = false
  /// Whether rows are read one after the other, each in order, as CPUs that foresee what is read have memory best; else side by
  /// side, or a single one as several chains at a time, so that sums do not wait for each other.
  var isInOrder = false

  private var element: CElement { term.element }

  /// A complex product has two sums: of `x * y`, whose lanes are re*re and im*im, and of `x * swap(y)`, re*im and im*re.
  private var sums: [String] { term.operation == .product && element.isComplex ? ["p", "q"] : ["p"] }

  /// The most terms that are added to one lane before it is added to others.
  private let chain = 16

  /// Several rows that are read in order have no more components than these, which are one chain in each lane.
  var shortRow: Int { element.lanes * chain }

  /// The chains of a single row that are summed at the same time, as each waits for its own last addition.
  private let chainsTogether = 4

  /// The bytes between what is summed and what is fetched by hand.
  private let aheadBytes = 256

  /// How many rows go together: as many as there are registers for their sums, half of them if both operands are read anew
  /// for each row.
  ///
  /// No more than eight, for the reason that ``ColumnSumEmitter`` has: of 4096 x 4096 floats Zen 4 reads eight rows at once at
  /// 36 GB/s, sixteen at 27.
  var rowCount: Int {
    let isAlone = term.operation == .sum || sharesSecond
    return element.isa == .avx512 || isAlone && sums.count == 1 ? 8 : 4
  }

  private var vectorsOfLine: Int { element.vectorsOfLine(of: term.operands[0].stored.type) }

  private var name: String {
    "\(term.operation.rawValue)_\(shape.map(\.letter).joined())_\(term.suffix)"
  }

  /// Defines the helper and gives its name: `(n, x, xs, y, ys, gap, s)`, n, strides and gap in components.
  ///
  /// Behind the end of each row of x, `gap` leads to what is read next; it is fetched by hand as the rows are. ys is left out
  /// where the rows share y.
  func define(rows: Int, in unit: inout CUnit) -> String {
    let name = "es_dot\(rows)_\(sharesSecond ? "shared_" : "")\(isInOrder ? "in_order_" : "")\(name)"
    let end = defineEnd(in: &unit)
    let parameters = term.operands.map { operand in
      "\(operand.pointer)\(operand.row)" + (hasStride(operand) ? ", long \(operand.row)s" : "")
    }
    let product = zip(term.operands, shape)
      .map { operand, stride in
        let places = (hasStride(operand) ? ["r"] : []) + (stride == .unit ? ["j"] : [])
        return "\(operand.row)[\(places.joined(separator: ", "))]"
      }.joined(separator: " * ")
    unit.define(
      function: name,
      "s[r] = the sum over j < n of \(product), for r < \(rows)\(element.isComplex ? ", n in components" : "").",
      "static inline void \(name)(long n, \(parameters.joined(separator: ", ")), long gap, "
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
        let arguments = sums.map { "\($0)_\(row)" } + ["n", "j"] + pointers(row)
        text.line("\(end)(\(arguments.joined(separator: ", ")), s + \(row * element.componentCount));")
      }
      if rows == 1 {
        for operand in term.operands where hasStride(operand) { text.line("(void)\(operand.row)s;") }
      }
      if rows == 1 || isInOrder { text.line("(void)gap;") }
    }
    return name
  }

  /// Whether each row has an operand of its own.
  private func hasStride(_ operand: Term.Operand) -> Bool {
    !(sharesSecond && operand.row == term.operands[1].row)
  }

  private func pointers(_ row: Int) -> [String] {
    term.operands.map {
      row == 0 || !hasStride($0) ? $0.row : "(\($0.row) + \(row) * \($0.row)s)"
    }
  }

  /// The loops over whole vectors, which end with each row's sum in `p_0`, `p_1`, ...
  private func emitVectors(_ rows: Int, _ text: inout CText, _ unit: inout CUnit) {
    let lanes = element.lanes
    for sum in sums {
      text.zeros(element.vector(lanes, in: &unit), (0..<rows).map { "\(sum)_\($0)" })
    }
    if isInOrder && rows > 1 {
      text.line("const long j = n - n % \(lanes);")
      for row in 0..<rows { emitShortRow(row, &text, &unit) }
      return
    }
    text.line("long j = 0;")
    if rows == 1 && !isInOrder { emitChains(rows, chainsTogether, &text, &unit) }
    emitChains(rows, 1, &text, &unit)
    for count in Set([vectorsOfLine, 1]).sorted(by: >) where rows > 1 || count == 1 {
      text.block("for (; j + \(lanes * count) <= n; j += \(lanes * count))") { text in
        emitStep(rows, count, "", &text, &unit)
      }
    }
  }

  /// The loop over a row of no more than a chain's terms, up to j.
  private func emitShortRow(_ row: Int, _ text: inout CText, _ unit: inout CUnit) {
    let lanes = element.lanes
    text.block("for (long q = 0; q < j; q += \(lanes))") { text in
      emitTerm("_\(row)", row: row, at: "q", lanes, &text, &unit)
    }
  }

  /// Whole chains, each in sums of its own, which are then added to the others; for a single row several at a time.
  private func emitChains(
    _ rows: Int, _ together: Int, _ text: inout CText, _ unit: inout CUnit
  ) {
    let step = element.lanes * (rows == 1 ? 1 : vectorsOfLine)
    let length = element.lanes * chain
    text.block("while (n - j >= \(length * together))") { text in
      for sum in sums {
        let names = (0..<rows * together).map { "\(sum)c_\($0)" }
        text.zeros(element.vector(element.lanes, in: &unit), names)
      }
      text.line("const long end = j + \(length);")
      text.block("for (; j < end; j += \(step))") { text in
        if rows > 1 {
          emitStep(rows, vectorsOfLine, "c", &text, &unit)
        } else {
          for index in 0..<together {
            emitTerm(
              "c_\(index)", row: 0, at: place(length * index), element.lanes, &text, &unit)
          }
        }
      }
      for sum in sums {
        for index in 0..<rows * together {
          text.line(element.add("\(sum)_\(index % rows)", "\(sum)c_\(index)"))
        }
      }
      if together > 1 { text.line("j += \(length * (together - 1));") }
    }
  }

  private func place(_ offset: Int) -> String { offset == 0 ? "j" : "j + \(offset)" }

  /// The next terms of all rows: `count` vectors, added to the sums whose names have the prefix.
  private func emitStep(
    _ rows: Int, _ count: Int, _ prefix: String, _ text: inout CText, _ unit: inout CUnit
  ) {
    let fetches = rows > 1 && count == vectorsOfLine
    let ahead = aheadBytes / term.operands[0].stored.type.componentType.size
    if fetches { text.line("const long ahead = j + \(ahead) < n ? j + \(ahead) : j + \(ahead) + gap;") }
    for row in 0..<rows {
      for index in 0..<count {
        emitTerm("\(prefix)_\(row)", row: row, at: place(index * element.lanes), element.lanes, &text, &unit)
      }
      if fetches { text.line("__builtin_prefetch(\(pointers(row)[0]) + ahead);") }
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
    let group = min(rows, element.lanes)
    for first in stride(from: 0, to: rows, by: group) {
      let vectors = (first..<first + group).map { "p_\($0)" }
      let sums = element.emitLaneSums(vectors, prefix: "t\(first)_", &text, &unit)
      text.line("*(\(element.vector(group, in: &unit)) *)(s + \(first)) = \(sums);")
    }
  }

  /// Defines the end of one row: its sum's way from a vector to one element, with the terms from j on.
  private func defineEnd(in unit: inout CUnit) -> String {
    let name = "es_dot_end_\(name)"
    let vector = element.vector(element.lanes, in: &unit)
    let parameters =
      sums.map { "\(vector) \($0)_0" } + ["long n", "long j"]
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
    var previous = (lanes: element.lanes, suffix: "_0")
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
