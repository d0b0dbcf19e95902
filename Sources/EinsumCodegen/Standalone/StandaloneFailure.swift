/// Why a standalone file cannot be written.
package struct StandaloneFailure: Error, Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// What an emitter wrote is not what the specializer knows: a mistake of einsumc's.
    case syntax
    /// Extents cannot be arguments for this problem.
    case extents
  }

  package let kind: Kind
  package let message: String

  init(_ message: String, kind: Kind = .syntax) {
    self.kind = kind
    self.message = message
  }
}
