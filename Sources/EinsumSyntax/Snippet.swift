/// The piece of an equation that a diagnostic shows, with a caret under what it is about.
///
/// The text comes from a user and goes to a terminal or a log, so it is never printed raw: see
/// ``Unicode/Scalar/visible``.
enum Snippet {
  /// Longest piece that is shown, in scalars. A longer text is cut round the range, with `...` at each cut.
  static let windowLength = 100

  /// Two lines, each indented by two spaces: the text, and under it `^` at the start of the range, `~` below
  /// the rest.
  ///
  /// Reading is linear in the text, as a string finds its scalars by walking; the result has a bounded size.
  static func render(_ text: String, at range: SourceRange) -> String {
    let scalars = text.unicodeScalars
    let count = scalars.count
    let start = min(range.start, count)
    let first = max(0, min(start - windowLength / 2, count - windowLength))
    let window = Array(scalars.dropFirst(first).prefix(windowLength)).map(\.visible)
    let isCutLeft = first > 0
    let isCutRight = first + window.count < count

    let marked = window[(start - first)..<max(start - first, min(range.end - first, window.count))]
    var column = columnCount(window[..<(start - first)])
    if marked.first?.columnCount == 0 && column > 0 { column -= 1 }  // a mark is drawn on its predecessor

    let shown = (isCutLeft ? "..." : "") + string(window) + (isCutRight ? "..." : "")
    let indent = String(repeating: " ", count: column + (isCutLeft ? 3 : 0))
    let tail = String(repeating: "~", count: max(0, columnCount(marked) - 1))
    return "  \(shown)\n  \(indent)^\(tail)"
  }

  /// A text in one line of bounded length, with nothing in it that a terminal would obey.
  static func sanitise(_ text: String, limit: Int = .max) -> String {
    let scalars = text.unicodeScalars
    guard limit < .max, scalars.dropFirst(limit).first != nil else { return string(scalars.map(\.visible)) }
    let half = limit / 2
    return string(scalars.prefix(half).map(\.visible)) + "..." + string(scalars.suffix(half).map(\.visible))
  }

  private static func columnCount(_ scalars: some Sequence<Unicode.Scalar>) -> Int {
    scalars.reduce(0) { $0 + $1.columnCount }
  }

  private static func string(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }
}
