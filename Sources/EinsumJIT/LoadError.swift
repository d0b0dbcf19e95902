/// Why C text did not become callable code.
///
/// The text comes from the code generator, so what it reports is a fault of einsumc or a limit of the host
/// (no memory, no permission to execute generated code), never of the user.
package struct LoadError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The compiler's messages, one a line, or the reason in one line.
  package let message: String

  package init(message: String) {
    self.message = message
  }

  package var description: String { message }
}
