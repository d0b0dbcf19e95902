/// Names that a standalone file may give to functions and variables.
package enum CIdentifier {
  /// The most characters of a name; file names and linkers take a few more.
  package static let longest = 128

  /// Why a text cannot name a function in C and C++, or nil if it can.
  package static func objection(to name: String) -> String? {
    let bytes = Array(name.utf8)
    guard let first = bytes.first else { return "the name is empty" }
    if bytes.count > longest { return "the name has \(bytes.count) characters, more than \(longest)" }
    func isLetter(_ byte: UInt8) -> Bool {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
    }
    func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    guard isLetter(first), bytes.allSatisfy({ isLetter($0) || isDigit($0) }) else {
      return "a C name has letters, digits and '_' only, and no digit first"
    }
    if name.hasPrefix("_") || name.contains("__") { return "C and C++ keep names with such underscores" }
    if isReserved(name) { return "'\(name)' has a meaning in C or C++ already" }
    return nil
  }

  /// A name for an expression: its letters behind `einsum_`.
  package static func name(for expression: String) -> String {
    var words: [String] = []
    var word = ""
    for scalar in expression.unicodeScalars {
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9": word.unicodeScalars.append(scalar)
      case " ": break
      default:
        if !word.isEmpty { words.append(word) }
        word = ""
      }
    }
    if !word.isEmpty { words.append(word) }
    let name = (["einsum"] + words).joined(separator: "_")
    return name.utf8.count <= 64 ? name : "einsum"
  }

  /// A text that a comment or a string of C may hold: what else there is becomes `_`.
  static func harmless(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", " ", ",", ".", "-", ">", "{", "}", "_", "=", "(", ")", "[", "]":
        result.append(scalar)
      default: result.append("_")
      }
    }
    return String(result)
  }
}

/// Gives variables names that are free.
struct CNames {
  private var taken: Set<String>

  init(taken: Set<String> = []) { self.taken = taken.union(CIdentifier.reserved) }

  /// The wanted name if it is one and is free, else one with a number.
  mutating func unique(_ wanted: String) -> String {
    let base = CIdentifier.objection(to: wanted) == nil || taken.contains(wanted) ? wanted : "i"
    var name = base
    var number = 1
    while !taken.insert(name).inserted {
      name = "\(base)\(base.last?.isNumber == true ? "_" : "")\(number)"
      number += 1
    }
    return name
  }
}
