import ArgumentParser
import EinsumSyntax

/// How kernels are compiled.
enum Tier: String, CaseIterable, ExpressibleByArgument {
  case auto, tcc, cc
}

/// The options that `run` and `bench` share.
struct ExecutionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Use at most this many threads; by default one for each CPU.",
      discussion: "Work of less than some 20 microseconds stays on one. Results do not depend on it.",
      valueName: "n"))
  var threads: Int?

  @Option(
    help: ArgumentHelp(
      "The compiler behind the kernel: auto, tcc or cc.",
      discussion: "'auto' takes the best that is there, which is libtcc; this version has no cc tier.",
      valueName: "tier"))
  var tier = Tier.auto

  /// Checks the options against what this version can do.
  ///
  /// - Throws: `EinsumError` [invalid-argument].
  func check() throws(EinsumError) {
    try Self.check(threads: threads)
    switch tier {
    case .auto, .tcc: break
    case .cc:
      throw EinsumError(
        .invalidArgument(what: "--tier", why: "this build has no cc tier; 'auto' and 'tcc' are there"))
    }
  }

  /// Checks `--threads`, if it is given.
  ///
  /// - Throws: `EinsumError` [invalid-argument].
  static func check(threads: Int?) throws(EinsumError) {
    guard let threads, threads < 1 else { return }
    throw EinsumError(.invalidArgument(what: "--threads", why: "\(threads) is not a number of threads"))
  }

  /// What a kernel really is compiled by, whatever was allowed.
  static let usedTier = Tier.tcc
}
