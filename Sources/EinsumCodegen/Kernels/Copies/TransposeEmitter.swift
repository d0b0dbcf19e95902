import EinsumIR

/// Emits the helper that moves `count` contiguous elements of each of `count` rows across: `d[p, r] = s[r, p]`.
///
/// A block of count x count elements is transposed in registers. Within 16 bytes, a block of rows is transposed by
/// interleaving the elements of two rows, log2 times, which is one instruction on every machine; then 16-byte groups
/// change places between rows, half a register, a quarter of it and so on.
struct TransposeEmitter {
  let element: CElement
  /// Rows and columns of a block, a power of two.
  let count: Int

  /// How the source's rows and columns are reached.
  let addressing: KernelKind.Addressing
  /// Whether whole rows of a block, which are then lines, are written past the caches.
  var streams = false
  /// Whether the rows of the next block are fetched, as they come from memory.
  var fetches = false

  /// The block's size for rows that come in groups of `width`, or nil if there is nothing to transpose.
  static func count(for width: Int, _ element: CElement) -> Int? {
    guard !element.isComplex else { return nil }
    let limit = min(width, element.lanes, 16)
    let count = sequence(first: 16) { $0 / 2 }.first { $0 <= limit } ?? 1
    return count > 1 ? count : nil
  }

  /// Defines the helper and gives its name: `(n, s, row stride or tables, d, row stride of d)`.
  func define(in unit: inout CUnit) -> String {
    let tabled = addressing == .tabled
    let manner = (tabled ? "tab" : "") + (streams ? "_stream" : "") + (fetches ? "_fetch" : "")
    let name = "es_transpose\(manner)_\(count)_\(element.suffix)"
    let store = streams ? StreamEmitter(isa: element.isa).defineStore(in: &unit) : ""
    let line = streams ? StreamEmitter(isa: element.isa).lineType(in: &unit) : ""
    let run = tabled ? OffsetTables.consecutive(in: &unit) : ""
    let vector = element.vector(count * element.componentCount, in: &unit)
    let source = tabled ? "const long *restrict row, const long *restrict column" : "long rs"
    func at(_ row: String) -> String { tabled ? "s + row[\(row)]" : "s + \(row) * rs" }
    unit.define(
      function: name, "d[p * ld + r] = s[r, p] for r < \(count), p < n.",
      "static void \(name)(long n, const \(element.name) *restrict s, \(source), "
        + "\(element.name) *restrict d, long ld)"
    ) { text, _ in
      func block(_ column: String, _ text: inout CText) {
        for row in 0..<count {
          text.line("const \(vector) x\(row) = *(const \(vector) *)(\(at("\(row)")) + \(column));")
        }
        for (row, name) in emitBlock(vector, &text).enumerated() {
          let place = "d + (p + \(row)) * ld"
          text.line(
            streams ? "\(store)(\(place), (\(line))\(name));" : "*(\(vector) *)(\(place)) = \(name);")
        }
      }
      func single(_ value: String, _ text: inout CText) {
        text.statement("for (long r = 0; r < \(count); r++)", "d[p * ld + r] = \(value);")
      }
      text.line("long p = 0;")
      if tabled {
        text.block("while (p < n)") { text in
          text.block("if (p + \(count) <= n && \(run)(column + p, \(count)))") { text in
            block("column[p]", &text)
            text.line("p += \(count);")
          }
          text.block("else") { text in
            single("s[row[r] + column[p]]", &text)
            text.line("p++;")
          }
        }
      } else {
        // With p + count <= n as the condition, gcc takes the rest for a loop that may pass the end of memory.
        text.line("const long whole = n - n % \(count);")
        text.block("for (; p < whole; p += \(count))") { text in
          if fetches { emitFetch(&text) }
          block("p", &text)
        }
        text.block("for (; p < n; p++)") { single("s[r * rs + p]", &$0) }
      }
    }
    return name
  }

  /// Fetches a line of each of the rows that follow these, once for every line.
  private func emitFetch(_ text: inout CText) {
    text.block("if (p % \(max(StreamEmitter.lineBytes / element.type.size, count)) == 0)") { text in
      for row in 0..<count { text.line("__builtin_prefetch(s + \(count + row) * rs + p);") }
    }
  }

  /// Emits the shuffles from `x0`, `x1`, ... and gives the names of the transposed rows.
  func emitBlock(_ vector: String, _ text: inout CText) -> [String] {
    var rows = (0..<count).map { "x\($0)" }
    var made = 0
    func shuffle(_ x: String, _ y: String, _ places: [Int], _ text: inout CText) -> String {
      let name = "y\(made)"
      made += 1
      let components = element.componentCount
      let list = places.flatMap { place in (0..<components).map { "\(place * components + $0)" } }
        .joined(separator: ", ")
      text.line("const \(vector) \(name) = __builtin_shufflevector(\(x), \(y), \(list));")
      return name
    }

    let group = min(count, max(16 / element.type.size, 1))
    var step = group
    while step > 1 {
      var next = rows
      for start in stride(from: 0, to: count, by: group) {
        for row in 0..<group / 2 {
          let x = rows[start + row], y = rows[start + row + group / 2]
          for upper in 0..<2 {
            let places = stride(from: 0, to: count, by: group).flatMap { lane in
              (0..<group / 2).flatMap { index in
                let place = lane + upper * group / 2 + index
                return [place, count + place]
              }
            }
            next[start + 2 * row + upper] = shuffle(x, y, places, &text)
          }
        }
      }
      rows = next
      step /= 2
    }

    var distance = count / 2
    while distance >= group {
      var next = rows
      for row in 0..<count where row & distance == 0 {
        let x = rows[row], y = rows[row + distance]
        next[row] = shuffle(
          x, y, (0..<count).map { $0 & distance == 0 ? $0 : count + $0 - distance }, &text)
        next[row + distance] = shuffle(
          x, y, (0..<count).map { $0 & distance == 0 ? $0 + distance : count + $0 }, &text)
      }
      rows = next
      distance /= 2
    }
    return rows
  }
}
