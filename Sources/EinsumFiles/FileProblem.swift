import EinsumSyntax

/// Why a file cannot be used, in words that follow its path.
///
/// The code that finds a problem does not know the path; ``reading(_:)`` and ``writing(_:)`` add it.
struct FileProblem: Error, Hashable {
  enum Kind { case access, content }

  /// Whether the file could not be got at, or its bytes were not as they should be.
  let kind: Kind
  let why: String

  private init(_ kind: Kind, _ why: String) {
    self.kind = kind
    self.why = why
  }

  /// The file cannot be opened, read or written, as it is not the kind of file for it.
  static func access(_ why: String) -> FileProblem { FileProblem(.access, why) }

  /// The bytes of the file are not as they should be.
  static func content(_ why: String) -> FileProblem { FileProblem(.content, why) }

  /// A system call failed, with the reason that `errno` held right after it.
  static func system(_ code: Int32, _ action: String? = nil) -> FileProblem {
    .access((action.map { $0 + ": " } ?? "") + SystemMessage.text(code))
  }

  /// The error that users see when the file at this path is read.
  func reading(_ path: String) -> EinsumError {
    switch kind {
    case .access: EinsumError(.cannotRead(path: path, why: why))
    case .content: EinsumError(.invalidFile(path: path, why: why))
    }
  }

  /// The error that users see when the file at this path is written.
  func writing(_ path: String) -> EinsumError { EinsumError(.cannotWrite(path: path, why: why)) }
}
