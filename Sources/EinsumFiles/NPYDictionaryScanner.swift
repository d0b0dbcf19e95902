/// Reads the few Python literals that occur in `.npy` headers, skipping blanks before each.
struct NPYDictionaryScanner {
  private let bytes: [UInt8]
  private var place = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Whether the next character is this one.
  mutating func isAt(_ character: Unicode.Scalar) -> Bool {
    skipBlanks()
    return place < bytes.count && Unicode.Scalar(bytes[place]) == character
  }

  /// Consumes the character if it is next.
  mutating func skip(_ character: Unicode.Scalar) -> Bool {
    if !isAt(character) { return false }
    place += 1
    return true
  }

  /// Consumes the character, which must be next.
  mutating func expect(_ character: Unicode.Scalar) throws(FileProblem) {
    if !skip(character) { throw malformed("'\(character)'") }
  }

  /// Checks that only blanks are left.
  mutating func expectEnd() throws(FileProblem) {
    skipBlanks()
    if place < bytes.count { throw malformed("nothing more") }
  }

  /// A string in single or double quotes, of printable ASCII without backslashes.
  mutating func string(_ meaning: String) throws(FileProblem) -> String {
    let quote: UInt8
    if skip("'") {
      quote = UInt8(ascii: "'")
    } else if skip("\"") {
      quote = UInt8(ascii: "\"")
    } else {
      throw malformed("\(meaning) in quotes")
    }
    var text = ""
    while place < bytes.count, bytes[place] != quote {
      let byte = bytes[place]
      if byte < 0x20 || byte > 0x7E || byte == UInt8(ascii: "\\") { throw malformed("a plain character") }
      text.unicodeScalars.append(Unicode.Scalar(byte))
      place += 1
    }
    if place == bytes.count { throw malformed("the end of a string") }
    place += 1
    return text
  }

  /// `True` or `False`.
  mutating func boolean() throws(FileProblem) -> Bool {
    if skipWord("True") { return true }
    if skipWord("False") { return false }
    throw malformed("True or False")
  }

  /// `()`, `(3,)`, `(3, 4)`, `(3, 4,)`; not `(3)`, which Python takes for a number.
  mutating func tuple() throws(FileProblem) -> [Int] {
    if !skip("(") { throw malformed("a tuple of integers") }
    var values: [Int] = []
    var endsWithComma = false
    while !skip(")") {
      if !values.isEmpty, !endsWithComma { throw malformed("',' or ')'") }
      values.append(try integer())
      endsWithComma = skip(",")
    }
    if values.count == 1, !endsWithComma { throw malformed("a tuple of integers, such as (\(values[0]),)") }
    return values
  }

  /// A decimal integer, with the `L` that Python 2 wrote after long ones.
  private mutating func integer() throws(FileProblem) -> Int {
    let isNegative = skip("-")
    skipBlanks()
    let start = place
    while place < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[place]) { place += 1 }
    let digits = String(decoding: bytes[start..<place], as: UTF8.self)
    if digits.isEmpty { throw malformed("an integer") }
    if digits.count > 1, digits.hasPrefix("0") { throw malformed("an integer without leading zeros") }
    guard let value = Int(isNegative ? "-" + digits : digits) else {
      throw FileProblem.content("an extent of the shape does not fit Int64")
    }
    if place < bytes.count, bytes[place] == UInt8(ascii: "L") { place += 1 }
    return value
  }

  /// Consumes the word if it is next. What follows it is checked by whoever reads on.
  private mutating func skipWord(_ word: String) -> Bool {
    skipBlanks()
    guard bytes[place...].starts(with: word.utf8) else { return false }
    place += word.utf8.count
    return true
  }

  private mutating func skipBlanks() {
    while place < bytes.count, " \t\r\n".utf8.contains(bytes[place]) { place += 1 }
  }

  private func malformed(_ expected: String) -> FileProblem {
    .content("the header is malformed: \(expected) expected at byte \(place) of its dictionary")
  }
}
