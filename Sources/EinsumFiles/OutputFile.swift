package import EinsumSyntax
import Glibc

/// Writes a whole file, so that its path never holds half of one.
package enum OutputFile {
  /// Replaces the file at `path` by the given pieces, one after the other.
  ///
  /// The bytes go to a temporary file in the same folder, which then takes the old one's place and its
  /// permissions; on any error it is removed and the old file stays as it was. A link is followed, so that
  /// what it leads to is replaced; one that leads nowhere is replaced itself.
  ///
  /// What is not a regular file (`/dev/null`, a FIFO) is written to directly, as it cannot be replaced, and
  /// `/dev/stdout`, `/dev/stderr` and `/dev/fd/N` stand for the process's own open files, whatever they lead
  /// to. Text that waits in the buffers of `print` is not flushed first.
  package static func write(
    _ pieces: [UnsafeRawBufferPointer], to path: String
  ) throws(EinsumError) {
    do throws(FileProblem) {
      switch try destination(of: path) {
      case .open(let number): try write(pieces, toOpen: number)
      case .existing: try writeDirectly(pieces, to: path)
      case .replacing(let target, let permissions):
        try replace(target, by: pieces, permissions: permissions)
      }
    } catch {
      throw error.writing(path)
    }
  }

  /// Where the bytes of an output go.
  private enum Destination {
    /// Into a file that the process has open.
    case open(Int32)

    /// Into what is there.
    case existing

    /// Into a new file that takes this place, with these permissions if a file was there.
    case replacing(path: String, permissions: UInt32?)
  }

  private static func destination(of path: String) throws(FileProblem) -> Destination {
    if path.utf8.contains(0) { throw FileProblem.access("the path contains a NUL character") }
    if path.isEmpty { throw FileProblem.access("the path is empty") }
    if let number = openFile(namedBy: path) { return .open(number) }
    guard let status = FileStatus(path: path) else {
      if path.hasSuffix("/") { throw FileProblem.access("it is a folder's name") }
      return .replacing(path: path, permissions: nil)
    }
    switch status.kind {
    case .folder: throw FileProblem.access("it is a folder")
    case .pipe, .socket, .device, .unknown: return .existing
    case .regular:
      // The folder alone decides whether a file can be replaced; a file that is read-only is so for a reason.
      if access(path, W_OK) != 0 { throw FileProblem.system(errno) }
      return .replacing(path: resolvingLinks(path), permissions: status.permissions)
    }
  }

  /// The number of the open file that a name such as `/dev/stdout` stands for.
  ///
  /// Opening such a name would be something else: a redirected file from its start again, and never a socket.
  private static func openFile(namedBy path: String) -> Int32? {
    switch path {
    case "/dev/stdout": return 1
    case "/dev/stderr": return 2
    default:
      let prefix = "/dev/fd/"
      guard path.hasPrefix(prefix), let number = Int32(path.dropFirst(prefix.count)), number >= 0 else {
        return nil
      }
      return number
    }
  }

  private static func write(
    _ pieces: [UnsafeRawBufferPointer], toOpen number: Int32
  ) throws(FileProblem) {
    let file = try FileDescriptor.duplicating(number)
    for piece in pieces { try file.write(piece) }
    try file.close()
  }

  private static func writeDirectly(
    _ pieces: [UnsafeRawBufferPointer], to path: String
  ) throws(FileProblem) {
    let file = try FileDescriptor.forWriting(path)
    for piece in pieces { try file.write(piece) }
    try file.close()
  }

  private static func replace(
    _ path: String, by pieces: [UnsafeRawBufferPointer], permissions: UInt32?
  ) throws(FileProblem) {
    for _ in 0..<100 {
      let temporary = temporaryName(besides: path)
      guard let file = try FileDescriptor.creating(temporary) else { continue }
      do throws(FileProblem) {
        if let permissions { try file.setPermissions(permissions) }
        for piece in pieces { try file.write(piece) }
        try file.close()
        if rename(temporary, path) != 0 { throw FileProblem.system(errno) }
        return
      } catch {
        unlink(temporary)
        throw error
      }
    }
    throw FileProblem.access("cannot find a free name for a temporary file in its folder")
  }

  /// A name in the folder of `path` that is most likely free.
  ///
  /// It does not build on the target's name, which may already be as long as a name can be.
  private static func temporaryName(besides path: String) -> String {
    let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
    return folder + ".einsumc-" + String(UInt64.random(in: .min ... .max), radix: 36) + ".tmp"
  }

  /// The path without links, or the same path if the system cannot say.
  private static func resolvingLinks(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
