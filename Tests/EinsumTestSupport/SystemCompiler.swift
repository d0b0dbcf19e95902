internal import Foundation

/// Compiles C text with gcc for tests, into a shared library that is loaded into this process.
///
/// It is the second opinion on emitted C: what gcc makes of the text must agree with what tcc and the
/// oracle say.
package enum SystemCompiler {
  /// What went wrong, with the compiler's own messages.
  package struct Failure: Error, CustomStringConvertible {
    package let description: String
  }

  /// Compiles `source` and loads the result.
  ///
  /// `arguments` come after those that make a shared library, for example `["-std=c99", "-pedantic",
  /// "-Werror"]`. The files lie in a private folder and are gone when this returns.
  package static func load(_ source: String, _ arguments: [String] = ["-O1"]) throws -> LoadedLibrary {
    let folder = try makePrivateFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let input = folder.appendingPathComponent("kernel.c")
    let library = folder.appendingPathComponent("kernel.so")
    let messages = folder.appendingPathComponent("messages.txt")
    try Data(source.utf8).write(to: input)
    try Data().write(to: messages)

    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gcc", "-shared", "-fPIC"] + arguments + ["-o", library.path, input.path, "-lm"]
    // English messages in plain letters, which tests can look for.
    process.environment = ProcessInfo.processInfo.environment.merging(["LC_ALL": "C"]) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardError = try FileHandle(forWritingTo: messages)
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(description: try String(decoding: Data(contentsOf: messages), as: UTF8.self))
    }
    guard let handle = dlopen(library.path, RTLD_NOW | RTLD_LOCAL) else {
      throw Failure(description: lastLoaderError)
    }
    return LoadedLibrary(handle: handle)
  }

  private static func makePrivateFolder() throws -> URL {
    var template = Array((NSTemporaryDirectory() + "/einsumc-test-XXXXXX").utf8CString)
    guard let path = mkdtemp(&template) else { throw Failure(description: "no temporary folder") }
    return URL(fileURLWithPath: String(cString: path), isDirectory: true)
  }

  fileprivate static var lastLoaderError: String {
    dlerror().map { String(cString: $0) } ?? "unknown loader error"
  }
}

/// A loaded shared library; it stays loaded as long as this object lives.
package final class LoadedLibrary: @unchecked Sendable {
  private let handle: UnsafeMutableRawPointer

  fileprivate init(handle: UnsafeMutableRawPointer) {
    self.handle = handle
  }

  /// The address of a function or variable that the library exports.
  package func address(of name: String) throws -> UnsafeMutableRawPointer {
    guard let address = dlsym(handle, name) else {
      throw SystemCompiler.Failure(description: SystemCompiler.lastLoaderError)
    }
    return address
  }

  /// An exported function, as a C function type that must be the one it is defined with.
  package func function<Function>(_ name: String, as type: Function.Type = Function.self) throws -> Function {
    unsafeBitCast(try address(of: name), to: type)
  }

  deinit {
    dlclose(handle)
  }
}
