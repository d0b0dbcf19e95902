/// Lines of C, indented by the blocks they stand in.
struct CText {
  private(set) var text = ""
  private var depth = 0

  /// Appends one line, or several if it holds line breaks, at the present depth.
  mutating func line(_ lines: String) {
    for line in lines.split(separator: "\n", omittingEmptySubsequences: false) {
      text += line.isEmpty ? "\n" : String(repeating: "    ", count: depth) + line + "\n"
    }
  }

  /// Appends `head {`, the body one step deeper, and `}`.
  mutating func block(_ head: String, _ body: (inout CText) -> Void) {
    line(head + " {")
    depth += 1
    body(&self)
    depth -= 1
    line("}")
  }

  /// Appends `head` and one statement: without braces, one step deeper.
  mutating func statement(_ head: String, _ body: String) {
    line(head)
    depth += 1
    line(body)
    depth -= 1
  }

  /// Appends a function: its comment, its head on a line of its own and its body.
  mutating func function(_ comment: String, _ head: String, _ body: (inout CText) -> Void) {
    line("/* \(comment) */")
    line(head)
    line("{")
    depth += 1
    body(&self)
    depth -= 1
    line("}")
  }
}
