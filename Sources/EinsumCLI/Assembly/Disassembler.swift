import Einsum
import EinsumFiles
import EinsumSyntax
import Glibc

/// Shows the machine code of a kernel: its driver, and the functions of the kernel library that it calls.
enum Disassembler {
  /// The driver first, then each function once, in the order of the calls.
  ///
  /// - Throws: `Failure` if objdump is missing or fails.
  static func disassemblies(of kernel: Kernel) throws -> [Disassembly] {
    let calls = calls(in: kernel.cSource)
    var seen = Set<String>()
    let runtime = ["es_barrier", "es_stream_end"]
    let functions = calls.filter {
      $0.hasPrefix("es_") && !runtime.contains($0) && seen.insert($0).inserted
    }
    guard let program = executablePath else {
      throw Failure(message: "the path of this program is not known")
    }
    return try [driver(kernel, calls)]
      + functions.map { symbol in
        let listing = try objdump(["--disassemble=\(symbol)", "--no-show-raw-insn", program])
        return Disassembly(symbol: symbol, listing: listing)
      }
  }

  private static func driver(_ kernel: Kernel, _ calls: [String]) throws -> Disassembly {
    let code = kernel.machineCode
    let path = try temporaryFile(holding: code)
    defer { unlink(path) }
    let listing = try objdump(["-D", "-b", "binary", "-m", architecture, "--no-show-raw-insn", path])
    // Behind the function stand stubs and constants.
    let lines = listing.split(separator: "\n")
    let end = lines.firstIndex { $0.contains("\tret") } ?? lines.endIndex
    return Disassembly(
      symbol: Compilation.entryName, listing: lines.prefix(end + 1).joined(separator: "\n"), calls: calls)
  }

  /// The functions that a driver calls, in the order of its text, which is that of its machine code.
  private static func calls(in source: String) -> [String] {
    source.split(separator: "\n").compactMap { line in
      let text = line.drop { $0 == " " }
      guard text.hasPrefix("es_"), text.hasSuffix(";"), let end = text.firstIndex(of: "(") else { return nil }
      return String(text[..<end])
    }
  }

  #if arch(x86_64)
    private static let architecture = "i386:x86-64"
    private static let syntax = ["-M", "intel"]
  #else
    private static let architecture = "aarch64"
    private static let syntax: [String] = []
  #endif

  private static func objdump(_ arguments: [String]) throws -> String {
    guard let path = SearchPath.find("objdump") else {
      throw Failure(message: "objdump is not on the search path; it is part of the package binutils")
    }
    let (output, status) = try Subprocess.run(path, syntax + arguments)
    guard status == 0 else { throw Failure(message: "objdump failed with status \(status)") }
    return output
  }

  private static var executablePath: String? {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    return count > 0 ? text(buffer[..<count]) : nil
  }

  private static func text(_ characters: some Sequence<CChar>) -> String {
    String(decoding: characters.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private static func temporaryFile(holding bytes: [UInt8]) throws -> String {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(folder)/einsumc-XXXXXX".utf8CString)
    let file = mkstemp(&template)
    let path = text(template.dropLast())
    guard file >= 0 else {
      throw Failure(message: "no file can be created in '\(folder)': \(SystemMessage.text(errno))")
    }
    defer { close(file) }
    guard write(file, bytes, bytes.count) == bytes.count else {
      unlink(path)
      throw Failure(message: "'\(path)' cannot be written: \(SystemMessage.text(errno))")
    }
    return path
  }
}
