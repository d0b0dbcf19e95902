/// One entry of an interleaved subscript list: an index, named by an integer, or an ellipsis.
///
///     [.ellipsis, 0, 1]
public enum Subscript: Hashable, Sendable, ExpressibleByIntegerLiteral {
  /// An index. Any integer from 0 on; equal integers are the same index.
  case index(Int)
  /// Any number of leading, middle or trailing dimensions that are not named.
  case ellipsis

  public init(integerLiteral value: Int) { self = .index(value) }
}
