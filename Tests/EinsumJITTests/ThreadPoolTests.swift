import CEinsumRuntime
import EinsumJIT
import Foundation
import Testing

/// Each test has a process of its own, where nobody else takes the pool.
@Suite("Thread pool")
struct ThreadPoolTests {
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

  /// Runs the ring on so many threads; what is wrong with its sums, and how many threads there were.
  private static func run(_ ring: LoadedCode, threads: Int) -> (fault: String?, used: Int) {
    var numbers = [Int](repeating: -1, count: 65)
    var sums = numbers
    withUnsafePointer(to: Optional<UnsafeRawPointer>.none) { none in
      es_team_run(ring.entry, none, &sums, &numbers, threads)
    }
    let used = sums[64]
    if used < 1 || used > threads { return ("\(used) of \(threads) threads", used) }
    for thread in 0..<used where sums[thread] != thread + (thread + 1) % used + 38 {
      return ("thread \(thread) of \(used) has \(sums[thread])", used)
    }
    return (nil, used)
  }

  /// What is wrong when nobody else has the pool: then all threads take part.
  private static func faultAlone(_ ring: LoadedCode, threads: Int) -> String? {
    let (fault, used) = run(ring, threads: threads)
    return fault ?? (used == threads ? nil : "\(used) of \(threads) threads")
  }

  @Test func `threads wait for each other`() async {
    await #expect(processExitsWith: .success) {
      let ring = try Self.ring()
      // Fewer and more than there are CPUs, in any order: those that a job does not need wait for a later one.
      for threads in [1, 2, 40, 3, 7, 2, 40] {
        for _ in 0..<50 { #expect(Self.faultAlone(ring, threads: threads) == nil) }
      }
    }
  }

  @Test func `callers at the same time`() async {
    await #expect(processExitsWith: .success) {
      let ring = try Self.ring()
      onThreads(4) { number in
        for round in 0..<100 { #expect(Self.run(ring, threads: 1 + (number + round) % 4).fault == nil) }
      }
    }
  }

  @Test func `a child process has threads of its own`() async {
    await #expect(processExitsWith: .success) {
      let ring = try Self.ring()
      #expect(Self.faultAlone(ring, threads: 3) == nil)
      let child = Libc.fork()
      if child == 0 { _exit(Self.faultAlone(ring, threads: 3) == nil ? 0 : 1) }
      var status: Int32 = 0
      #expect(waitpid(child, &status, 0) == child)
      #expect(status == 0)
      #expect(Self.faultAlone(ring, threads: 3) == nil)
    }
  }

  @Test func `threads take over the rounding mode`() async {
    await #expect(processExitsWith: .success) {
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
      #expect(quotients == [Double](repeating: (1.0 / 3).nextUp, count: 3))
    }
  }
}
