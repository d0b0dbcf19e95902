import EinsumIR

/// Emits the helpers that work on rows whose output is contiguous.
///
/// `n` counts components, so complex rows are twice as long. `shape` says which operands are contiguous too, and which
/// are one element that the whole row shares.
struct RowEmitter {
  let term: Term
  let shape: [RowOperand.Stride]

  private var element: CElement { term.element }
  private var letters: String { shape.map(\.letter).joined() }
  private var name: String { "\(term.operation.rawValue)_\(letters)_\(term.suffix)" }
  private var operands: [RowOperand] { term.rowOperands(shape) }

  /// The parameters for the operands of one row; with steps, of several.
  func parameters(withSteps: Bool) -> String {
    term.operands.map { "\($0.pointer)restrict \($0.row)" + (withSteps ? ", long \($0.row)s" : "") }
      .joined(separator: ", ")
  }

  private var output: String { "\(term.output.component) *restrict o" }

  /// What one term is, for a comment.
  private var comment: String {
    operands.map { "\($0.pointer)[\($0.stride == .unit ? "j" : "0")]" }.joined(separator: " * ")
  }

  private var inComponents: String { element.isComplex ? ", in components" : "" }

  /// A statement that writes or adds the terms at `offset` to a place.
  private func store(
    to place: String, at offset: String, lanes: Int, adds: Bool, in unit: inout CUnit
  ) -> String {
    term.store(to: place, operands, at: offset, lanes: lanes, adds: adds, in: &unit)
  }

  /// Defines the helper that writes or adds one term to each of a row: `(n, o, x, y, accumulate)`, the last not for
  /// terms that are only written.
  func defineRow(in unit: inout CUnit) -> String {
    let name = "es_row_\(name)"
    let accumulate = term.isOnlyWritten ? "" : ", long accumulate"
    unit.define(
      function: name, "o[j] \(term.isOnlyWritten ? "=" : "(+)=") \(comment) for j < n\(inComponents).",
      "static inline void \(name)(long n, \(output), \(parameters(withSteps: false))\(accumulate))"
    ) { text, unit in
      func write(_ text: inout CText, _ offset: String, _ lanes: Int, adds: Bool) {
        let place = term.output.at("o", offset, lanes: lanes, const: false, in: &unit)
        text.line(store(to: place, at: offset, lanes: lanes, adds: adds, in: &unit))
      }
      if !term.isOnlyWritten {
        text.block("if (accumulate)") { text in
          text.line("long j = 0;")
          element.emitStrips(from: term.strips, over: "n", &text) { write(&$0, "j", $1, adds: true) }
          text.line("return;")
        }
      }
      element.emitOverlappingStrips(from: term.strips, over: "n", &text) { write(&$0, $1, $2, adds: false) }
    }
    return name
  }

  // MARK: Past the caches

  /// The vectors of terms that fill a vector of the output.
  private var vectorsOfLine: Int { element.type.componentType.size / term.output.type.componentType.size }

  /// The components of a vector of the output.
  private var lineLanes: Int { element.lanes * vectorsOfLine }

  /// Emits what writes a vector of the output, from component j on, past the caches.
  private func emitStreamed(_ text: inout CText, _ unit: inout CUnit) {
    let stream = StreamEmitter(isa: element.isa)
    let (streamed, line) = (stream.defineStore(in: &unit), stream.lineType(in: &unit))
    let vector = element.vector(element.lanes, in: &unit)
    let names = (0..<vectorsOfLine).map { vectorsOfLine == 1 ? "v" : "v\($0)" }
    for (number, name) in names.enumerated() {
      let offset = number == 0 ? "j" : "j + \(number * element.lanes)"
      text.line("\(vector) \(name);")
      text.line(
        element.storeTerm(
          term.operation, to: name, operands, at: offset, lanes: element.lanes, adds: false, in: &unit))
    }
    let helpers = ConversionHelpers(isa: element.isa)
    let whole =
      term.isRounded
      ? helpers.narrowed(names[0], names[1], to: term.output.type, lanes: element.lanes, in: &unit) : names[0]
    text.line("\(streamed)(o + j, (\(line))\(whole));")
  }

  /// A call of a row's helper for `n` of its terms, from component `j` on.
  private func part(_ row: String, _ n: String, to target: String, from j: String) -> String {
    let pointers = operands.map { $0.stride == .unit && j != "0" ? "\($0.pointer) + \(j)" : $0.pointer }
    return "\(row)(\(n), \(target), \(pointers.joined(separator: ", "))\(term.isOnlyWritten ? "" : ", 0"));"
  }

  /// Defines the helper that writes one term to each of a row, past the caches: `(n, o, x, y)`.
  private func defineStreamedRow(in unit: inout CUnit) -> String {
    let name = "es_row_stream_\(name)"
    let row = defineRow(in: &unit)
    unit.define(
      function: name, "o[j] = \(comment) for j < n\(inComponents), past the caches.",
      "static inline void \(name)(long n, \(output), \(parameters(withSteps: false)))"
    ) { text, unit in
      let size = term.output.type.componentType.size
      text.line("/* The last line is written in part, and all stores behind it would wait for it. */")
      text.line("__builtin_prefetch(o + n, 1);")
      text.line("long j = (-(long)o & \(StreamEmitter.lineBytes - 1)) / \(size);")
      text.statement("if (j > n)", "j = n;")
      text.line(part(row, "j", to: "o", from: "0"))
      text.block("for (; j + \(lineLanes) <= n; j += \(lineLanes))") { emitStreamed(&$0, &unit) }
      text.line(part(row, "n - j", to: "o + j", from: "j"))
    }
    return name
  }

  /// Defines the helper that writes one term to each of several rows that follow each other without a gap, past the caches:
  /// `(rows, n, o, x, xs, y, ys)`; rows are no shorter than a line.
  ///
  /// A line that the end of a row shares with the start of the next is put together first: lines that are written in two
  /// parts take several times as long. On Zen 3, float32, `ij,k->ikj` of 927x308x24: 8.6 and 1.4 ms. It is not inlined, as short
  /// rows that are not streamed would take 1.5 times as long in the larger function.
  private func defineAdjacentRows(in unit: inout CUnit) -> String {
    let name = "es_rows_adjacent_\(name)"
    let row = defineRow(in: &unit)
    let stream = StreamEmitter(isa: element.isa)
    let (streamed, vector) = (stream.defineStore(in: &unit), stream.lineType(in: &unit))
    let lineBytes = StreamEmitter.lineBytes
    let type = term.output.type.componentType
    let line = lineBytes / type.size
    unit.define(
      function: name,
      "o[i, j] = \(comment) for i < rows, j < n\(inComponents), rows side by side, past the caches.",
      "static __attribute__((noinline)) void \(name)(long rows, long n, \(output), \(parameters(withSteps: true)))"
    ) { text, unit in
      text.line("\(term.output.component) line[\(line)] __attribute__((aligned(\(lineBytes))));")
      text.line("/* The last line is written in part, and all stores behind it would wait for it. */")
      text.line("__builtin_prefetch(o + rows * n, 1);")
      text.block("for (long i = 0; i < rows; i++, o += n, \(operandSteps))") { text in
        text.line("const long head = (-(long)o & \(lineBytes - 1)) / \(type.size);")
        text.statement("if (i == 0)", part(row, "head", to: "o", from: "0"))
        text.block("else if (head > 0)") { text in
          text.line(part(row, "head", to: "line + (\(line) - head)", from: "0"))
          text.line("\(term.output.component) *const start = o - (\(line) - head);")
          for offset in stride(from: 0, to: line, by: element.isa.vectorBytes / type.size) {
            let place = offset == 0 ? "" : " + \(offset)"
            text.line("\(streamed)(start\(place), *(const \(vector) *)(line\(place)));")
          }
        }
        text.line("const long end = head + ((n - head) & -\(line));")
        text.block("for (long j = head; j < end; j += \(lineLanes))") { emitStreamed(&$0, &unit) }
        text.line(part(row, "n - end", to: "i + 1 < rows ? line : o + end", from: "end"))
      }
    }
    return name
  }

  // MARK: Several rows

  /// Defines the helper that writes one term to each of several rows: `(rows, n, o, os, x, xs, y, ys, streams)`; `os`
  /// components lie between one row of o and the next.
  ///
  /// Rows of whole vectors have loops of their own, which have no more to decide: a short row takes less time than its
  /// decisions.
  func defineRows(in unit: inout CUnit) -> String {
    let name = "es_rows_\(name)"
    let row = defineRow(in: &unit)
    let streamedRow = defineStreamedRow(in: &unit)
    let adjacentRows = defineAdjacentRows(in: &unit)
    let size = term.output.type.componentType.size
    func each(_ text: inout CText, _ body: (inout CText) -> Void) {
      text.block("for (; rows > 0; rows--, \(steps))", body)
    }
    unit.define(
      function: name, "o[i, j] = \(comment) for i < rows, j < n\(inComponents).",
      "static void \(name)(long rows, long n, \(output), long os, \(parameters(withSteps: true)), long streams)"
    ) { text, unit in
      text.block("if (!streams && n % \(element.lanes) == 0)") { text in
        each(&text) { text in
          text.block("for (long j = 0; j < n; j += \(element.lanes))") { text in
            let place = term.output.at("o", "j", lanes: element.lanes, const: false, in: &unit)
            text.line(store(to: place, at: "j", lanes: element.lanes, adds: false, in: &unit))
          }
        }
      }
      text.block("else if (!streams)") { text in
        each(&text) { $0.line("\(row)(n, o, \(term.rows)\(term.isOnlyWritten ? "" : ", 0"));") }
      }
      let isWhole = "n % \(lineLanes) == 0 && ((long)o | os * \(size)) % \(StreamEmitter.lineBytes) == 0"
      text.block("else if (\(isWhole))") { text in
        each(&text) { text in
          text.block("for (long j = 0; j < n; j += \(lineLanes))") { emitStreamed(&$0, &unit) }
        }
      }
      text.block("else if (os == n && n >= \(StreamEmitter.lineBytes / size))") { text in
        let arguments = operands.map { "\($0.pointer), \($0.pointer)s" }.joined(separator: ", ")
        text.line("\(adjacentRows)(rows, n, o, \(arguments));")
      }
      text.block("else") { text in
        each(&text) { $0.line("\(streamedRow)(n, o, \(term.rows));") }
      }
    }
    return name
  }

  /// The step from one row of all arrays to the next.
  private var steps: String { "o += os, " + operandSteps }

  private var operandSteps: String {
    operands.map { "\($0.pointer) += \($0.pointer)s" }.joined(separator: ", ")
  }

  // MARK: Sums

  /// Defines the helper that adds `count` terms, one from each of `count` rows in turn, to each of a row.
  ///
  /// It fetches rows by hand a little ahead, at their end those that follow: several rows at once, fetched so, come from memory
  /// at the full rate. For 4096 x 4096 floats: 16 rows 19.0 GB/s, 8 rows whose successors were fetched 17.2, one 8.5.
  ///
  /// Its parameters are `(n, o, x, xs, y, ys, gap)`; `xs` components lie between one row of x and the next, and `gap` between
  /// the end of each and the row that is read after it. A single row has neither steps nor gap.
  func defineStreams(_ count: Int, in unit: inout CUnit) -> String {
    let name = "es_add\(count)_\(name)"
    let sum = count == 1 ? comment : "the terms \(comment) of \(count) rows in turn"
    let size = operands[0].stored.componentType.size
    let vectorsOfLine = count == 1 ? 1 : element.vectorsOfLine(of: operands[0].stored)
    unit.define(
      function: name, "o[j] += \(sum), for j < n.",
      "static inline void \(name)(long n, \(output), \(parameters(withSteps: count > 1))"
        + (count > 1 ? ", long gap)" : ")")
    ) { text, unit in
      text.line("long j = 0;")
      if count > 1 {
        let step = element.lanes * vectorsOfLine
        text.block("for (; j + \(step) <= n; j += \(step))") { text in
          if fetchesRows {
            let ahead = aheadBytes / size
            text.line("const long ahead = j + \(ahead) < n ? j + \(ahead) : j + \(ahead) + gap;")
          }
          emitAdditions(of: count, vectorsOfLine, element.lanes, fetches: fetchesRows, &text, &unit)
        }
        if !fetchesRows { text.line("(void)gap;") }
      }
      let widths = vectorsOfLine > 1 || count == 1 ? term.strips : Array(term.strips.dropFirst())
      element.emitStrips(
        from: widths, after: widths == term.strips ? nil : element.lanes, over: "n", &text
      ) { text, lanes in
        emitAdditions(of: count, 1, lanes, fetches: false, &text, &unit)
      }
    }
    return name
  }

  /// Whether rows that are added are fetched by hand. CPUs with AVX-512 foresee them: 8 times 64 x 4096 floats on Zen 4 have
  /// 74 GB/s, 62 with fetching, and 28 from memory either way.
  private var fetchesRows: Bool { element.isa != .avx512 }

  /// The bytes between what is added and what is fetched by hand.
  private var aheadBytes: Int { 256 }

  /// The terms of `count` rows that belong to the next vectors of o, and the fetching of the lines of x that are `ahead`.
  private func emitAdditions(
    of count: Int, _ vectors: Int, _ lanes: Int, fetches: Bool, _ text: inout CText, _ unit: inout CUnit
  ) {
    let offsets = (0..<vectors).map { $0 == 0 ? "j" : "j + \($0 * lanes)" }
    let places = offsets.map { element.at("o", $0, lanes: lanes, const: false, in: &unit) }
    for number in 0..<vectors {
      text.line("\(element.vector(lanes, in: &unit)) s\(number) = \(places[number]);")
    }
    for stream in 0..<count {
      let terms = operands.map { $0.moved(to: CText.pointer($0.pointer, stream, "\($0.pointer)s")) }
      for number in 0..<vectors {
        text.line(
          element.addTerm(
            term.operation, to: "s\(number)", terms, at: offsets[number], lanes: lanes, in: &unit))
      }
      if fetches { text.line("__builtin_prefetch(\(terms[0].pointer) + ahead);") }
    }
    for number in 0..<vectors { text.line("\(places[number]) = s\(number);") }
  }
}
