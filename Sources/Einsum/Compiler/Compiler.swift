package import EinsumCodegen
package import EinsumIR
import EinsumPlanner
package import EinsumSyntax

/// What a compilation is asked for.
package struct CompileRequest: Hashable, Sendable {
  package var equation: Equation
  package var operands: [OperandType]
  /// The type to compute in and to return, instead of the operands' common type.
  package var accumulate: ElementType?
  /// Where the result is to be written; C order if nil.
  package var outputLayout: Layout?
  /// The most threads that a call may use; all of the machine's if nil.
  package var threads: Int?

  package init(
    equation: Equation, operands: [OperandType], accumulate: ElementType? = nil,
    outputLayout: Layout? = nil, threads: Int? = nil
  ) {
    self.equation = equation
    self.operands = operands
    self.accumulate = accumulate
    self.outputLayout = outputLayout
    self.threads = threads
  }

  /// The host, with the threads that the request allows.
  package func machine() throws(EinsumError) -> Machine {
    let host = try Machine.host()
    return threads.map { host.with(threads: $0) } ?? host
  }
}

/// The compiler up to C text: `Equation -> Contraction -> Plan -> LoopProgram -> C`, a pure function of the request and
/// the machine.
///
/// Errors end at the analysis. What comes behind cannot fail because of the user, save that a problem may be too large
/// for any memory.
package struct Compilation: Sendable {
  package let analysis: Analysis
  package let plan: Plan
  package let program: LoopProgram
  package let source: String

  /// The name of the function in `source`.
  package static let entryName = "es_driver"

  /// Runs all stages.
  package init(_ request: CompileRequest, on machine: Machine) throws(EinsumError) {
    try self.init(request, on: machine) { _, _ in }
  }

  /// Runs all stages and keeps the text form of each; making these costs more than compiling.
  package static func traced(
    _ request: CompileRequest, on machine: Machine
  ) throws(EinsumError) -> (compilation: Compilation, trace: CompilationTrace) {
    var trace = CompilationTrace()
    let compilation = try Compilation(request, on: machine) { stage, text in
      if let text = text() { trace.record(stage, text) }
    }
    return (compilation, trace)
  }

  /// - Parameter keep: gets each stage and what makes its text form; that is nil if it adds nothing.
  private init(
    _ request: CompileRequest, on machine: Machine, _ keep: (Stage, () -> String?) -> Void
  ) throws(EinsumError) {
    func record<Value: CustomStringConvertible>(
      _ stage: Stage, _ value: Value, _ verify: (Value) -> [String]
    ) -> Value {
      keep(stage) { value.description }
      assert(verify(value).isEmpty, "internal: \(verify(value).joined(separator: "; "))")
      return value
    }
    let equation = record(.equation, request.equation) { _ in [] }
    analysis = try Analysis(
      equation, request.operands, accumulate: request.accumulate, outputLayout: request.outputLayout)
    let contraction = record(.contraction, analysis.contraction) { $0.verify() }
    let simplified = contraction.simplified()
    assert(simplified.verify().isEmpty, "internal: \(simplified.verify().joined(separator: "; "))")
    keep(.contraction) { simplified == contraction ? nil : simplified.text(titled: "simplified") }
    let plan = makePlan(for: simplified, on: machine)
    if plan.workspaceSize > Self.largestWorkspace {
      throw EinsumError(.outOfMemory(bytes: plan.workspaceSize, what: "the workspace"), in: equation.text)
    }
    self.plan = record(.plan, plan) { $0.verify() }
    program = record(.loops, lower(plan)) { $0.verify() }
    source = record(.c, CPrinter.source(for: program, name: Self.entryName)) { _ in [] }
  }

  /// More than any machine addresses, and small enough that sums of sizes do not overflow: 2^48 bytes.
  private static let largestWorkspace = 1 << 48
}
