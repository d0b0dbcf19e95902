import EinsumIR

/// Emits `sum`, `product` and `tripleProduct`: `out[i, j] (+)= a[i, j]`, `a[i, j] * b[i, j]` and so on, with any strides.
///
/// The kernel first makes the better dimension the inner one, then takes one of these ways:
/// - nothing is summed: rows, as vectors where the output is contiguous;
/// - the inner dimension is summed and the outer one contiguous: rows are added to a row of sums, eight at a time;
/// - else each output element sums its row, as vectors where the operands are contiguous (``RowSumEmitter``).
///
/// Which way, and so the order of a sum, depends on extents and strides only. A sum starts from +0, and the output's
/// old value is one of its terms.
struct MapReduceEmitter {
  let term: Term

  private var element: CElement { term.element }
  private var arrays: [String] { term.operands.map(\.array) }
  private var count: Int { element.componentCount }

  /// The kernel's function.
  func function(_ head: String, in unit: inout CUnit) -> CText {
    var text = CText()
    let product = arrays.map { "\($0)[i, j]" }.joined(separator: " * ")
    if term.isOnlyWritten {
      text.function("out[i, j] = \(product) for i < rows, j < columns.", head) { text in
        text.statement("if (rows <= 0 || columns <= 0)", "return;")
        emitOrientation(&text, &unit)
        emitMap(&text, &unit)
      }
      return text
    }
    let columns = ColumnSumEmitter(term: term).define(in: &unit)
    text.function("out[i, j] (+)= \(product) for i < rows, j < columns.", head) { text in
      text.statement("if (rows <= 0 || columns <= 0)", "return;")
      emitOrientation(&text, &unit)
      text.block("if (columns == 1 || cs_out != 0)") { text in
        emitMap(&text, &unit)
        text.line("return;")
      }
      text.block("if (rows > 1 && rs_out != 0 && \(haveRowShape))") { text in
        emitOperandOrder("rs", if: "", &text, &unit)
        let operands = arrays.map { "\($0), rs_\($0), cs_\($0)" }.joined(separator: ", ")
        text.line("\(columns)(rows, columns, out, rs_out, \(operands), accumulate);")
        text.line("return;")
      }
      emitReduction(&text, &unit)
    }
    return text
  }

  // MARK: Loop order

  /// Emits the choice of the inner dimension and the merging of the two where strides allow it.
  private func emitOrientation(_ text: inout CText, _ unit: inout CUnit) {
    let exchange = LoopOrder.exchange(in: &unit)
    func units(_ dimension: String) -> String {
      (["4 * (\(dimension)_out == 1)"] + arrays.map { "(\(dimension)_\($0) == 1)" }).joined(separator: " + ")
    }
    let better = "swaps = \(units("rs")) > \(units("cs"));"
    if term.isOnlyWritten {
      text.line("long swaps = columns == 1;")
      text.statement("if (rows > 1 && columns > 1)", better)
    } else {
      text.line("const long sums_rows = rows > 1 && rs_out == 0, sums_columns = columns > 1 && cs_out == 0;")
      text.line("long swaps = columns == 1;")
      text.statement("if (rows > 1 && columns > 1 && sums_rows != sums_columns)", "swaps = sums_rows;")
      text.statement("else if (rows > 1 && columns > 1)", better)
    }
    text.block("if (swaps)") { text in
      text.line("\(exchange)(&rows, &columns);")
      for array in ["out"] + arrays { text.line("\(exchange)(&rs_\(array), &cs_\(array));") }
    }
    let folds = (["out"] + arrays).map { "rs_\($0) == columns * cs_\($0)" }.joined(separator: " && ")
    text.block("if (\(folds))") { $0.line("columns *= rows;\nrows = 1;") }
  }

  /// The condition that the operands are contiguous along the rows, or constant, but not all constant.
  private var haveRowShape: String {
    switch term.operation {
    case .sum: return "rs_a == 1"
    case .product:
      let known = arrays.map { "(rs_\($0) == 0 || rs_\($0) == 1)" }
      return (known + ["rs_a + rs_b > 0"]).joined(separator: " && ")
    case .tripleProduct: preconditionFailure("internal: products of three are not added")
    }
  }

  /// Makes the first operand of a product the contiguous one, if either is; unless they are of two types.
  private func emitOperandOrder(
    _ dimension: String, if condition: String, _ text: inout CText, _ unit: inout CUnit
  ) {
    guard term.operation == .product, Set(term.operands.map(\.stored.type)).count == 1 else { return }
    let exchange = LoopOrder.exchange(in: &unit)
    text.block("if (\(condition)\(dimension)_a == 0 && \(dimension)_b == 1)") { text in
      text.line("const \(term.operands[0].stored.name) *const t = a;\na = b;\nb = t;")
      text.line("\(exchange)(&rs_a, &rs_b);\n\(exchange)(&cs_a, &cs_b);")
    }
  }

  // MARK: Maps

  private func emitMap(_ text: inout CText, _ unit: inout CUnit) {
    emitOperandOrder("cs", if: "cs_out == 1 && ", &text, &unit)
    if term.operation != .sum { emitRows(&text, &unit) }
    text.block("for (long i = 0; i < rows; i++)") { text in
      emitRowPointers(&text)
      if term.isOnlyWritten { return emitGathered(&text, &unit, adds: false) }
      for (index, shape) in term.rowShapes.enumerated() {
        let row = RowEmitter(term: term, shape: shape).defineRow(in: &unit)
        text.statement(
          "\(index == 0 ? "" : "else ")if (cs_out == 1 && \(term.hasShape(shape, "cs")))",
          "\(row)(\(element.scale)columns, o, \(term.rows), accumulate);")
      }
      for adds in [true, false] {
        text.block(adds ? "else if (accumulate)" : "else") { emitGathered(&$0, &unit, adds: adds) }
      }
    }
  }

  /// Products that are written and not added, to rows that are contiguous: all rows by one helper.
  private func emitRows(_ text: inout CText, _ unit: inout CUnit) {
    let streams = term.canStream ? "streams" : "0"
    text.block("if (\(term.isOnlyWritten ? "" : "!accumulate && ")cs_out == 1)") { text in
      for shape in term.rowShapes {
        let rows = RowEmitter(term: term, shape: shape).defineRows(in: &unit)
        let output = "\(term.output.components("out", const: false)), \(element.scale)rs_out"
        text.block("if (\(term.hasShape(shape, "cs")))") { text in
          text.line("\(rows)(rows, \(element.scale)columns, \(output), \(term.arrayArguments), \(streams));")
          if term.canStream {
            let fence = StreamEmitter(isa: element.isa).defineFence(in: &unit)
            text.statement("if (streams == 1)", "\(fence)();")
          }
          text.line("return;")
        }
      }
    }
  }

  /// The terms of the present row, one by one.
  private func emitGathered(_ text: inout CText, _ unit: inout CUnit, adds: Bool) {
    text.block("for (long j = 0; j < columns; j++)") { text in
      let place = term.output.at(
        "o", "\(element.scale)j * cs_out", lanes: element.elementLanes, const: false, in: &unit)
      text.line(
        term.store(to: place, gathered("j"), at: "0", lanes: element.elementLanes, adds: adds, in: &unit))
    }
  }

  /// The operands' elements in a column of the present row.
  private func gathered(_ column: String) -> [RowOperand] {
    term.operands.map {
      RowOperand(
        pointer: $0.row, stride: .unit, stored: $0.stored.type,
        place: "\(element.scale)\(column) * cs_\($0.array)")
    }
  }

  /// Pointers to the components of the present row: `o`, `x`, `y`.
  private func emitRowPointers(_ text: inout CText) {
    func cast(_ type: String, _ sum: String) -> String { count == 1 ? sum : "(\(type))(\(sum))" }
    let output = "\(term.output.component) *"
    text.line("\(output)const o = \(cast(output, "out + i * rs_out"));")
    for operand in term.operands {
      let row = cast(operand.pointer, "\(operand.array) + i * rs_\(operand.array)")
      text.line("\(operand.pointer)const \(operand.row) = \(row);")
    }
  }

  // MARK: Reductions

  /// Each output element sums its row, or all rows where they share one output.
  private func emitReduction(_ text: inout CText, _ unit: inout CUnit) {
    emitOperandOrder("cs", if: "", &text, &unit)
    for shape in term.rowShapes where shape[0] == .unit {
      let sums = RowSumEmitter(term: term, shape: shape).define(in: &unit)
      text.block("if (\(term.hasShape(shape, "cs")))") { text in
        text.line("\(sums)(rows, columns, out, rs_out, \(term.arrayArguments), accumulate);")
        text.line("return;")
      }
    }
    text.line("\(element.component) s[\(count)] = {0};")
    text.block("for (long i = 0; i < rows; i++)") { text in
      emitRowPointers(&text)
      let start = (0..<count).map { "s[\($0)] = accumulate ? o[\($0)] : 0;" }.joined(separator: "\n")
      text.block("if (i == 0 || rs_out != 0)") { $0.line(start) }
      // Elements that lie far apart wait for memory: the fewer instructions there are, the more of them wait together.
      text.line("long j = 0;")
      for count in [8, 1] {
        text.block("for (; j + \(count) <= columns; j += \(count))") { text in
          for step in 0..<count {
            let sum = element.at("s", lanes: element.elementLanes, const: false, in: &unit)
            let terms = gathered(step == 0 ? "j" : "(j + \(step))")
            text.line(
              element.addTerm(term.operation, to: sum, terms, at: "0", lanes: element.elementLanes, in: &unit)
            )
          }
        }
      }
      text.line((0..<count).map { "o[\($0)] = s[\($0)];" }.joined(separator: "\n"))
    }
  }
}
