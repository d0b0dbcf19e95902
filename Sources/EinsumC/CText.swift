import Glibc

/// A text for C that lives as long as this object.
final class CText: Sendable {
  /// Nil if there was no memory for it.
  nonisolated(unsafe) let pointer: UnsafePointer<CChar>?

  init(_ text: String) { pointer = UnsafePointer(strdup(text)) }

  deinit { free(UnsafeMutablePointer(mutating: pointer)) }
}
