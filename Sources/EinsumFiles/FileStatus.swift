import Glibc

/// What the system says about a file.
struct FileStatus {
  enum Kind { case regular, folder, pipe, socket, device, unknown }

  let kind: Kind
  let size: Int

  /// The read, write and execute bits.
  let permissions: UInt32

  init(_ status: stat) {
    switch status.st_mode & S_IFMT {
    case S_IFREG: kind = .regular
    case S_IFDIR: kind = .folder
    case S_IFIFO: kind = .pipe
    case S_IFSOCK: kind = .socket
    case S_IFCHR, S_IFBLK: kind = .device
    default: kind = .unknown
    }
    size = Int(status.st_size)
    permissions = UInt32(status.st_mode) & 0o777
  }

  /// The status of what a path leads to, through links, or nil if there is nothing or it cannot be reached.
  init?(path: String) {
    if path.utf8.contains(0) { return nil }
    var status = stat()
    if stat(path, &status) != 0 { return nil }
    self.init(status)
  }
}

extension FileStatus.Kind {
  /// The kind in words, with its article.
  var name: String {
    switch self {
    case .regular: "a regular file"
    case .folder: "a folder"
    case .pipe: "a pipe"
    case .socket: "a socket"
    case .device: "a device"
    case .unknown: "not a file"
    }
  }
}
