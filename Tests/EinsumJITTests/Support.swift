import CEinsumRuntime
import EinsumJIT
import Foundation
import Synchronization

/// Text whose function multiplies the first 32-bit integer of operand 0 and adds a constant.
func linearSource(factor: Int, addend: Int, name: String = "kernel") -> String {
  """
  void \(name)(const void *const *operands, void *output, void *workspace)
  {
      const int *a = operands[0];
      int *out = output;
      out[0] = \(factor) * a[0] + \(addend);
  }
  """
}

extension LoadedCode {
  /// Calls the code with one 32-bit operand and returns its 32-bit output.
  func call(_ operand: Int32) -> Int32 {
    var result: Int32 = 0
    withUnsafePointer(to: operand) { operand in
      withUnsafePointer(to: Optional(UnsafeRawPointer(operand))) { operands in
        withExtendedLifetime(self) { entry(operands, &result, nil, 0, 1, nil) }
      }
    }
    return result
  }
}

/// Runs `body(0)`, ..., `body(count - 1)` on as many threads at once and waits for all of them.
func onThreads(_ count: Int, stackBytes: Int = 8 << 20, _ body: @escaping @Sendable (Int) -> Void) {
  let done = DispatchGroup()
  for number in 0..<count {
    done.enter()
    let thread = Thread {
      body(number)
      done.leave()
    }
    thread.stackSize = stackBytes
    thread.start()
  }
  done.wait()
}

/// The permissions and sizes of this process's mappings that hold code without a file, or in a kernel's
/// memory file.
func generatedCodeMappings() throws -> (count: Int, bytes: Int, permissions: Set<Substring>) {
  var count = 0
  var bytes = 0
  var permissions: Set<Substring> = []
  for line in try contents(ofKernelFile: "/proc/self/maps").split(separator: "\n") {
    let fields = line.split(separator: " ")
    permissions.insert(fields[1])
    let isAnonymous = fields.count == 5 || fields[5].hasPrefix("/memfd:einsumc")
    guard isAnonymous, fields[1].contains("x") else { continue }
    let bounds = fields[0].split(separator: "-").map { Int($0, radix: 16)! }
    count += 1
    bytes += bounds[1] - bounds[0]
  }
  return (count, bytes, permissions)
}

/// A file in /proc, read to its end: such files claim to be empty and come in pieces.
func contents(ofKernelFile path: String) throws -> String {
  let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
  return String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
}

/// C library functions that Swift does not import: `fork` on purpose, `prctl` because it is variadic.
enum Libc {
  static let fork = load("fork", as: (@convention(c) () -> pid_t).self)
  static let prctl = load("prctl", as: (@convention(c) (Int32, UInt, UInt, UInt, UInt) -> Int32).self)

  private static func load<Function>(_ name: String, as type: Function.Type) -> Function {
    unsafeBitCast(dlsym(nil, name)!, to: type)
  }
}
