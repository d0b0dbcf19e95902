import EinsumSyntax

/// Reads a number as shapes and sizes have it: decimal digits and nothing else.
enum DecimalNumber {
  /// The number, which may be negative so that the caller can say so.
  ///
  /// - Parameter place: what the number is, for the message.
  /// - Throws: `EinsumError` [invalid-argument] for other characters, or a number past `Int64`.
  static func parse(_ text: Substring, option: String, _ place: String) throws(EinsumError) -> Int {
    let digits = text.hasPrefix("-") ? text.dropFirst() : text
    if text.isEmpty { throw EinsumError(.invalidArgument(what: option, why: "\(place) is empty")) }
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else {
      throw EinsumError(
        .invalidArgument(what: option, why: "\(place) is '\(shortened(text))', which is not a whole number"))
    }
    guard let value = Int(text) else {
      throw EinsumError(
        .invalidArgument(what: option, why: "\(place) is \(shortened(text)), which does not fit Int64"))
    }
    return value
  }

  /// A text for a message, its end cut off if it is long.
  static func shortened(_ text: some StringProtocol) -> String {
    let limit = 40
    let head = text.unicodeScalars.prefix(limit)
    return String(String.UnicodeScalarView(head)) + (text.unicodeScalars.count > limit ? "..." : "")
  }
}
