/// The process's arguments, prepared so that an expression may start with `->`.
///
/// The argument parser takes what starts with `-` for options, and `->` is an einsum: the identity of one scalar.
/// Arguments that start with it, which no option does, get a mark in front that no argument of a process can hold;
/// ``Word`` takes it away again.
enum ArgumentList {
  /// The arguments with marks. What follows `--` needs none.
  static func marked(_ arguments: [String]) -> [String] {
    let options = arguments.prefix { $0 != "--" }
    let rest = arguments[options.endIndex...]
    return options.map { $0.utf8.starts(with: "->".utf8) ? mark + $0 : $0 } + rest
  }

  /// A text, of which a marked argument may be a part, as the user wrote it.
  static func unmarked(_ text: String) -> String {
    if !text.utf8.contains(0) { return text }
    return String(decoding: text.utf8.filter { $0 != 0 }, as: UTF8.self)
  }

  /// Arguments end at their first NUL, so none has one.
  private static let mark = "\0"
}
