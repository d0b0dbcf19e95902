/// HTML or SVG in the making, into which text enters escaped.
///
///     let item: Markup = "<li title='\(name)'>\(name)</li>"     // `name` may hold anything
///
/// Literals are markup as they stand; interpolated text is escaped for elements and attributes alike, other markup enters
/// as it is, and numbers are rounded to a tenth.
package struct Markup: ExpressibleByStringInterpolation {
  package private(set) var text: String

  package init(stringLiteral text: String) { self.text = text }

  package init(stringInterpolation interpolation: StringInterpolation) { text = interpolation.text }

  /// Markup of others, one after the other.
  package init(_ parts: [Markup]) { text = parts.map(\.text).joined(separator: "\n") }

  package struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var text = ""

    package init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }

    package mutating func appendLiteral(_ literal: String) { text += literal }

    package mutating func appendInterpolation(_ value: String) { text += Markup.escaped(value) }

    package mutating func appendInterpolation(_ value: Substring) { text += Markup.escaped(String(value)) }

    package mutating func appendInterpolation(_ value: Markup) { text += value.text }

    package mutating func appendInterpolation(_ values: [Markup]) { text += Markup(values).text }

    package mutating func appendInterpolation(_ value: Int) { text += String(value) }

    package mutating func appendInterpolation(_ value: Double) {
      let tenths = (value * 10).rounded() / 10
      text += tenths == tenths.rounded() && abs(tenths) < 1e15 ? String(Int(tenths)) : String(tenths)
    }
  }

  /// A text in which nothing is markup. Characters that documents may not hold become U+FFFD.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\n", "\t": result.unicodeScalars.append(scalar)
      case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}": result.unicodeScalars.append("\u{FFFD}")
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
