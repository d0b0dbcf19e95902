import EinsumSyntax
import FoundationEssentials

/// Reports for programs.
enum JSON {
  /// A value as one JSON object on one line, its keys in alphabetical order and in snake case.
  ///
  /// Figures past what a double holds, which JSON cannot express, become the strings `inf` and `nan`.
  static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}
