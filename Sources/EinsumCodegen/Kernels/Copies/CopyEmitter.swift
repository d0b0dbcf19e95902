import EinsumIR

/// Emits `copy`: `out[i, j] = a[i, j]` bit for bit, with any strides.
///
/// Where both are contiguous along the same dimension, rows are copied; where they are along different ones, blocks are
/// transposed in registers. With `streams` the output is written past the caches in whole lines: straight from registers
/// where a transpose in registers is a line wide and rows begin on line boundaries, else by way of a buffer.
struct CopyEmitter {
  let element: CElement

  private var size: Int { element.type.size }

  /// Rows and columns of a transpose in registers.
  private var count: Int { min(16, element.lanes / element.componentCount) }

  /// The smallest transpose in registers.
  private var smallCount: Int { min(4, count) }

  private var bufferBytes: Int { 16384 }

  /// The bytes between rows that hardly are in the second cache.
  private var farApart: Int { 16384 }

  /// The kernel's function.
  func function(_ head: String, in unit: inout CUnit) -> CText {
    var text = CText()
    let exchange = LoopOrder.exchange(in: &unit)
    let stream = StreamEmitter(isa: element.isa)
    let fence = stream.defineFence(in: &unit)
    let rows = defineRows(in: &unit)
    let transpose = count > 1 ? defineTranspose(in: &unit) : nil
    text.function("out[i, j] = a[i, j] for i < rows, j < columns.", head) { text in
      text.statement("if (rows <= 0 || columns <= 0)", "return;")
      text.block("if (columns == 1 || (rows > 1 && rs_out == 1 && cs_out != 1))") { text in
        text.line("\(exchange)(&rows, &columns);")
        for array in ["out", "a"] { text.line("\(exchange)(&rs_\(array), &cs_\(array));") }
      }
      text.block("if (rs_out == columns * cs_out && rs_a == columns * cs_a)") {
        $0.line("columns *= rows;\nrows = 1;")
      }
      text.statement(
        "if (cs_out == 1 && cs_a == 1)", "\(rows)(rows, columns, out, rs_out, a, rs_a, streams);")
      if let transpose {
        text.statement(
          "else if (cs_out == 1 && rs_a == 1 && cs_a != 0 && rows > 1 && columns >= \(smallCount))",
          "\(transpose)(rows, columns, out, rs_out, a, cs_a, streams);")
      }
      text.block("else") { text in
        text.block("for (long i = 0; i < rows; i++)") { text in
          text.statement(
            "for (long j = 0; j < columns; j++)", "out[i * rs_out + j * cs_out] = a[i * rs_a + j * cs_a];")
        }
      }
      text.statement("if (streams == 1)", "\(fence)();")
    }
    return text
  }

  private var pointers: String {
    "\(element.name) *restrict out, long rs_out, const \(element.name) *restrict a"
  }

  /// The condition that the output's rows are whole cache lines.
  private var hasLines: String {
    "((long)out | rs_out * \(size) | columns * \(size)) % \(StreamEmitter.lineBytes) == 0"
  }

  // MARK: Rows

  /// Defines the copy of contiguous rows: `(rows, columns, out, rs_out, a, rs_a, streams)`.
  private func defineRows(in unit: inout CUnit) -> String {
    let name = "es_copy_rows_\(element.suffix)"
    let row = RowEmitter(term: Term(.sum, element), shape: [.unit]).defineRow(in: &unit)
    let short = defineShortRows(in: &unit)
    let stream = StreamEmitter(isa: element.isa).defineRow(in: &unit)
    unit.define(
      function: name, "out[i, j] = a[i, j], both contiguous in j.",
      "static void \(name)(long rows, long columns, \(pointers), long rs_a, long streams)"
    ) { text, unit in
      let isDense = "rs_out == columns && columns * \(size) < 4096 && rows > 1"
      text.block("if (streams && \(hasLines) && columns * \(size) < 2048)") { emitLines(&$0, &unit) }
      text.block("else if (streams && \(isDense))") { text in
        emitDense(stream, &text) { emitGather(row, short, &$0) }
      }
      text.block("else if (streams && columns * \(size) >= 256)") { text in
        text.block("for (long i = 0; i < rows; i++)") { text in
          emitFetch("i", &text)
          emitFetchOfEnds(&text)
          text.line("\(stream)(columns * \(size), out + i * rs_out, a + i * rs_a);")
        }
      }
      text.statement("else if (\(isShort))", shortCopy(short, "rows", to: "out", "rs_out", from: "a"))
      text.block("else") { text in
        text.statement(
          "for (long i = 0; i < rows; i++)", rowCopy(row, to: "out + i * rs_out", from: "a + i * rs_a"))
      }
    }
    return name
  }

  /// The components that are moved at once in short rows, at most: two vectors.
  private var widestMove: Int { 2 * element.lanes }

  /// The condition that rows are no longer than two such moves.
  private var isShort: String { "\(element.scale)columns <= \(2 * widestMove)" }

  private func shortCopy(
    _ copy: String, _ rows: String, to output: String, _ stride: String, from input: String
  ) -> String {
    let (output, input) = (element.components(output, const: false), element.components(input, const: true))
    return
      "\(copy)(\(rows), \(element.scale)columns, \(output), \(element.scale)\(stride), \(input), \(element.scale)rs_a);"
  }

  /// Defines the copy of short rows: `(rows, n, o, os, x, xs)`, all in components.
  ///
  /// Each width has a loop of its own, without decisions; a row is two moves, which overlap where it is shorter. Rows are often
  /// pieces of longer ones, whose next pieces are copied next: it fetches the line behind each. Measured on Zen 3, ms: `bhsd->bshd`
  /// of 30x819x111x4 floats 24.7 and 7.7, `ijk->jik` of 300x2000x3 bytes 4.6 and 0.75.
  private func defineShortRows(in unit: inout CUnit) -> String {
    let name = "es_copy_short_rows_\(element.suffix)"
    let widths = Array(sequence(first: widestMove) { $0 / 2 }.prefix { $0 >= element.elementLanes })
    let (type, size) = (element.component, element.type.componentType.size)
    unit.define(
      function: name, "o[i, j] = x[i, j] for i < rows, j < n <= \(2 * widestMove).",
      "static void \(name)(long rows, long n, \(type) *restrict o, long os, const \(type) *restrict x, long xs)"
    ) { text, _ in
      for (place, width) in widths.enumerated() {
        let isLast = place == widths.count - 1
        let condition = isLast ? "else" : (place == 0 ? "if" : "else if") + " (n >= \(width))"
        text.block(widths.count == 1 ? "" : condition) { text in
          text.block("for (; rows > 0; rows--, o += os, x += xs)") { text in
            text.line("__builtin_prefetch(x + n + \(StreamEmitter.lineBytes / size - 1));")
            text.line("__builtin_memcpy(o, x, \(width * size));")
            text.line("__builtin_memcpy(o + n - \(width), x + n - \(width), \(width * size));")
          }
        }
      }
    }
    return name
  }

  private func rowCopy(_ row: String, to output: String, from input: String) -> String {
    let (output, input) = (element.components(output, const: false), element.components(input, const: true))
    return "\(row)(\(element.scale)columns, \(output), \(input), 0);"
  }

  /// Fetches a short row that is copied later: no hardware foresees where the next one begins.
  private func emitFetch(_ row: String, _ text: inout CText) {
    text.statement(
      "for (long c = 0; columns * \(size) < 2048 && c < columns; c += \(StreamEmitter.lineBytes / size))",
      "__builtin_prefetch(a + (\(row) + 8) * rs_a + c);")
  }

  /// Fetches the ends of a row's output, in lines that hold parts of two rows.
  private func emitFetchOfEnds(_ text: inout CText) {
    text.block("if (columns * \(size) < 2048)") { text in
      text.line("__builtin_prefetch(out + (i + 8) * rs_out, 1);")
      text.line("__builtin_prefetch(out + (i + 8) * rs_out + columns - 1, 1);")
    }
  }

  /// Short rows of whole lines.
  private func emitLines(_ text: inout CText, _ unit: inout CUnit) {
    let stream = StreamEmitter(isa: element.isa)
    let (store, line) = (stream.defineStore(in: &unit), stream.unalignedLineType(in: &unit))
    // Rows of one line have no loop of their own, which would take longer than they do.
    text.block("if (columns * \(size) == \(StreamEmitter.lineBytes))") { text in
      text.block("for (; rows > 0; rows--, out += rs_out, a += rs_a)") { text in
        text.line("__builtin_prefetch(a + 8 * rs_a);")
        for offset in stride(from: 0, to: StreamEmitter.lineBytes, by: element.isa.vectorBytes) {
          let place = offset == 0 ? "" : " + \(offset / size)"
          text.line("\(store)(out\(place), *(const \(line) *)(a\(place)));")
        }
      }
    }
    text.block("for (long i = 0; i < rows; i++)") { text in
      emitFetch("i", &text)
      text.block("for (long j = 0; j < columns; j += \(element.isa.vectorBytes / size))") { text in
        text.line("\(store)(out + i * rs_out + j, *(const \(line) *)(a + i * rs_a + j));")
      }
    }
  }

  /// Short rows that lie one after the other in the output: `n` of them from row `i` on are brought to a buffer, then
  /// streamed together.
  private func emitDense(_ stream: String, _ text: inout CText, _ fill: (inout CText) -> Void) {
    text.line("_Alignas(64) \(element.name) buffer[\(bufferBytes / size)];")
    text.line("const long most = \(bufferBytes / size) / columns;")
    text.block("for (long i = 0; i < rows; i += most)") { text in
      text.line("const long n = rows - i < most ? rows - i : most;")
      fill(&text)
      text.line("\(stream)(n * columns * \(size), out + i * columns, buffer);")
    }
  }

  private func emitGather(_ row: String, _ short: String, _ text: inout CText) {
    text.statement("if (\(isShort))", shortCopy(short, "n", to: "buffer", "columns", from: "(a + i * rs_a)"))
    text.block("else for (long r = 0; r < n; r++)") { text in
      emitFetch("(i + r)", &text)
      text.line(rowCopy(row, to: "buffer + r * columns", from: "a + (i + r) * rs_a"))
    }
  }

  // MARK: Transposes

  /// Defines `out[i, j] = a[j * ld + i]` for at least `smallCount` columns: `(rows, columns, out, rs_out, a, ld, streams)`.
  private func defineTranspose(in unit: inout CUnit) -> String {
    let name = "es_copy_transposed_\(element.suffix)"
    let counts = Set([count, smallCount]).sorted(by: >)
    let isLine = count * size == StreamEmitter.lineBytes
    func define(_ count: Int, streams: Bool = false, fetches: Bool = false) -> String {
      TransposeEmitter(
        element: element, count: count, addressing: .strided, streams: streams, fetches: fetches
      ).define(in: &unit)
    }
    let plain = counts.map { (count: $0, name: define($0)) }
    let fetching = counts.map { (count: $0, name: define($0, fetches: true)) }
    let direct = isLine ? define(count, streams: true) : nil
    let streamRow = StreamEmitter(isa: element.isa).defineRow(in: &unit)
    unit.define(
      function: name, "out[i, j] = a[j, i], contiguous in j and in i; at least \(smallCount) columns.",
      "static void \(name)(long rows, long columns, \(pointers), long ld, long streams)"
    ) { text, unit in
      if let direct {
        text.block("if (streams && \(hasLines))") { text in
          emitBlocks([(count, direct)], "rows", "columns", "out", "rs_out", "a", &text)
          text.line("return;")
        }
      }
      text.block("if (!streams || (long)out % \(size) != 0)") { text in
        // Rows so far apart come from memory, not from the second cache, and no hardware foresees them.
        text.block("if (ld * \(size) >= \(farApart))") {
          emitBlocks(fetching, "rows", "columns", "out", "rs_out", "a", &$0)
        }
        text.block("else") { emitBlocks(plain, "rows", "columns", "out", "rs_out", "a", &$0) }
        text.line("return;")
      }
      text.block("if (rs_out == columns && columns * \(size) <= 2048)") { text in
        emitDense(streamRow, &text) { text in
          emitBlocks(fetching, "n", "columns", "buffer", "columns", "(a + i)", &text)
        }
        text.line("return;")
      }
      emitStaged(fetching, &text, &unit)
    }
    return name
  }

  /// Transposes in blocks; the last block of columns overlaps the one before it where they are not full.
  private func emitBlocks(
    _ helpers: [(count: Int, name: String)], _ rows: String, _ columns: String, _ output: String,
    _ stride: String, _ input: String, _ text: inout CText
  ) {
    for (index, helper) in helpers.enumerated() {
      let isLast = index == helpers.count - 1
      let head = index == 0 ? "if" : "else if"
      text.block(isLast ? (index == 0 ? "" : "else") : "\(head) (\(columns) >= \(helper.count))") { text in
        text.block("for (long j = 0, done = 0; done < \(columns); j += \(helper.count))") { text in
          text.statement("if (j + \(helper.count) > \(columns))", "j = \(columns) - \(helper.count);")
          text.line(
            "\(helper.name)(\(rows), \(input) + j * ld, ld, \(output) + j, \(stride));")
          text.line("done = j + \(helper.count);")
        }
      }
    }
  }

  /// By way of a buffer that stays in the second cache, so that runs are long both in the source and in the output; every
  /// row of the buffer then gives up the output lines that begin in it.
  ///
  /// Where rows are not whole lines, blocks of columns overlap by one, so that each line is complete in one of them. What
  /// is left are the ends of rows, in lines that hold parts of two rows: these are fetched ahead.
  private func emitStaged(
    _ helpers: [(count: Int, name: String)], _ text: inout CText, _ unit: inout CUnit
  ) {
    let line = StreamEmitter.lineBytes / size
    // A line more than a power of two, so that a column's elements do not compete for a few places of the cache.
    let (width, pitch) = (8 * line, 9 * line)
    let stream = StreamEmitter(isa: element.isa)
    let (store, lineType) = (stream.defineStore(in: &unit), stream.unalignedLineType(in: &unit))
    text.line("const long hasParts = !(\(hasLines));")
    text.line("_Alignas(64) \(element.name) buffer[\(stagedRows * pitch)];")
    text.block("for (long i = 0; i < rows; i += \(stagedRows))") { text in
      text.line("const long n = rows - i < \(stagedRows) ? rows - i : \(stagedRows);")
      text.block("for (long k = 0, last = 0; !last; k += \(width))") { text in
        text.line("last = columns - k <= \(pitch);")
        text.line("const long w = last ? columns - k : hasParts ? \(pitch) : \(width);")
        text.block("for (long r = 0; hasParts && r < n && (k == 0 || last); r++)") { text in
          text.line("__builtin_prefetch(out + (i + r) * rs_out + (k == 0 ? 0 : columns - 1), 1);")
        }
        emitBlocks(helpers, "n", "w", "buffer", "\(pitch)", "(a + i + k * ld)", &text)
        text.block("for (long r = 0; r < n; r++)") { text in
          text.line("\(element.name) *const o = out + (i + r) * rs_out + k;")
          text.line("const \(element.name) *const b = buffer + r * \(pitch);")
          text.line("const long end = last ? w - \(line - 1) : \(width);")
          text.line("long j = (-(unsigned long)o & \(StreamEmitter.lineBytes - 1)) / \(size);")
          text.statement("for (long c = 0; k == 0 && c < j && c < w; c++)", "o[c] = b[c];")
          text.block("for (; j < end; j += \(line))") { text in
            for offset in stride(from: 0, to: StreamEmitter.lineBytes, by: element.isa.vectorBytes) {
              let place = offset == 0 ? "" : " + \(offset / size)"
              text.line("\(store)(o + j\(place), *(const \(lineType) *)(b + j\(place)));")
            }
          }
          text.statement("for (; last && j < w; j++)", "o[j] = b[j];")
        }
      }
    }
  }

  /// Rows of the buffer: runs of a kilobyte or so in the source.
  private var stagedRows: Int { 256 }
}
