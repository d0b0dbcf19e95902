extension Specializer {
  /// Whole blocks of a known number of elements, of which the last ends where these end and may overlap the one before:
  ///
  ///     for (j = 0; done < n; j += s) { if (j + s > n) j = n - s; ...; done = j + s; }
  struct OverlappingBlocks {
    let variable: String
    let done: String
    let isOwnDone: Bool
    let length: Int
    let count: Int
    let body: [CStatement]

    /// Where the block begins that ends with the elements, if it is not one of the others.
    var last: Int? { count % length == 0 ? nil : count - length }
  }

  /// The blocks that a loop runs through, if it is such a loop.
  mutating func overlappingBlocks(_ loop: CLoop, _ frame: Frame) -> OverlappingBlocks? {
    guard case .binary(.name(let done), "<", let end) = loop.condition,
      let variable = loop.initial.first?.name, loop.initial.first?.initial == .integer(0),
      loop.initial.count == 1 || loop.initial.count == 2 && loop.initial[1].name == done,
      case .assignment(.name(variable), "+=", .integer(let length))? = loop.steps.first,
      loop.steps.count == 1,
      loop.body.count > 2, case .branch(let test, let then, else: []) = loop.body[0],
      test == .binary(.binary(.name(variable), "+", .integer(length)), ">", end),
      then == [.expression(.assignment(.name(variable), "=", .binary(end, "-", .integer(length))))],
      case .expression(.assignment(.name(done), "=", let reached))? = loop.body.last,
      reached == .binary(.name(variable), "+", .integer(length)),
      case .integer(let count) = evaluate(end, frame), count >= length
    else { return nil }
    let isOwnDone = loop.initial.count == 2
    let start = isOwnDone ? loop.initial[1].initial : evaluate(.name(done), frame)
    guard start == .integer(0) else { return nil }
    return OverlappingBlocks(
      variable: variable, done: done, isOwnDone: isOwnDone, length: length, count: count,
      body: Array(loop.body[1..<(loop.body.count - 1)]))
  }
}
