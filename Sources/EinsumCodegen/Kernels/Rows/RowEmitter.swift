import EinsumIR

/// Emits the helpers that work on rows whose output is contiguous.
///
/// `n` counts components, so complex rows are twice as long. `shape` says which operands are contiguous too, and which
/// are one element that the whole row shares.
struct RowEmitter {
  let operation: TermOperation
  let shape: [RowOperand.Stride]
  let element: CElement

  private var letters: String { shape.map(\.letter).joined() }

  private var parameters: String {
    operation.operands.map { "const \(element.component) *restrict \($0.row)" }.joined(separator: ", ")
  }

  private func place(_ operand: String, _ stride: RowOperand.Stride) -> String {
    stride == .unit ? "\(operand)[j]" : "\(operand)[0]"
  }

  /// What one term is, for a comment.
  private var term: String {
    zip(operation.operands, shape).map { place($0.row, $1) }.joined(separator: " * ")
  }

  /// Defines the helper that writes or adds one term to each of a row: `(n, o, x, y, accumulate)`.
  func defineRow(in unit: inout CUnit) -> String {
    let name = "es_row_\(operation.rawValue)_\(letters)_\(element.suffix)"
    unit.define(
      function: name, "o[j] (+)= \(term) for j < n\(element.isComplex ? ", in components" : "").",
      "static inline void \(name)(long n, \(element.component) *restrict o, \(parameters), long accumulate)"
    ) { text, unit in
      let operands = zip(operation.operands, shape).map { RowOperand(pointer: $0.row, stride: $1) }
      text.line("long j = 0;")
      for adds in [true, false] {
        text.block(adds ? "if (accumulate)" : "else") { text in
          element.emitStrips(from: element.strips, over: "n", &text) { text, lanes in
            let place = element.at("o", "j", lanes: lanes, const: false, in: &unit)
            text.line(
              element.storeTerm(
                operation, to: place, operands, at: "j", lanes: lanes, adds: adds, in: &unit))
          }
        }
      }
    }
    return name
  }

  /// Defines the helper that writes one term to each of a row, past the caches: `(n, o, x, y)`.
  func defineStreamedRow(in unit: inout CUnit) -> String {
    let name = "es_row_stream_\(operation.rawValue)_\(letters)_\(element.suffix)"
    let row = defineRow(in: &unit)
    let stream = StreamEmitter(isa: element.isa)
    let (store, line) = (stream.defineStore(in: &unit), stream.lineType(in: &unit))
    let vector = element.vector(element.lanes, in: &unit)
    let operands = zip(operation.operands, shape).map { RowOperand(pointer: $0.row, stride: $1) }
    func rest(_ n: String, from j: String) -> String {
      let pointers = operands.map { $0.stride == .unit ? "\($0.pointer) + \(j)" : $0.pointer }
      return "\(row)(\(n), o + \(j), \(pointers.joined(separator: ", ")), 0);"
    }
    unit.define(
      function: name,
      "o[j] = \(term) for j < n\(element.isComplex ? ", in components" : ""), past the caches.",
      "static inline void \(name)(long n, \(element.component) *restrict o, \(parameters))"
    ) { text, unit in
      let size = element.type.componentType.size
      text.line("long j = (-(long)o & \(StreamEmitter.lineBytes - 1)) / \(size);")
      text.statement("if (j > n)", "j = n;")
      text.line(rest("j", from: "0"))
      text.block("for (; j + \(element.lanes) <= n; j += \(element.lanes))") { text in
        text.line("\(vector) v;")
        text.line(
          element.storeTerm(
            operation, to: "v", operands, at: "j", lanes: element.lanes, adds: false, in: &unit))
        text.line("\(store)(o + j, (\(line))v);")
      }
      text.line(rest("n - j", from: "j"))
    }
    return name
  }

  /// Defines the helper that writes one term to each of several rows of whole vectors, in loops that have no more to
  /// decide: a short row takes less time than its decisions.
  ///
  /// Its parameters are `(rows, n, o, os, x, xs, y, ys, streams)`; `os` components lie between one row of o and the next.
  func defineWholeRows(in unit: inout CUnit) -> String {
    let name = "es_rows_\(operation.rawValue)_\(letters)_\(element.suffix)"
    let stream = StreamEmitter(isa: element.isa)
    let (store, line) = (stream.defineStore(in: &unit), stream.lineType(in: &unit))
    let row = defineStreamedRow(in: &unit)
    let (type, size) = (element.component, element.type.componentType.size)
    let vector = element.vector(element.lanes, in: &unit)
    let place = element.at("o", "j", lanes: element.lanes, const: false, in: &unit)
    let operands = zip(operation.operands, shape).map { RowOperand(pointer: $0.row, stride: $1) }
    let names = operands.map(\.pointer)
    let steps = (["o"] + names).map { "\($0) += \($0)s" }.joined(separator: ", ")
    func each(_ text: inout CText, _ body: (inout CText) -> Void) {
      text.block("for (; rows > 0; rows--, \(steps))", body)
    }
    unit.define(
      function: name,
      "o[i, j] = \(term) for i < rows, j < n, whole vectors\(element.isComplex ? " of components" : "").",
      "static void \(name)(long rows, long n, \(type) *restrict o, long os, "
        + "\(names.map { "const \(type) *restrict \($0), long \($0)s" }.joined(separator: ", ")), long streams)"
    ) { text, unit in
      func vectors(_ text: inout CText, _ write: (String) -> String) {
        text.block("for (long j = 0; j < n; j += \(element.lanes))") { text in
          text.line("\(vector) v;")
          text.line(
            element.storeTerm(
              operation, to: "v", operands, at: "j", lanes: element.lanes, adds: false, in: &unit))
          text.line(write("v"))
        }
      }
      text.block("if (!streams)") { text in
        each(&text) { vectors(&$0) { "\(place) = \($0);" } }
      }
      text.block("else if (((long)o | os * \(size)) % \(StreamEmitter.lineBytes) == 0)") { text in
        each(&text) { vectors(&$0) { "\(store)(o + j, (\(line))\($0));" } }
      }
      text.block("else") { text in
        each(&text) { $0.line("\(row)(n, o, \(names.joined(separator: ", ")));") }
      }
    }
    return name
  }

  /// Defines the helper that adds `count` terms, one from each of `count` rows in turn, to each of a row.
  ///
  /// It fetches the next `count` rows ahead: several rows at once, fetched by hand, come from memory at the full rate (gemv-t
  /// 15 GB/s of 15), one alone does not (8.5).
  ///
  /// Its parameters are `(n, o, x, xs, y, ys)`; `xs` components lie between one row of x and the next.
  func defineStreams(_ count: Int, in unit: inout CUnit) -> String {
    let name = "es_add\(count)_\(operation.rawValue)_\(letters)_\(element.suffix)"
    let vectors = element.strips.map { element.vector($0, in: &unit) }
    let steps = operation.operands.map {
      "const \(element.component) *restrict \($0.row), long \($0.row)s"
    }
    let sum = count == 1 ? term : "the terms \(term) of \(count) rows in turn"
    unit.define(
      function: name, "o[j] += \(sum), for j < n.",
      "static inline void \(name)(long n, \(element.component) *restrict o, "
        + "\(count == 1 ? parameters : steps.joined(separator: ", ")))"
    ) { text, unit in
      element.emitStrips(over: "n", &text) { text, lanes in
        let index = element.strips.firstIndex(of: lanes) ?? 0
        let place = element.at("o", "j", lanes: lanes, const: false, in: &unit)
        text.line("\(vectors[index]) s = \(place);")
        for stream in 0..<count {
          let operands = zip(operation.operands, shape).map { operand, stride in
            RowOperand(pointer: CText.pointer(operand.row, stream, "\(operand.row)s"), stride: stride)
          }
          text.line(
            element.addTerm(operation, to: "s", operands, at: "j", lanes: lanes, in: &unit))
          if count > 1 && lanes == element.lanes {
            let x = operation.operands[0].row
            text.line("__builtin_prefetch(\(CText.pointer(x, stream + count, "\(x)s")) + j);")
          }
        }
        text.line("\(place) = s;")
      }
    }
    return name
  }
}
