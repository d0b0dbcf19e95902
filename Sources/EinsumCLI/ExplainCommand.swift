import ArgumentParser
import Einsum
import EinsumIR
import EinsumSyntax

/// `einsumc explain`: shows what the compiler makes of an einsum, stage by stage.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Show every stage of a compilation, from the equation to the C.",
    discussion: """
      Compiles for this machine, without running or loading anything.

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

  @Option(help: ArgumentHelp("Show only this stage.", valueName: "stage"))
  var stage = Selection.all

  @Flag(help: "Print one JSON object: the stages' texts by name, and the costs.")
  var json = false

  func run() throws {
    let request = try problem.request()
    var trace: CompilationTrace? = CompilationTrace()
    let compilation = try Compilation(request, on: Machine.host(), trace: &trace)
    guard let trace else { preconditionFailure("internal: a compilation took its trace away") }
    if json {
      try StandardOutput.write(JSON.text(ExplainReport(request, compilation, trace, stage.stages)))
    } else {
      try StandardOutput.write(stage.stages.map(trace.text).joined(separator: "\n\n"))
    }
  }
}

/// What `einsumc explain --json` prints.
///
/// The names of properties are those of JSON's keys. `stages` lists the stages shown, in the compiler's order; each has
/// its text under its own name.
private struct ExplainReport: Encodable {
  let expr: String
  let dtype: String
  let flop: Double
  let bytes: Double
  let workspaceBytes: Int
  let stages: [String]
  let equation: String?
  let contraction: String?
  let plan: String?
  let loops: String?
  let c: String?

  init(_ request: CompileRequest, _ compilation: Compilation, _ trace: CompilationTrace, _ shown: [Stage]) {
    func text(_ stage: Stage) -> String? { shown.contains(stage) ? trace.text(of: stage) : nil }
    expr = request.equation.text
    dtype = request.typeCodes
    flop = compilation.plan.flopCount
    bytes = compilation.plan.byteCount
    workspaceBytes = compilation.plan.workspaceSize
    stages = shown.map(\.rawValue)
    equation = text(.equation)
    contraction = text(.contraction)
    plan = text(.plan)
    loops = text(.loops)
    c = text(.c)
  }
}
