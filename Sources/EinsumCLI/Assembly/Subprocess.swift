import EinsumFiles
import Glibc

/// Runs other programs.
enum Subprocess {
  /// Runs a program and collects its standard output; its errors go where ours go, and its environment
  /// is empty.
  ///
  /// - Returns: the output, and the exit status or 128 plus the number of the signal that ended it.
  /// - Throws: `Failure` if it cannot be started.
  static func run(_ path: String, _ arguments: [String]) throws(Failure) -> (output: String, status: Int32) {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw Failure(message: "no pipe: \(SystemMessage.text(errno))") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    var strings = ([path] + arguments).map { strdup($0) } + [nil]
    defer { for string in strings { free(string) } }
    var child = pid_t()
    let code = posix_spawn(&child, path, &actions, nil, &strings, nil)
    close(ends[1])
    defer { close(ends[0]) }
    if code != 0 { throw Failure(message: "'\(path)' cannot be started: \(SystemMessage.text(code))") }
    let output = readAll(ends[0])
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 && errno == EINTR {}
    let signal = status & 0x7f
    return (String(decoding: output, as: UTF8.self), signal == 0 ? status >> 8 & 0xff : 128 + signal)
  }

  private static func readAll(_ file: Int32) -> [UInt8] {
    var output: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(file, &buffer, buffer.count)
      if count > 0 { output += buffer[..<count] }
      if count == 0 || (count < 0 && errno != EINTR) { return output }
    }
  }
}

/// Where programs are looked for.
enum SearchPath {
  /// The first program of a name in the folders of `$PATH`.
  static func find(_ name: String) -> String? {
    let folders = getenv("PATH").map { String(cString: $0) }?.split(separator: ":") ?? []
    return folders.lazy.map { "\($0)/\(name)" }.first { $0.hasPrefix("/") && access($0, X_OK) == 0 }
  }
}
