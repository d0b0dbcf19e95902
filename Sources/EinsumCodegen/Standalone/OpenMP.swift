/// The words of OpenMP that standalone files use.
enum OpenMP {
  /// Begins a block that all threads run.
  static let region = "#pragma omp parallel"
  /// Divides the loop behind it among the threads; all wait for each other at its end.
  static let loop = "#pragma omp for"
  /// The same where other blocks of the loop follow, at the end of which the threads wait.
  static let loopWithRest = "#pragma omp for nowait"
  /// Has the block behind it run by the first thread that comes; all wait for each other at its end.
  static let single = "#pragma omp single"

  /// Begins a block for which there is memory for so many threads.
  static func region(atMost threads: Int) -> String {
    "\(region) num_threads(omp_get_max_threads() < \(threads) ? omp_get_max_threads() : \(threads))"
  }

  /// Begins a region of one loop.
  static func withLoop(_ region: String) -> String {
    region.replacing(Self.region, with: Self.region + " for")
  }

  /// The function that gives a thread's number, in the text of drivers.
  static let threadNumber = "es_thread"

  /// Its definition under a name of the file's own; it goes with `headers`.
  static func threadNumberFunction(_ name: String) -> String {
    var text = CText()
    text.function("The number of the thread in its team.", "static inline long \(name)(void)") { text in
      text.line("#ifdef _OPENMP\nreturn omp_get_thread_num();\n#else\nreturn 0;\n#endif")
    }
    return text.text
  }

  static let headers = "#ifdef _OPENMP\n#include <omp.h>\n#endif\n"

  /// A line that only compilers with OpenMP see.
  static func guarded(_ line: String) -> String { "#ifdef _OPENMP\n\(line)\n#endif" }
}
