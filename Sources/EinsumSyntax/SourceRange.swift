/// A half-open range of Unicode scalar offsets in the text of an equation.
///
/// Scalars and not characters, because a letter and a combining mark behind it are one character to Swift,
/// but two symbols to the notation. An empty range stands for a place, such as the end of the text.
public struct SourceRange: Hashable, Sendable {
  public let start: Int
  public let end: Int

  /// - Precondition: `0 <= start <= end`.
  package init(start: Int, end: Int) {
    precondition(0 <= start && start <= end, "internal: a source range runs backwards")
    self.start = start
    self.end = end
  }
}
