import CEinsumRuntime
import EinsumJIT
import Foundation
import Testing

/// What the process may look like from outside while code is compiled; each test has a process of its own.
@Suite("Memory, permissions and stacks")
struct HostTests {
  @Test func `freed code leaves nothing behind`() async {
    await #expect(processExitsWith: .success) {
      _ = try TinyCC.compile(linearSource(factor: 0, addend: 0), entry: "kernel")
      let before = try generatedCodeMappings()
      var kernels = try (0..<1000).map {
        try TinyCC.compile(linearSource(factor: $0, addend: 1), entry: "kernel")
      }
      let during = try generatedCodeMappings()
      let growth = during.bytes - before.bytes
      #expect(
        growth == 1000 * sysconf(Int32(_SC_PAGESIZE)), "one page each, since each is smaller; not \(growth)")
      #expect(kernels.enumerated().allSatisfy { $1.call(2) == Int32(2 * $0 + 1) })
      kernels.removeAll()
      let after = try generatedCodeMappings()
      #expect(after.count == before.count)
      #expect(after.bytes == before.bytes)
    }
  }

  @Test func `compiling again and again takes no memory`() async {
    await #expect(processExitsWith: .success) {
      func compile(_ count: Int) throws -> Int {
        for number in 0..<count {
          _ = try TinyCC.compile(linearSource(factor: number, addend: 1), entry: "kernel")
        }
        return try residentPages()
      }
      let before = try compile(500)
      let after = try compile(3000)
      #expect(after - before < 100, "pages of resident memory: \(before), later \(after)")
    }
  }

  @Test func `no mapping is writable and executable at once`() async {
    await #expect(processExitsWith: .success) {
      let code = try TinyCC.compile(linearSource(factor: 5, addend: 5), entry: "kernel")
      let permissions = try generatedCodeMappings().permissions
      #expect(permissions.contains("r-xp"))
      #expect(!permissions.contains { $0.contains("w") && $0.contains("x") })
      #expect(code.call(1) == 10)
    }
  }

  /// Only the prepared archive can do it: libtcc's own code makes the pages writable and executable.
  @Test(.enabled("the kernel lacks PR_SET_MDWE") { Libc.prctl(PrctlOption.getMDWE, 0, 0, 0, 0) >= 0 })
  func `a host that refuses to make written pages executable`() async {
    await #expect(processExitsWith: .success) {
      #expect(Libc.prctl(PrctlOption.setMDWE, 1, 0, 0, 0) == 0)
      guard TinyCC.isContained else {
        let error = #expect(throws: LoadError.self) {
          try TinyCC.compile(linearSource(factor: 3, addend: 1), entry: "kernel")
        }
        #expect(try #require(error).message.contains("forbids writable code"))
        return
      }
      let before = try generatedCodeMappings()
      var kernels = try (0..<100).map {
        try TinyCC.compile(linearSource(factor: $0, addend: 1), entry: "kernel")
      }
      #expect(kernels.enumerated().allSatisfy { $1.call(7) == Int32(7 * $0 + 1) })
      kernels.removeAll()
      #expect(try generatedCodeMappings().count == before.count)
    }
  }

  @Test func `deep nesting on a small stack is compiled or rejected`() async {
    await #expect(processExitsWith: .success) {
      let nestings = [
        ("(", ")"), ("- ", ""), ("!", ""), ("(int)", ""), ("x ? ", " : x"), ("x[", "]"), ("({", ";})"),
        ("f(", ")"), ("sizeof ", ""), ("*", ""), ("sizeof(enum{a=", "})"),
      ]
      for (opening, closing) in nestings {
        for depth in [10, 200, 5000, 20_000] {
          let expression =
            String(repeating: opening, count: depth) + "x" + String(repeating: closing, count: depth)
          onThreads(1, stackBytes: 512 << 10) { _ in
            do throws(LoadError) {
              _ = try TinyCC.compile("int f(int x) { return \(expression); }", entry: "f")
            } catch {
              #expect(!error.message.isEmpty)
            }
          }
        }
      }
    }
  }
}

/// Options of prctl that are newer than the C library's headers.
private enum PrctlOption {
  static let setMDWE: Int32 = 65
  static let getMDWE: Int32 = 66
}

private func residentPages() throws -> Int {
  let fields = try contents(ofKernelFile: "/proc/self/statm").split(separator: " ")
  return Int(fields[1])!
}
