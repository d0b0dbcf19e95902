import EinsumIR

/// Emits the helper for `out[i] (+)= the sum over j of a[i, j] (* b[i, j])` where j is contiguous, or constant, in the operands.
///
/// A sum is cut into leaves of ``leaf`` terms, whose sums are added as a binary tree, so that rounding errors grow with the
/// logarithm of the count (pairwise summation). What goes into which addition depends on the extents alone. Several rows are
/// read at once, or several leaves of a long row (``DotEmitter``).
struct RowSumEmitter {
  let term: Term
  let shape: [RowOperand.Stride]

  private var element: CElement { term.element }

  /// Terms that are summed without the tree.
  private let leaf = 2048
  /// Levels of the tree: leaves for all counts that fit an address space.
  private let levels = 48
  private var count: Int { element.componentCount }
  private var component: String { element.component }

  /// Defines the helper: `(rows, columns, out, rs_out, x, xs, y, ys, accumulate)`; xs and ys in components.
  func define(in unit: inout CUnit) -> String {
    let letters = shape.map(\.letter).joined()
    let name = "es_row_sums_\(term.operation.rawValue)_\(letters)_\(term.suffix)"
    let dot = DotEmitter(term: term, shape: shape)
    let group = term.operation == .sum ? dot.rowCount / 2 : dot.rowCount
    let many = dot.define(rows: group, in: &unit)
    let single = dot.define(rows: 1, in: &unit)
    let long = DotEmitter(term: term, shape: shape, isInOrder: leavesTogether == 1)
      .define(rows: leavesTogether, in: &unit)
    let wide = wideGroup(in: &unit)
    let short = [true, false].compactMap { ShortSumEmitter(term, shape, sharesSecond: $0) }
      .map { (emitter: $0, name: $0.define(in: &unit)) }
    let tree = defineTree(in: &unit)
    let parameters = term.operands.map { "\($0.pointer)\($0.row), long \($0.row)s" }
    let product = zip(term.operands, shape)
      .map { $1 == .unit ? "\($0.row)[i, j]" : "\($0.row)[i]" }.joined(separator: " * ")
    unit.define(
      function: name,
      "out[i] (+)= the sum over j < columns of \(product), for i < rows; where rs_out is 0, of all rows together.",
      "static void \(name)(long rows, long columns, \(element.name) *restrict out, long rs_out, "
        + "\(parameters.joined(separator: ", ")), long accumulate)"
    ) { text, _ in
      for (emitter, name) in short {
        let isShared = emitter.sharesSecond ? " && ys == 0" : ""
        text.block("if (rs_out != 0 && columns <= \(emitter.mostComponents)\(isShared))") { text in
          let operands =
            emitter.sharesSecond
            ? "x, xs, y" : term.operands.map { "\($0.row), \($0.row)s" }.joined(separator: ", ")
          text.line("\(name)(rows, columns, out, rs_out, \(operands), accumulate);\nreturn;")
        }
      }
      let width = max(group, wide?.rows ?? 0) * count
      text.line("\(component) s[\(width)], tree[\(levels * width)];")
      text.line("const long n = \(element.scale)columns;\nlong i = 0, leaves = 0;")
      if let wide {
        emitGroups(
          of: wide.rows, by: wide.dot, inOrder: wide.inOrder, shared: wide.isShared, tree, &text)
      }
      emitGroups(of: group, by: many, inOrder: nil, shared: false, tree, &text)
      text.block("for (; n <= \(leafComponents) && i + \(group) <= rows; i += \(group))") { text in
        text.line("\(many)(n, \(rows("0")), \(group) * xs - n, s);")
        emitPushes(group, tree.push, &text)
      }
      text.block("for (; i < rows; i++)") { text in
        text.line("long j = 0;")
        let length = leavesTogether * leafComponents
        let isLong = leavesTogether == 1 ? "n >= \(longRow) && " : ""
        text.block("for (; \(isLong)n - j >= \(length); j += \(length))") { text in
          text.line("\(long)(\(leafComponents), \(leaves("j")), \(length - leafComponents), s);")
          emitPushes(leavesTogether, tree.push, &text)
        }
        text.block("while (j < n)") { text in
          text.line("const long left = n - j < \(leafComponents) ? n - j : \(leafComponents);")
          text.line("\(single)(left, \(rows("j")), 0, s);")
          text.line("\(tree.push)(\(count), tree, leaves++, s);\nj += left;")
        }
        text.block("if (rs_out != 0)") { text in
          emitTotal(tree.total, to: "out + i * rs_out", &text)
          text.line("leaves = 0;")
        }
      }
      text.block("if (leaves > 0)") { emitTotal(tree.total, to: "out", &$0) }
    }
    return name
  }

  /// The helper for more rows at once, if there is one: those of a sum, and of a product that share the second operand.
  private func wideGroup(in unit: inout CUnit) -> (
    rows: Int, dot: String, inOrder: (name: String, shortRow: Int)?, isShared: Bool
  )? {
    let isShared = shape == [.unit, .unit]
    guard isShared || term.operation == .sum else { return nil }
    var dot = DotEmitter(term: term, shape: shape, sharesSecond: isShared)
    let sideBySide = dot.define(rows: dot.rowCount, in: &unit)
    if element.isa != .avx512 { return (dot.rowCount, sideBySide, nil, isShared) }
    dot.isInOrder = true
    let inOrder = dot.define(rows: dot.rowCount, in: &unit)
    return (dot.rowCount, sideBySide, (inOrder, dot.shortRow), isShared)
  }

  /// The loops over groups of rows that have sums of their own.
  ///
  /// The rows of a group are far apart and the next group's follow them, so that each is a stream through memory that goes
  /// on: rows of 128 floats, 33 MB, on Zen 3: 23.3 GB/s; 9.0 where the rows of a group were neighbours.
  /// Their distance is odd: where it is a power of two, all streams share a few sets of the caches.
  /// With AVX-512, short rows without gaps are read in order: on Zen 4 in calls of 128, 65536 x 160 floats at 46 GB/s, 25
  /// from parts; in L2 1024 x 128 at 77, 90 from parts.
  private func emitGroups(
    of group: Int, by dot: String, inOrder: (name: String, shortRow: Int)?, shared: Bool,
    _ tree: (push: String, total: String), _ text: inout CText
  ) {
    let width = group * count
    let condition = "rs_out != 0 && " + (shared ? "ys == 0 && " : "")
    if let inOrder {
      let isShort = "\(condition)n <= \(inOrder.shortRow) && xs == n"
      text.block("for (; \(isShort) && rows - i >= \(group); i += \(group))") { text in
        text.line("\(inOrder.name)(n, \(rows("0", shared: shared)), 0, s);")
        text.block("for (long r = 0; r < \(group); r++)") { text in
          emitStore("out + (i + r) * rs_out", "s + \(element.scale)r", &text)
        }
      }
    }
    text.block("while (\(condition)rows - i >= \(group))") { text in
      text.line("const long part = ((rows - i) / \(group) - 1) | 1;")
      text.block("for (const long end = i + part; i < end; i++)") { text in
        text.line("const long next = i + 1 < end ? xs : (\(group - 1) * part + 1) * xs;")
        text.block("for (long j = 0; j < n; j += \(leafComponents))") { text in
          text.line("const long left = n - j < \(leafComponents) ? n - j : \(leafComponents);")
          text.line("const long gap = j + left < n ? 0 : next - n;")
          text.line("\(dot)(left, \(rows("j", step: "part * ", shared: shared)), gap, s);")
          text.statement(
            "if (n > \(leafComponents))", "\(tree.push)(\(width), tree, j / \(leafComponents), s);")
        }
        text.statement(
          "if (n > \(leafComponents))",
          "\(tree.total)(\(width), tree, (n + \(leafComponents - 1)) / \(leafComponents), s);")
        text.block("for (long r = 0; r < \(group); r++)") { text in
          emitStore("out + i * rs_out + r * part * rs_out", "s + \(element.scale)r", &text)
        }
      }
      text.line("i += \(group - 1) * part;")
    }
  }

  private var leafComponents: Int { leaf * count }

  /// How many leaves of a long row are read at once.
  ///
  /// Memory is read best in order by CPUs with AVX-512, but not in two places: in GB/s, 4 and 64 MB on Zen 4 in order 99 and 32,
  /// from eight leaves 89 and 29; two operands of as much in order 93 and 19, from eight leaves 60 and 24 where they share
  /// sets of the first cache, else 90 and 28.
  private var leavesTogether: Int {
    element.isa == .avx512 && shape.count { $0 == .unit } == 1 ? 1 : 4
  }

  /// The components of a row that is not in the first cache.
  private var longRow: Int { 65536 / element.type.componentType.size }

  /// The operands from row i and component `j` on, with the distance to the next row that is read, in rows.
  private func rows(_ j: String, step: String = "", shared: Bool = false) -> String {
    zip(term.operands, shape).enumerated().map { number, row in
      let name = row.0.row
      let offset = row.1 == .unit && j != "0" ? " + \(j)" : ""
      return shared && number == 1 ? name + offset : "\(name) + i * \(name)s\(offset), \(step)\(name)s"
    }.joined(separator: ", ")
  }

  /// The operands from row i and component `j` on, one leaf after the other.
  private func leaves(_ j: String) -> String {
    zip(term.operands, shape).map { operand, stride in
      "\(operand.row) + i * \(operand.row)s" + (stride == .unit ? " + \(j), \(leafComponents)" : ", 0")
    }.joined(separator: ", ")
  }

  private func emitPushes(_ group: Int, _ push: String, _ text: inout CText) {
    text.statement(
      "for (long r = 0; r < \(group); r++)", "\(push)(\(count), tree, leaves++, s + \(element.scale)r);")
  }

  private func emitTotal(_ total: String, to output: String, _ text: inout CText) {
    text.line("\(total)(\(count), tree, leaves, s);")
    emitStore(output, "s", &text)
  }

  /// Writes or adds the sum at `source` to an output element.
  private func emitStore(_ output: String, _ source: String, _ text: inout CText) {
    text.block("") { text in
      text.line("\(component) *const o = \(count == 1 ? output : "(\(component) *)(\(output))");")
      text.line("const \(component) *const t = \(source);")
      for part in 0..<count {
        let sum = element.sum("o[\(part)]", "t[\(part)]")
        text.line("o[\(part)] = accumulate ? \(sum) : t[\(part)];")
      }
    }
  }

  // MARK: The tree

  /// Defines the tree of partial sums: `push(width, tree, number, s)` and `total(width, tree, count, s)`.
  ///
  /// A level holds the sum of 2^level leaves, or nothing; which, the bits of the count of leaves tell.
  private func defineTree(in unit: inout CUnit) -> (push: String, total: String) {
    let (push, total) = ("es_tree_push_\(element.suffix)", "es_tree_total_\(element.suffix)")
    let parameters = "long width, \(component) *restrict tree, long number, \(component) *restrict s"
    unit.define(
      function: push, "Adds the sums s of leaf `number` to a tree; s is lost.",
      "static inline void \(push)(\(parameters))"
    ) { text, _ in
      text.block("for (; number & 1; number >>= 1)") { text in
        text.statement(
          "for (long r = 0; r < width; r++)", "s[r] = \(element.sum("tree[r]", "s[r]"));")
        text.line("tree += width;")
      }
      text.statement("for (long r = 0; r < width; r++)", "tree[r] = s[r];")
    }
    unit.define(
      function: total, "s = the sums of a tree of `number` leaves, at least one.",
      "static inline void \(total)(\(parameters))"
    ) { text, _ in
      text.line("for (; !(number & 1); number >>= 1)\n    tree += width;")
      text.statement("for (long r = 0; r < width; r++)", "s[r] = tree[r];")
      text.block("while (number >>= 1)") { text in
        text.line("tree += width;")
        text.block("if (number & 1)") { text in
          text.statement(
            "for (long r = 0; r < width; r++)", "s[r] = \(element.sum("tree[r]", "s[r]"));")
        }
      }
    }
    return (push, total)
  }
}
