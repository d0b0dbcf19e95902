/// A word of C.
enum CToken: Hashable, Sendable {
  case name(String)
  case number(String)
  case punctuator(String)
  case comment(String)
  /// A line for the preprocessor.
  case directive(String)
}

/// Cuts the emitters' C into words.
enum CLexer {
  static func tokens(of source: String) -> [CToken] {
    let bytes = Array(source.utf8)
    var tokens: [CToken] = []
    var place = 0
    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
    func end(from start: Int, while isPart: (UInt8) -> Bool) -> Int {
      bytes[start...].firstIndex { !isPart($0) } ?? bytes.count
    }
    while place < bytes.count {
      let byte = bytes[place]
      let start = place
      if byte == UInt8(ascii: "#") {
        place = end(from: place) { $0 != UInt8(ascii: "\n") }
        tokens.append(.directive(text(start..<place)))
      } else if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") {
        place += 1
      } else if byte == UInt8(ascii: "/") && place + 1 < bytes.count && bytes[place + 1] == UInt8(ascii: "*")
      {
        place += 2
        while !(bytes[place] == UInt8(ascii: "*") && bytes[place + 1] == UInt8(ascii: "/")) { place += 1 }
        place += 2
        tokens.append(.comment(text(start + 3..<place - 3)))
      } else if isDigit(byte) {
        // A preprocessing number: digits, letters, points, and signs behind an exponent.
        place = end(from: place) { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: ".") }
        if place < bytes.count, "+-".utf8.contains(bytes[place]), "pP".utf8.contains(bytes[place - 1]) {
          place = end(from: place + 1) { isLetter($0) || isDigit($0) }
        }
        tokens.append(.number(text(start..<place)))
      } else if isLetter(byte) {
        place = end(from: place) { isLetter($0) || isDigit($0) }
        tokens.append(.name(text(start..<place)))
      } else if byte == UInt8(ascii: "\"") {
        place = end(from: place + 1) { $0 != UInt8(ascii: "\"") } + 1
        tokens.append(.number(text(start..<place)))
      } else {
        let length =
          [3, 2].first { place + $0 <= bytes.count && long.contains(text(place..<place + $0)) } ?? 1
        place += length
        tokens.append(.punctuator(text(start..<place)))
      }
    }
    return tokens
  }

  private static let long: Set<String> = [
    "<<=", ">>=", "++", "--", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "==", "!=", "<=", ">=", "&&",
    "||", "<<", ">>", "->",
  ]

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
  }
}
