import EinsumFiles
import EinsumSyntax

/// Files of text that commands write.
enum TextFile {
  /// Replaces the file at a path by one with this text.
  ///
  /// - Throws: `EinsumError` [cannot-write].
  static func write(_ text: String, to path: String) throws(EinsumError) {
    let bytes = Array(text.utf8)
    let result: Result<Void, EinsumError> = bytes.withUnsafeBytes { buffer in
      do throws(EinsumError) {
        return .success(try OutputFile.write([buffer], to: path))
      } catch {
        return .failure(error)
      }
    }
    try result.get()
  }
}
