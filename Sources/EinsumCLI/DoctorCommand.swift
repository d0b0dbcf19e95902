import ArgumentParser
import CEinsumRuntime
import Einsum
import EinsumIR
import EinsumJIT
import EinsumSyntax
import Glibc

/// `einsumc doctor`: tells what this machine offers, and whether kernels work on it.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Show what this machine offers, and check that kernels work on it.",
    discussion: """
      Exits with 0 if the self-check passes. The environment variable EINSUM_ISA chooses an instruction set below the \
      best: baseline, avx2 or avx512. The cache folder is $EINSUM_CACHE_DIR, else $XDG_CACHE_HOME/einsumc, else \
      ~/.cache/einsumc.

      With --limits it measures instead what bounds any kernel on this machine: multiply-adds on registers alone, the \
      bandwidth of memory, and the library's register tiles on packed panels. Arrays have four times the size of the \
      last cache. The explanations of 'einsumc explain --measure' are made with the same figures.

      Examples:
        einsumc doctor
        EINSUM_ISA=avx2 einsumc doctor
        einsumc doctor --limits --threads 1 --json
      """)

  @Flag(help: "Measure the limits of this machine, in a few seconds.")
  var limits = false

  @Flag(help: "Print one JSON object; only with --limits.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "Measure with this many threads; as many as there are CPUs by default.", valueName: "n"))
  var threads: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Measure each limit for this many seconds, at most 60.", valueName: "s"))
  var minTime: Double?

  func run() throws {
    if limits { return try measure() }
    for (option, isGiven) in [
      ("--json", json), ("--threads", threads != nil), ("--min-time", minTime != nil),
    ]
    where isGiven {
      throw EinsumError(.invalidArgument(what: option, why: "it is only for --limits"))
    }
    try checkHealth()
  }

  private func measure() throws {
    let seconds = minTime ?? 0.2
    guard (0...60).contains(seconds) else {
      throw EinsumError(
        .invalidArgument(what: "--min-time", why: "\(seconds) is not between 0 and 60 seconds"))
    }
    let host = try Machine.host()
    let threads = threads ?? host.threads
    guard (1...256).contains(threads) else {
      throw EinsumError(.invalidArgument(what: "--threads", why: "\(threads) is not between 1 and 256"))
    }
    let limits = try Limits.measured(on: host.with(threads: threads), seconds: seconds)
    try StandardOutput.write(json ? JSON.text(limits) : Table.text(Self.rows(limits)))
  }

  private func checkHealth() throws {
    let machine = try Machine.host()
    let problems = SelfCheck.run()
    let summary =
      problems.isEmpty
      ? "\(SelfCheck.cases.count) einsums agree with plain loops"
      : "\(problems.count) of \(SelfCheck.cases.count) einsums failed"
    try StandardOutput.write(Table.text(Self.rows(machine) + [("self-check", summary)]))
    for problem in problems { StandardError.write("note: \(problem)") }
    if !problems.isEmpty { throw Failure(message: "kernels do not work on this machine") }
  }

  private static func rows(_ machine: Machine) -> [(name: String, value: String)] {
    let cpu = es_cpu()
    return [
      ("einsumc", Einsum.version),
      ("cpu", String(cString: cpu.model)),
      ("features", String(cString: cpu.features)),
      ("cores", "\(cpu.core_count); large kernels use them all, unless --threads says less"),
      ("isa", instructionSet(machine)),
      (
        "caches",
        zip(["L1", "L2", "L3"], [machine.l1, machine.l2, machine.l3])
          .map { "\($0) \(Quantity.bytes(Double($1)))" }.joined(separator: ", ")
      ),
      ("tcc tier", tinyCC),
      ("cc tier", "not part of this version"),
      ("compiler", systemCompiler),
      ("cache folder", cacheFolder),
    ]
  }

  private static func instructionSet(_ machine: Machine) -> String {
    let available = Machine.available.map(\.rawValue).joined(separator: ", ")
    let isForced = getenv("EINSUM_ISA").map { $0.pointee != 0 } ?? false
    let why = isForced ? "chosen by EINSUM_ISA" : "the best of this CPU; EINSUM_ISA chooses another"
    return "\(machine.isa.rawValue), \(why); available: \(available)"
  }

  private static var tinyCC: String {
    guard let version = TinyCC.version else { return "not working: generated code cannot be run here" }
    if TinyCC.isContained { return "libtcc \(version), contained" }
    return "libtcc \(version), the distribution's: running out of memory while compiling ends the process"
  }

  /// The first of gcc and clang on the search path.
  private static var systemCompiler: String {
    let found = ["gcc", "clang"].lazy.compactMap(SearchPath.find).first
    return (found ?? "none found") + "; not needed by the tcc tier"
  }

  /// The folder for compiled kernels: `$EINSUM_CACHE_DIR`, else `$XDG_CACHE_HOME/einsumc`, else `~/.cache/einsumc`.
  private static var cacheFolder: String {
    let folder =
      environment("EINSUM_CACHE_DIR")
      ?? environment("XDG_CACHE_HOME").map { $0 + "/einsumc" }
      ?? environment("HOME").map { $0 + "/.cache/einsumc" }
    return (folder ?? "none") + "; not used by the tcc tier, which keeps kernels in memory"
  }

  /// An environment variable that is set and not empty.
  private static func environment(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }
}
