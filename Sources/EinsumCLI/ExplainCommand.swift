import ArgumentParser
import Einsum
import EinsumIR
import EinsumReport
import EinsumSyntax

/// `einsumc explain`: says what the compiler makes of an einsum and why, or shows it stage by stage.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Say what the compiler makes of an einsum, what it costs and why.",
    discussion: """
      Compiles for this machine. Times are predicted from assumed limits of a machine of this kind; with --measure the \
      limits are measured, and the kernel's calls too, on random operands. Nothing else runs a kernel.

      Examples:
        einsumc explain 'ij,jk->ik' --shapes 32x64,64x48
        einsumc explain 'bij,jk->bik' --sizes b=8,i=32,j=64,k=48 --stage plan
        einsumc explain '...i,i' --shapes 2x3x4,4 --dtype f32,i8 --json
        einsumc explain 'bij,bjk->bik' --shapes 9x64x64,9x64x64 --measure --html page.html
      """)

  /// What `--stage` takes.
  enum Selection: String, CaseIterable, ExpressibleByArgument {
    case equation, contraction, plan, loops, c, all

    /// The stages to show, in order.
    var stages: [Stage] { self == .all ? Stage.allCases : Stage.allCases.filter { $0.rawValue == rawValue } }
  }

  @OptionGroup var problem: ProblemOptions

  @OptionGroup var conjugation: ConjugateOption

  @Option(help: ArgumentHelp("Show the compiler's own text of this stage instead.", valueName: "stage"))
  var stage: Selection?

  @Flag(help: "Print one JSON object: the explanation, and the stages' texts by name.")
  var json = false

  @Flag(
    help: "Show the inner loops of the machine code, too: the driver's, and of each kernel that it calls.")
  var asm = false

  @Option(
    help: ArgumentHelp("Write a page for browsers to this file, and print nothing else.", valueName: "file"))
  var html: String?

  @Flag(help: "Measure the machine's limits and the kernel's calls; takes a few seconds.")
  var measure = false

  @Option(help: ArgumentHelp("Use at most this many threads; by default one for each CPU.", valueName: "n"))
  var threads: Int?

  func run() throws {
    try ExecutionOptions.check(threads: threads)
    if html != nil && (json || stage != nil) {
      throw EinsumError(
        .invalidArgument(what: "--html", why: "cannot be given together with --json or --stage"))
    }
    if let html { try OutputPath.check(html) }
    var request = try problem.request()
    try conjugation.apply(to: &request.operands)
    request.threads = threads
    let machine = try request.machine()
    let (compilation, trace) = try Compilation.traced(request, on: machine)
    let limits = measure ? try Limits.measured(on: machine, seconds: 0.1) : .assumed(for: machine)
    var explanation = Explanation(of: compilation, request, on: machine, limits: limits)
    if measure { explanation.measurement = try Self.measurement(of: request) }
    let assembly = asm ? try Disassembler.disassemblies(of: KernelCache.shared.kernel(for: request)) : []

    func jsonText(_ stages: [Stage]) throws -> String {
      try JSON.text(
        ExplainReport(explanation: explanation, trace: trace, stages: stages, assembly: asm ? assembly : nil))
    }
    if let html {
      let report = Report(
        explanation, trace, assembly: assembly.map { ($0.symbol, $0.description) }, json: try jsonText([]))
      try TextFile.write(report.page, to: html)
    } else if json {
      try StandardOutput.write(jsonText((stage ?? .all).stages))
    } else {
      let text = stage.map { $0.stages.map(trace.text) } ?? [explanation.description]
      try StandardOutput.write((text + assembly.map(\.description)).joined(separator: "\n\n"))
    }
  }

  /// Times calls on random operands for a third of a second.
  private static func measurement(of request: CompileRequest) throws -> Explanation.Measurement {
    let kernel = try KernelCache.shared.kernel(for: request)
    let times = try Trial(kernel).times(lasting: 0.3)
    return .init(times: times, flop: kernel.flopCount, bytes: kernel.byteCount)
  }
}

/// What `einsumc explain --json` prints: the keys of an `Explanation`, and the stages' texts.
///
/// `stages` lists the stages shown, in the compiler's order; each has its text under its own name. `asm` is there if it
/// was asked for.
private struct ExplainReport: Encodable {
  let explanation: Explanation
  let trace: CompilationTrace
  let stages: [Stage]
  let assembly: [Disassembly]?

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  func encode(to encoder: any Encoder) throws {
    try explanation.encode(to: encoder)
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(stages.map(\.rawValue), forKey: Key(stringValue: "stages"))
    try container.encodeIfPresent(assembly, forKey: Key(stringValue: "asm"))
    for stage in stages {
      try container.encode(trace.text(of: stage), forKey: Key(stringValue: stage.rawValue))
    }
  }
}
