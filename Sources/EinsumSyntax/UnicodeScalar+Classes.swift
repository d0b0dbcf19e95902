/// What the notation makes of a scalar.
extension Unicode.Scalar {
  /// Whether this scalar is a label by itself: any Unicode letter; marks, digits and symbols are not.
  var isLabelLetter: Bool {
    switch self {
    case "a"..."z", "A"..."Z": return true
    case _ where isASCII: return false
    case _: break
    }
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return true
    default: return false
    }
  }

  /// Whether this scalar may be part of a name in braces: a letter, a decimal digit or `_`.
  var isNamePart: Bool {
    isLabelLetter || self == "_" || properties.generalCategory == .decimalNumber
  }
}

/// How a scalar that a user wrote appears in a message.
extension Unicode.Scalar {
  /// This scalar, or a visible stand-in one column wide where printing it could move the cursor, reorder the
  /// line or show nothing.
  ///
  /// ASCII controls become their control pictures (U+2400...), spaces other than U+0020 an open box, and
  /// everything else that has no shape of its own U+FFFD.
  var visible: Unicode.Scalar {
    switch self {
    case " "..."~": return self
    case "\u{0}"..."\u{1F}": return Unicode.Scalar(0x2400 + value) ?? "\u{FFFD}"
    case "\u{7F}": return "\u{2421}"
    default: break
    }
    switch properties.generalCategory {
    case .spaceSeparator: return "\u{2423}"
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
      return "\u{FFFD}"
    default: return properties.isDefaultIgnorableCodePoint ? "\u{FFFD}" : self
    }
  }

  /// The number of terminal columns that this scalar takes: 0 for marks that sit on their predecessor, 2 for
  /// the wide East Asian scripts and emoji, else 1.
  var columnCount: Int {
    if isASCII { return 1 }
    switch properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return 0
    default: return Self.wideRanges.contains { $0.contains(value) } ? 2 : 1
    }
  }

  /// The blocks that terminals draw two columns wide, after Markus Kuhn's `wcwidth`, with the emoji blocks
  /// added.
  private static let wideRanges: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF,
    0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF,
    0x1F900...0x1F9FF, 0x20000...0x3FFFD,
  ]

  /// This scalar as a message names it: `'x'` if it shows as itself, else its code point, `U+0009`.
  var nameInMessage: String {
    if self == " " { return "a space" }
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark: break  // these show only on another character
    default: if visible == self { return "'\(self)'" }
    }
    let digits = String(value, radix: 16, uppercase: true)
    return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }
}
