/// Lines of C, indented by the blocks they stand in.
struct CText {
  private(set) var text = ""
  private var depth = 0

  private var indentation: String { String(repeating: "    ", count: depth) }

  /// Appends one line, or several if it holds line breaks, at the present depth.
  mutating func line(_ lines: String) {
    for line in lines.split(separator: "\n", omittingEmptySubsequences: false) {
      text += line.isEmpty ? "\n" : indentation + line + "\n"
    }
  }

  /// Appends `head {`, the body one step deeper, and `}`; if the body is one plain statement, no braces.
  ///
  /// An `else` joins the brace before it.
  mutating func block(_ head: String, _ body: (inout CText) -> Void) {
    var inner = CText()
    inner.depth = depth + 1
    body(&inner)
    let isStatement = inner.text.utf8.count { $0 == UInt8(ascii: "\n") } == 1 && inner.text.hasSuffix(";\n")
    let closing = indentation + "}\n"
    if head.hasPrefix("else"), text.hasSuffix("\n" + closing) {
      text.removeLast(1)
      text += " " + head
    } else {
      text += indentation + head
    }
    text +=
      isStatement && head != "" ? "\n" + inner.text : (head == "" ? "{\n" : " {\n") + inner.text + closing
  }

  /// Appends `head` and one statement.
  mutating func statement(_ head: String, _ body: String) {
    block(head) { $0.line(body) }
  }

  /// Appends a declaration of variables that start from zero.
  mutating func zeros(_ type: String, _ names: [String]) {
    line("\(type) \(names.map { "\($0) = {0}" }.joined(separator: ", "));")
  }

  /// A number of steps by a stride, as an offset.
  static func steps(_ count: Int, _ stride: String) -> String {
    count == 0 ? "0" : count == 1 ? stride : "\(count) * \(stride)"
  }

  /// A pointer moved on by a number of steps.
  static func pointer(_ base: String, _ count: Int, _ stride: String) -> String {
    count == 0 ? base : "(\(base) + \(steps(count, stride)))"
  }

  /// Appends a function: its comment, its head from a line of its own, wrapped at commas, and its body.
  mutating func function(_ comment: String?, _ head: String, _ body: (inout CText) -> Void) {
    if let comment { line("/* \(comment) */") }
    line(Self.wrapped(head))
    line("{")
    depth += 1
    body(&self)
    depth -= 1
    line("}")
  }

  /// Appends a declaration or another statement, wrapped at commas.
  mutating func wrappedLine(_ statement: String) {
    let width = Self.width - indentation.count
    line(statement.count <= width ? statement : Self.wrapped(statement, to: width))
  }

  /// The most characters of a line that can be wrapped.
  private static let width = 110

  /// A function head, or a statement, in lines of at most so many characters if commas allow it.
  static func wrapped(_ head: String, to width: Int = Self.width) -> String {
    var lines = [""]
    for part in head.split(separator: " ") {
      let last = lines[lines.count - 1]
      // A line ends after a comma only, so that a parameter stays in one piece.
      if last.hasSuffix(","), last.count + part.count + remainder(of: part, in: head) > width {
        lines.append("        " + part)
      } else {
        lines[lines.count - 1] = last.isEmpty ? String(part) : last + " " + part
      }
    }
    return lines.joined(separator: "\n")
  }

  /// How many characters follow a word up to the end of its parameter.
  private static func remainder(of part: Substring, in head: String) -> Int {
    let rest = head[part.endIndex...]
    return rest.prefix { $0 != "," }.count + 2
  }
}
