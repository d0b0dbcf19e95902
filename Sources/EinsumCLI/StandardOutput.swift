import EinsumFiles
import EinsumSyntax
import Glibc

/// Where results go.
enum StandardOutput {
  /// The reader of a pipe has seen enough and closed it, as `head` does. There is nothing to say about it, nor
  /// anyone to say it to.
  struct ReaderGone: Error {}

  /// Writes a text and a newline, all of it.
  ///
  /// Not `print`, which does not tell when a disk is full.
  ///
  /// - Throws: `ReaderGone`, or `EinsumError` [cannot-write].
  static func write(_ text: String) throws {
    if let code = writeAll(text + "\n", to: STDOUT_FILENO) {
      if code == EPIPE { throw ReaderGone() }
      throw EinsumError(.cannotWrite(path: "standard output", why: SystemMessage.text(code)))
    }
  }
}

/// Where diagnostics go, and figures that are not the result.
enum StandardError {
  /// Writes a text and a newline. If that fails, nobody could be told.
  static func write(_ text: String) { _ = writeAll(text + "\n", to: STDERR_FILENO) }
}

/// Writes a text to an open file; returns the system's error number if that fails.
private func writeAll(_ text: String, to file: Int32) -> Int32? {
  var text = text
  return text.withUTF8 { bytes in
    var done = 0
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[done...])
      let count = Glibc.write(file, rest.baseAddress, rest.count)
      if count >= 0 {
        done += count
        continue
      }
      let code = errno
      switch code {
      case EINTR: continue
      case EAGAIN:
        // Another process has made the shared file non-blocking; wait for room.
        var request = pollfd(fd: file, events: Int16(POLLOUT), revents: 0)
        _ = poll(&request, 1, -1)
      default: return code
      }
    }
    return nil
  }
}
