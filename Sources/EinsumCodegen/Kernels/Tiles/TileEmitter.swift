import EinsumIR

/// Emits register tiles: `c (+)= a * b` for a block of mr x nr elements that stays in vector registers over all of k.
///
/// Every element has one accumulator, to which products are added in the order of p. So an element's bits do not
/// depend on where in a tile it lies, nor on whether the tile is whole: edge tiles compute the whole block, store it
/// in a buffer and copy the part that exists. Rows of panel a are broadcast, rows of panel b are vectors.
struct TileEmitter {
  let tile: Tile
  let addressing: KernelKind.Addressing
  let element: CElement
  /// The rows and columns that are computed: all, or those of a tile at an edge whose size is known. Panels are as they
  /// are for whole tiles.
  let rows: Int
  let columns: Int
  let terms: Terms

  /// What is multiplied.
  enum Terms {
    /// Elements of two panels.
    case panels
    /// Elements of rows of a where they lie, and of rows of b, which are those of a panel or lie in place too.
    case rowsInPlace
    /// Pairs of 16-bit integers in the elements of two panels, whose products are added.
    case pairs
  }

  init(
    tile: Tile, addressing: KernelKind.Addressing, element: CElement, rows: Int? = nil, columns: Int? = nil,
    terms: Terms = .panels
  ) {
    self.tile = tile
    self.addressing = addressing
    self.element = element
    self.rows = rows ?? tile.mr
    self.columns = columns ?? tile.nr
    self.terms = terms
  }

  /// Vectors side by side in a row of the tile.
  private var vectors: Int { (columns + element.lanes - 1) / element.lanes }
  private var isWhole: Bool { rows == tile.mr && columns == tile.nr }
  private var parts: [Part] { element.isComplex ? [.real, .imaginary] : [.whole] }

  /// Which part of the numbers an accumulator holds.
  private enum Part: String {
    case whole = "c", real = "r", imaginary = "i"
  }

  private func accumulator(_ part: Part, _ row: Int, _ vector: Int) -> String {
    "\(part.rawValue)\(row)_\(vector)"
  }

  /// The kernel's function.
  func function(_ head: String, in unit: inout CUnit) -> CText {
    precondition(tile.nr % element.lanes == 0, "internal: a tile's width must be whole vectors")
    var text = CText()
    let place = addressing == .strided ? "c[i, j]" : "c[rows[i] + columns[j]]"
    let range = isWhole ? "i < m <= \(rows), j < n <= \(columns)" : "i < \(rows), j < \(columns)"
    let term = terms == .rowsInPlace ? "a[i, p]" : "a[p, i]"
    text.function("\(place) (+)= the sum over p < k of \(term) * b[p, j], for \(range).", head) { text in
      declareAccumulators(&text, &unit)
      if terms == .rowsInPlace { declareRows(&text) }
      emitLoop(&text, &unit)
      if columns % element.lanes == 0 {
        text.block("if (\(storesVectors(&unit)))") { text in
          storeWhole(&text, &unit)
          text.line("return;")
        }
        if let width = pieceWidth { storePieces(of: width, &text, &unit) }
      }
      storeByBuffer(&text, &unit)
    }
    return text
  }

  private func declareAccumulators(_ text: inout CText, _ unit: inout CUnit) {
    let vector = element.vector(element.lanes, in: &unit)
    for row in 0..<rows {
      text.zeros(vector, parts.flatMap { part in (0..<vectors).map { accumulator(part, row, $0) } })
    }
  }

  /// Declares a pointer to each row of a; rows past the end are the first one again, and what they add up to is not used.
  private func declareRows(_ text: inout CText) {
    for row in 0..<tile.mr {
      let place = row == 0 ? "a" : "m > \(row) ? a + \(CText.steps(row, "rs_a")) : a"
      text.line("const \(element.component) *const a\(row) = \(place);")
    }
  }

  /// Sums from so many products on take as long as a line from L3.
  private static let deepSum = 64

  /// Deep sums are formed in parts of so many products, between which lines of c are fetched.
  private static let part = 16

  /// For each line of a row of the tile, the column of its last element: of two lines that hold parts of a vector it is in the
  /// second, and the tile before has fetched the first.
  private var lineEnds: [Int] {
    let line = StreamEmitter.lineBytes / element.type.size
    return stride(from: 0, to: columns, by: line).map { min($0 + line, columns) - 1 }
  }

  /// Has the lines of c on their way from beyond L2 that short sums will soon write: those of the tile below, which comes next
  /// or once this row of tiles is done. Offsets in tables may end with this tile: then it is its own lines.
  ///
  /// Measured on Zen 3 with outputs of 16 MB in float32, tiles along rows: sums of 8, 16 and 24 take 0.45, 0.7 and 0.8 of the
  /// time without if rows begin within lines, 0.5, 0.8 and 0.85 if they do not.
  private func fetchBelow(_ text: inout CText) {
    let isStrided = addressing == .strided
    text.block("if (k < \(Self.deepSum) && \(isStrided ? "cs_c == 1" : isAllThere))") { text in
      for row in 0..<rows {
        for column in lineEnds {
          text.line("__builtin_prefetch(\(address("\(isStrided ? rows + row : row)", column)), 1);")
        }
      }
    }
  }

  /// Has some rows of c on their way while a deep sum is formed: a few lines for each part of it, as many at once would stand in
  /// the way of the panels.
  private func fetchRows(_ text: inout CText) {
    let rowsAtOnce = (1...max(4 / lineEnds.count, 1)).last { rows % $0 == 0 } ?? 1
    text.block("if (fetches && q < \(rows / rowsAtOnce * Self.part))") { text in
      for number in 0..<rowsAtOnce {
        let row = "q / \(Self.part)" + (rowsAtOnce == 1 ? "" : " * \(rowsAtOnce)")
        for column in lineEnds {
          text.line("__builtin_prefetch(\(address(number == 0 ? row : "\(row) + \(number)", column)), 1);")
        }
      }
    }
  }

  /// Whether the rows of a that the next tile reads in place are fetched while this one is formed: a line of each in a part.
  ///
  /// Measured on Zen 4 with 6x64 in float32, 200000 rows from memory and 64 columns, GFLOP/s: sums of 36 products 103 and 107, of
  /// 60 93 and 108, of 72 87 and 112, of 128 87 and 113; 12x32 gains less, and loses where rows are in L2.
  private var fetchesTerms: Bool { terms == .rowsInPlace && element.isa == .avx512 && tile.mr <= 8 }

  private func emitLoop(_ text: inout CText, _ unit: inout CUnit) {
    fetchBelow(&text)
    let isRow = addressing == .strided ? " && cs_c == 1" : ""
    text.line("const long fetches = k >= \(Self.deepSum) && \(isAllThere)\(isRow);")
    text.line("const long part = \(fetchesTerms ? "\(Self.part)" : "fetches ? \(Self.part) : k");")
    text.block("for (long q = 0; q < k; q += part)") { text in
      fetchRows(&text)
      if fetchesTerms {
        for row in 0..<rows {
          text.line("__builtin_prefetch(a\(row) + \(CText.steps(tile.mr, "rs_a")) + q);")
        }
      }
      text.line("const long q_n = k - q < part ? k - q : part;")
      emitPart(&text, &unit)
    }
  }

  /// The sums from q on.
  private func emitPart(_ text: inout CText, _ unit: inout CUnit) {
    let count = element.componentCount
    let vector = element.vector(element.lanes, in: &unit)
    let steps =
      [terms == .pairs ? "p += 2" : "p++"]
      + (terms == .rowsInPlace ? ["b += rs_b"] : ["a += \(count * tile.mr)", "b += \(count * tile.nr)"])
    let dot = terms == .pairs ? definePairDot(in: &unit) : nil
    text.block("for (long p = 0; p < q_n; \(steps.joined(separator: ", ")))") { text in
      for (number, part) in parts.enumerated() {
        for index in 0..<vectors {
          let offset = number * tile.nr + index * element.lanes
          let value = element.at("b", "\(offset)", lanes: element.lanes, in: &unit)
          text.line("const \(vector) b\(part.rawValue)\(index) = \(value);")
        }
      }
      for row in 0..<rows { emitRow(row, dot, &text) }
    }
  }

  /// The multiply-adds of one row of the tile for one p, or for a pair of them, of which `dot` is the helper.
  private func emitRow(_ row: Int, _ dot: String?, _ text: inout CText) {
    let lanes = element.lanes
    for index in 0..<vectors {
      guard element.isComplex else {
        let sum = accumulator(.whole, row, index)
        let factor = terms == .rowsInPlace ? "a\(row)[q + p]" : "a[\(row)]"
        text.line(
          dot.map { "\(sum) = \($0)(\(sum), \(factor), bc\(index));" }
            ?? element.addProduct(sum, factor, "bc\(index)", lanes: lanes))
        continue
      }
      let real = accumulator(.real, row, index), imaginary = accumulator(.imaginary, row, index)
      text.line("\(real) += a[\(row)] * br\(index);")
      text.line("\(imaginary) += a[\(row)] * bi\(index);")
    }
    guard element.isComplex else { return }
    for index in 0..<vectors {
      let real = accumulator(.real, row, index), imaginary = accumulator(.imaginary, row, index)
      text.line("\(real) -= a[\(tile.mr + row)] * bi\(index);")
      text.line("\(imaginary) += a[\(tile.mr + row)] * br\(index);")
    }
  }

  // MARK: Stores

  /// The condition under which a tile is whole and its rows are stored as vectors.
  private func storesVectors(_ unit: inout CUnit) -> String {
    addressing == .strided ? "\(isAllThere) && cs_c == 1" : areRuns(of: element.lanes, &unit)
  }

  private var isAllThere: String { "m == \(rows) && n == \(columns)" }

  /// The condition under which a tile is whole and each of its rows consists of runs of so many elements.
  private func areRuns(of width: Int, _ unit: inout CUnit) -> String {
    let run = OffsetTables.consecutive(in: &unit)
    let runs = stride(from: 0, to: columns, by: width).map { "\(run)(columns + \($0), \(width))" }
    return ([isAllThere] + runs).joined(separator: " && ")
  }

  /// The elements in 16 bytes, where rows of tables may be stored in such parts of vectors.
  private var pieceWidth: Int? {
    let size = element.type.size
    let isPossible = addressing == .tabled && !element.isComplex && size >= 4 && 16 / size < element.lanes
    return isPossible ? 16 / size : nil
  }

  /// Stores a whole tile in parts of vectors: for extents that a few elements divide, but not whole vectors.
  ///
  /// Twelve vectors by way of a buffer take as long as twenty steps along k.
  private func storePieces(of width: Int, _ text: inout CText, _ unit: inout CUnit) {
    let helper = definePieces(of: width, in: &unit)
    text.block("if (!accumulate && \(areRuns(of: width, &unit)))") { text in
      for row in 0..<rows {
        for index in 0..<vectors {
          let columns = "columns" + (index == 0 ? "" : " + \(index * element.lanes)")
          text.line("\(helper)(\(accumulator(.whole, row, index)), c + rows[\(row)], \(columns));")
        }
      }
      text.line("return;")
    }
  }

  /// Defines the store of one vector in parts, and gives its name: `(x, c, columns)`.
  private func definePieces(of width: Int, in unit: inout CUnit) -> String {
    let name = "es_pieces_\(element.suffix)"
    let vector = element.vector(element.lanes, in: &unit)
    unit.define(
      function: name, "c[columns[j]] = x[j], \(width) side by side at a time.",
      "static inline void \(name)(\(vector) x, \(element.name) *restrict c, const long *restrict columns)"
    ) { text, unit in
      for start in stride(from: 0, to: element.lanes, by: width) {
        let place = element.at("c", "columns[\(start)]", lanes: width, const: false, in: &unit)
        let lanes = (start..<start + width).map(String.init).joined(separator: ", ")
        text.line("\(place) = __builtin_shufflevector(x, x, \(lanes));")
      }
    }
    return name
  }

  private func storeWhole(_ text: inout CText, _ unit: inout CUnit) {
    for adds in [true, false] {
      text.block(adds ? "if (accumulate)" : "else") { text in
        for row in 0..<rows {
          for index in 0..<vectors {
            store(address("\(row)", index * element.lanes), row, index, adds: adds, &text, &unit)
          }
        }
      }
    }
  }

  /// Where an element of the tile belongs, as an address of components; the row is an expression.
  private func address(_ row: String, _ column: Int) -> String {
    let terms: [String]
    switch addressing {
    case .strided:
      let steps = row == "1" ? "rs_c" : row.contains("+") ? "(\(row)) * rs_c" : "\(row) * rs_c"
      terms = ["c"] + (row == "0" ? [] : [steps]) + (column == 0 ? [] : ["\(column)"])
    case .tabled: terms = ["c", "rows[\(row)]", "columns[\(column)]"]
    }
    let sum = terms.count == 1 ? terms[0] : "(\(terms.joined(separator: " + ")))"
    return element.isComplex ? "((\(element.component) *)\(sum))" : sum
  }

  /// Writes one vector of elements, or adds it, at an address of components.
  private func store(
    _ address: String, _ row: Int, _ index: Int, adds: Bool, _ text: inout CText, _ unit: inout CUnit
  ) {
    let lanes = element.lanes
    for (number, value) in values(row, index).enumerated() {
      let offset = number == 0 ? "0" : "\(number * lanes)"
      let place = element.at(address, offset, lanes: lanes, const: false, in: &unit)
      text.line(adds ? element.add(place, value) : "\(place) = \(value);")
    }
  }

  /// The vectors that hold a row's elements side by side in memory order: two if complex.
  private func values(_ row: Int, _ index: Int) -> [String] {
    guard element.isComplex else { return [accumulator(.whole, row, index)] }
    let lanes = element.lanes
    let real = accumulator(.real, row, index), imaginary = accumulator(.imaginary, row, index)
    return [0, lanes / 2].map { start in
      let places = (0..<lanes / 2).flatMap { [start + $0, lanes + start + $0] }
      return
        "__builtin_shufflevector(\(real), \(imaginary), \(places.map(String.init).joined(separator: ", ")))"
    }
  }

  /// Stores the whole tile in a buffer and copies the part that exists.
  private func storeByBuffer(_ text: inout CText, _ unit: inout CUnit) {
    let count = element.componentCount
    let width = vectors * element.lanes
    text.line("\(element.name) tile[\(rows * width)] __attribute__((aligned(64)));")
    if element.isComplex { text.line("\(element.component) *const parts = (\(element.component) *)tile;") }
    let base = element.isComplex ? "parts" : "tile"
    for row in 0..<rows {
      for index in 0..<vectors {
        let offset = count * (row * width + index * element.lanes)
        store(offset == 0 ? base : "(\(base) + \(offset))", row, index, adds: false, &text, &unit)
      }
    }
    let copy = TileCopyEmitter(element: element, addressing: addressing).define(in: &unit)
    let place = addressing == .strided ? "c, rs_c, cs_c" : "c, rows, columns"
    text.line("\(copy)(m, n, tile, \(width), \(place), accumulate);")
  }
}
