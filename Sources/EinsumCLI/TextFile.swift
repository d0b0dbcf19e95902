import EinsumFiles
import EinsumSyntax

/// Files of text that commands write.
enum TextFile {
  /// Replaces the file at a path by one with this text.
  ///
  /// - Throws: `EinsumError` [cannot-write].
  static func write(_ text: String, to path: String) throws(EinsumError) {
    let bytes = Array(text.utf8)
    try bytes.span.withUnsafeBytes { buffer throws(EinsumError) in try OutputFile.write([buffer], to: path) }
  }
}
