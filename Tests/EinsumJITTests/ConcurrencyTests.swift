import CEinsumRuntime
import EinsumJIT
import Foundation
import Synchronization
import Testing

@Suite("Compiling while others do")
struct ConcurrencyTests {
  @Test func `a thousand kernels from eight threads, called meanwhile`() {
    let wrong = Mutex<[String]>([])
    onThreads(8) { thread in
      var kernels: [(code: LoadedCode, factor: Int, addend: Int)] = []
      for number in 0..<125 {
        let factor = 8 * number + thread
        let addend = 7 * thread - number
        do throws(LoadError) {
          let code = try TinyCC.compile(linearSource(factor: factor, addend: addend), entry: "kernel")
          kernels.append((code, factor, addend))
        } catch {
          wrong.withLock { $0.append(error.description) }
        }
        for kernel in kernels where kernel.code.call(3) != Int32(3 * kernel.factor + kernel.addend) {
          wrong.withLock { $0.append("kernel \(kernel.factor) \(kernel.addend)") }
        }
      }
    }
    #expect(wrong.withLock { $0 } == [])
  }

  @Test func `a fork during compiles leaves a child that can compile`() async {
    await #expect(processExitsWith: .success) {
      let stop = Flag()
      let compilers = Thread {
        onThreads(4) { thread in
          while !stop.isSet {
            _ = try? TinyCC.compile(linearSource(factor: thread, addend: 1), entry: "kernel")
          }
        }
      }
      compilers.start()
      let job = CompileJob(linearSource(factor: 6, addend: 7), entry: "kernel")
      for _ in 0..<40 {
        let child = Libc.fork()
        if child == 0 { job.runAndExit() }
        #expect(exitStatus(of: child, afterAtMost: 600) == 0)
      }
      stop.set()
    }
  }
}

/// A flag that threads share.
private final class Flag: Sendable {
  private let value = Atomic(false)
  var isSet: Bool { value.load(ordering: .relaxed) }
  func set() { value.store(true, ordering: .relaxed) }
}

/// A compile that is prepared before a fork, since the child of a process with threads may run C only.
private struct CompileJob {
  let request: es_tcc_request

  init(_ source: String, entry: String) {
    request = es_tcc_request(
      source: strdup(source), entry: strdup(entry), symbols: nil, symbol_count: 0, options: nil)
  }

  /// Compiles, and ends the process with 0 if that went well.
  func runAndExit() -> Never {
    var request = request
    var code = es_code()
    var message: CChar = 0
    _exit(es_tcc_compile(&request, &code, &message, 1) ? 0 : 1)
  }
}

/// How a child process ended; nil, and the child is killed, if it did not within so many seconds.
///
/// The parent keeps the time because the child cannot: it inherits a thread on which all signals are
/// blocked.
private func exitStatus(of child: pid_t, afterAtMost seconds: Int) -> Int32? {
  var status: Int32 = -1
  for _ in 0..<(1000 * seconds) {
    if waitpid(child, &status, WNOHANG) == child { return status }
    usleep(1000)
  }
  kill(child, SIGKILL)
  waitpid(child, &status, 0)
  return nil
}
