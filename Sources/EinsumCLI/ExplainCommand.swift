import ArgumentParser
import Einsum
import EinsumIR
import EinsumSyntax

/// `einsumc explain`: says what the compiler makes of an einsum and why, or shows it stage by stage.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Say what the compiler makes of an einsum, what it costs and why.",
    discussion: """
      Compiles for this machine, without running or loading anything. Times are predicted.

      Examples:
        einsumc explain 'ij,jk->ik' --shapes 32x64,64x48
        einsumc explain 'bij,jk->bik' --sizes b=8,i=32,j=64,k=48 --stage plan
        einsumc explain '...i,i' --shapes 2x3x4,4 --dtype f32,i8 --json
      """)

  /// What `--stage` takes.
  enum Selection: String, CaseIterable, ExpressibleByArgument {
    case equation, contraction, plan, loops, c, all

    /// The stages to show, in order.
    var stages: [Stage] { self == .all ? Stage.allCases : Stage.allCases.filter { $0.rawValue == rawValue } }
  }

  @OptionGroup var problem: ProblemOptions

  @Option(help: ArgumentHelp("Show the compiler's own text of this stage instead.", valueName: "stage"))
  var stage: Selection?

  @Flag(help: "Print one JSON object: the explanation, and the stages' texts by name.")
  var json = false

  func run() throws {
    let request = try problem.request()
    let machine = try Machine.host()
    var trace: CompilationTrace? = CompilationTrace()
    let compilation = try Compilation(request, on: machine, trace: &trace)
    guard let trace else { preconditionFailure("internal: a compilation took its trace away") }
    let explanation = Explanation(of: compilation, request, on: machine, limits: .assumed(for: machine))
    if json {
      let stages = (stage ?? .all).stages
      try StandardOutput.write(
        JSON.text(ExplainReport(explanation: explanation, trace: trace, stages: stages)))
    } else if let stage {
      try StandardOutput.write(stage.stages.map(trace.text).joined(separator: "\n\n"))
    } else {
      try StandardOutput.write(explanation.description)
    }
  }
}

/// What `einsumc explain --json` prints: the keys of an `Explanation`, and the stages' texts.
///
/// `stages` lists the stages shown, in the compiler's order; each has its text under its own name.
private struct ExplainReport: Encodable {
  let explanation: Explanation
  let trace: CompilationTrace
  let stages: [Stage]

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
    for stage in stages {
      try container.encode(trace.text(of: stage), forKey: Key(stringValue: stage.rawValue))
    }
  }
}
