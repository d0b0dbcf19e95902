import Glibc

/// Measures elapsed time with the system's monotonic clock.
struct Stopwatch {
  private let start = Stopwatch.now()

  /// Seconds since this stopwatch was made.
  var seconds: Double { Double(Stopwatch.now() - start) * 1e-9 }

  /// Milliseconds since this stopwatch was made.
  var milliseconds: Double { seconds * 1e3 }

  private static func now() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
