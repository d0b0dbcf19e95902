/// Why an einsum was refused, where in its equation, and what else helps to see it.
///
/// Every stage and every interface throws this one type. ``code`` is stable and meant for programs;
/// ``message`` and ``description`` are for people. What users wrote is never printed raw: control characters
/// appear as visible stand-ins, and long texts are cut.
///
///     error: index 'j' has extent 4 in operand 0 and 5 in operand 1 [extent-mismatch]
///       ij,jk->ik
///          ^
///     note: extent 4 comes from here
///       ij,jk->ik
///        ^
public struct EinsumError: Error, Hashable, Sendable {
  /// What is wrong, with the facts.
  public let reason: Reason
  /// The equation, if there is one.
  public let text: String?
  /// Where in ``text``.
  public let range: SourceRange?
  /// Further facts, each with its own place.
  public let notes: [Note]

  /// A remark that helps to understand an error, and the place in the equation that it is about.
  public struct Note: Hashable, Sendable {
    public let message: String
    public let range: SourceRange?

    package init(_ message: String, at range: SourceRange? = nil) {
      self.message = message
      self.range = range
    }
  }

  /// An error about a place in an equation, or about no equation at all.
  package init(_ reason: Reason, in text: String? = nil, at range: SourceRange? = nil, notes: [Note] = []) {
    self.reason = reason
    self.text = text
    self.range = range
    self.notes = notes
  }
}

extension EinsumError {
  /// Whether another input would have done, as opposed to a failure of the machine that runs einsumc.
  ///
  /// The command line exits with 2 in the first case and with 1 in the second. A new reason is of the first
  /// kind unless it is listed here.
  package var isInputError: Bool {
    switch reason {
    case .cannotWrite, .emission, .loading, .memoryLimit, .outOfMemory: false
    default: true
    }
  }
}

extension EinsumError: CustomStringConvertible {
  /// A stable name in kebab case: `extent-mismatch`.
  public var code: String { reason.code }

  /// What is wrong, in one line: lower case, no full stop, without code and place.
  public var message: String { reason.message }

  /// The error, the equation with a caret, and the notes; several lines, without a newline at the end.
  public var description: String {
    var lines = ["error: \(message) [\(code)]"]
    if let text, let range { lines.append(Snippet.render(text, at: range)) }
    for note in notes {
      lines.append("note: \(Snippet.sanitise(note.message))")
      if let text, let range = note.range { lines.append(Snippet.render(text, at: range)) }
    }
    return lines.joined(separator: "\n")
  }
}
