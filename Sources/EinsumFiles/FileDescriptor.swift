import Glibc

/// An open file, closed when its owner goes away.
///
/// All system calls of this target are here and in ``OutputFile``: calls that a signal interrupts are
/// repeated, and partial reads and writes are continued.
struct FileDescriptor: ~Copyable, Sendable {
  private let number: Int32

  private init(owning number: Int32) { self.number = number }

  deinit { _ = Glibc.close(number) }

  /// Opens a file that exists, for reading.
  ///
  /// Never waits: a FIFO without a writer opens at once, so that the caller can look at ``status()`` and
  /// refuse it.
  static func forReading(_ path: String) throws(FileProblem) -> FileDescriptor {
    let number = try open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY)
    if number < 0 { throw FileProblem.system(-number) }
    return FileDescriptor(owning: number)
  }

  /// Opens something that exists and is not to be replaced, such as a device or a FIFO, for writing. A FIFO
  /// waits for its reader.
  static func forWriting(_ path: String) throws(FileProblem) -> FileDescriptor {
    let number = try open(path, O_WRONLY | O_NOCTTY)
    if number < 0 { throw FileProblem.system(-number) }
    return FileDescriptor(owning: number)
  }

  /// A second descriptor of a file that the process has open.
  static func duplicating(_ number: Int32) throws(FileProblem) -> FileDescriptor {
    let copy = fcntl(number, F_DUPFD_CLOEXEC, 0)
    if copy < 0 { throw FileProblem.system(errno) }
    return FileDescriptor(owning: copy)
  }

  /// Creates a file for writing with the process's default permissions, or returns nil if the name is taken.
  static func creating(_ path: String) throws(FileProblem) -> FileDescriptor? {
    let number = try open(path, O_WRONLY | O_CREAT | O_EXCL)
    if number == -EEXIST { return nil }
    if number < 0 { throw FileProblem.system(-number, "no file can be created in its folder") }
    return FileDescriptor(owning: number)
  }

  /// The number of a newly opened file, or the negated `errno`.
  private static func open(_ path: String, _ flags: Int32) throws(FileProblem) -> Int32 {
    // The system would see only the part before the NUL, which is another file.
    if path.utf8.contains(0) { throw FileProblem.access("the path contains a NUL character") }
    while true {
      let number = Glibc.open(path, flags | O_CLOEXEC, 0o666)
      if number >= 0 { return number }
      let code = errno
      if code != EINTR { return -code }
    }
  }

  /// What kind of file this is, and how long.
  func status() throws(FileProblem) -> FileStatus {
    var status = stat()
    if fstat(number, &status) != 0 { throw FileProblem.system(errno) }
    return FileStatus(status)
  }

  /// Gives the file the permission bits of the file it is going to replace.
  func setPermissions(_ bits: UInt32) throws(FileProblem) {
    if fchmod(number, mode_t(bits)) != 0 { throw FileProblem.system(errno, "its permissions cannot be set") }
  }

  /// Fills a buffer with the bytes from `offset` on; a file that ends too early is a problem.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileProblem) {
    var done = 0
    while done < buffer.count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[done...])
      let count = pread(
        number, rest.baseAddress, min(rest.count, FileDescriptor.mostAtOnce), off_t(offset + done))
      if count < 0 {
        let code = errno
        if code == EINTR { continue }
        throw FileProblem.system(code)
      }
      if count == 0 {
        throw FileProblem.content(
          "the file became shorter while it was read; \(buffer.count - done) bytes are missing")
      }
      done += count
    }
  }

  /// Writes all bytes at the current place.
  func write(_ bytes: UnsafeRawBufferPointer) throws(FileProblem) {
    var done = 0
    while done < bytes.count {
      let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
      let count = Glibc.write(number, rest.baseAddress, min(rest.count, FileDescriptor.mostAtOnce))
      if count < 0 {
        let code = errno
        if code == EINTR { continue }
        if code == EAGAIN {
          waitUntilWritable()
          continue
        }
        throw FileProblem.system(code)
      }
      done += count
    }
  }

  /// Waits for room. Only standard output can need this, if another process has made it non-blocking.
  private func waitUntilWritable() {
    var request = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
    _ = poll(&request, 1, -1)
  }

  /// Closes the file and says whether all that was written has arrived, which some file systems know only
  /// now.
  consuming func close() throws(FileProblem) {
    let number = self.number
    discard self
    if Glibc.close(number) != 0, errno != EINTR { throw FileProblem.system(errno) }
  }

  /// One call moves at most this many bytes; Linux caps a call slightly below 2 GiB anyway.
  private static let mostAtOnce = 1 << 30
}
