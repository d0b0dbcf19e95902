import CEinsumRuntime
import EinsumJIT
import Foundation
import Testing

@Suite("Thread pool", .serialized)
struct PoolTests {
  /// Each thread writes its number, waits for the others, and adds what its neighbour wrote.
  private static func ring() throws -> LoadedCode {
    let barrier: @convention(c) (UnsafeMutableRawPointer?) -> Void = es_barrier
    return try TinyCC.compile(
      """
      void es_barrier(void *team);
      void ring(const void *const *operand, void *output, void *workspace, long thread, long threads, void *team)
      {
          long *const numbers = workspace, *const sums = output;
          for (long round = 0; round < 20; round++) {
              numbers[thread] = thread + round;
              es_barrier(team);
              sums[thread] = numbers[thread] + numbers[(thread + 1) % threads];
              es_barrier(team);
          }
          sums[64] = threads;
      }
      """, entry: "ring", symbols: [("es_barrier", unsafeBitCast(barrier, to: UnsafeRawPointer.self))])
  }

  /// Runs the ring on so many threads and returns what is wrong with its sums.
  private static func fault(_ code: LoadedCode, threads: Int) -> String? {
    var numbers = [Int](repeating: -1, count: 65)
    var sums = numbers
    withUnsafePointer(to: Optional<UnsafeRawPointer>.none) { none in
      es_team_run(code.entry, none, &sums, &numbers, threads)
    }
    let used = sums[64]
    if used < 1 || used > threads { return "\(used) of \(threads) threads" }
    for thread in 0..<used where sums[thread] != thread + (thread + 1) % used + 38 {
      return "thread \(thread) of \(used) has \(sums[thread])"
    }
    return nil
  }

  @Test(arguments: [1, 2, 3, 7, 40]) func `threads wait for each other`(_ threads: Int) throws {
    let code = try Self.ring()
    for _ in 0..<50 { #expect(Self.fault(code, threads: threads) == nil) }
  }

  @Test func `callers at the same time`() throws {
    let code = try Self.ring()
    onThreads(4) { number in
      for round in 0..<100 { #expect(Self.fault(code, threads: 1 + (number + round) % 4) == nil) }
    }
  }

  @Test func `a child process has threads of its own`() throws {
    let code = try Self.ring()
    #expect(Self.fault(code, threads: 3) == nil)
    let child = Libc.fork()
    if child == 0 { _exit(Self.fault(code, threads: 3) == nil ? 0 : 1) }
    var status: Int32 = 0
    #expect(waitpid(child, &status, 0) == child)
    #expect(status == 0)
    #expect(Self.fault(code, threads: 3) == nil)
  }

  @Test func `threads take over the rounding mode`() throws {
    let code = try TinyCC.compile(
      """
      void third(const void *const *operand, void *output, void *workspace, long thread, long threads, void *team)
      {
          const double *const x = workspace;
          ((double *)output)[thread] = x[0] / x[1];
      }
      """, entry: "third")
    var quotients = [Double](repeating: 0, count: 3)
    var numbers = [1.0, 3.0]
    let mode = fegetround()
    fesetround(FE_UPWARD)
    withUnsafePointer(to: Optional<UnsafeRawPointer>.none) { none in
      es_team_run(code.entry, none, &quotients, &numbers, 3)
    }
    fesetround(mode)
    #expect(quotients.allSatisfy { $0 == 0 || $0 == (1.0 / 3).nextUp })
  }
}
