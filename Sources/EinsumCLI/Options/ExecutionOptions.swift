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
      "Use at most this many threads.",
      discussion: "An upper bound only: this version runs every kernel on one thread.", valueName: "n"))
  var threads = 1

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
    if threads < 1 {
      throw EinsumError(.invalidArgument(what: "--threads", why: "\(threads) is not a number of threads"))
    }
    switch tier {
    case .auto, .tcc: break
    case .cc:
      throw EinsumError(
        .invalidArgument(what: "--tier", why: "this build has no cc tier; 'auto' and 'tcc' are there"))
    }
  }

  /// What a kernel really runs with, whatever was allowed.
  static let usedThreads = 1
  static let usedTier = Tier.tcc
}
