/// A kernel as standalone C, which needs a C compiler and nothing else.
public struct EmittedCode: Hashable, Sendable {
  /// The function's name.
  public let name: String
  /// The C file.
  public let source: String
  /// The header, for C and C++.
  public let header: String
  /// The bytes of workspace that a call needs.
  public let workspaceSize: Int
}
