import ArgumentParser
import Einsum
import EinsumIR
import EinsumSyntax

/// `einsumc run`: computes an einsum of tensors in files.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Compute an einsum of tensors in .npy files.",
    discussion: """
      Without -o, prints shape, type and values of the result the way numpy does.

      Examples:
        einsumc run 'ij,jk->ik' a.npy b.npy
        einsumc run 'ii->' a.npy -o trace.npy --stats
        einsumc run 'ij->i' counts.npy --accumulate i64
      """)

  @Argument(
    help: ArgumentHelp("The einsum, such as 'ij,jk->ik'; '->' and '' are einsums, too.", valueName: "expr"))
  var expression: Word

  @Argument(help: ArgumentHelp("The operands: one .npy file for each term.", valueName: "file.npy"))
  var files: [Word] = []

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write the result to this .npy file, which may be one of the operands.", valueName: "out.npy"))
  var output: Word?

  @OptionGroup var accumulation: AccumulateOption

  @OptionGroup var conjugation: ConjugateOption

  @OptionGroup var execution: ExecutionOptions

  @Flag(help: "Print times and costs to standard error.")
  var stats = false

  func run() throws {
    try execution.check()
    if let output { try OutputPath.check(output.text) }
    let equation = try Equation(parsing: expression.text)
    let accumulate = try accumulation.type()
    let conjugated = try conjugation.operands(of: files.count)
    // Before files are read, which may be large.
    if files.count != equation.inputs.count {
      throw EinsumError(
        .operandCount(expected: equation.inputs.count, given: files.count), in: equation.text,
        at: SourceRange(start: 0, end: equation.inputs.last?.range.end ?? 0))
    }
    let operands = try files.map { try HostTensor(reading: $0.text) }

    let compiling = Stopwatch()
    let kernel = try Einsum.compile(
      expression.text, operands: operands.map { ($0.layout, $0.elementType) }, accumulate: accumulate,
      conjugated: conjugated, threads: execution.threads)
    let compileTime = compiling.milliseconds
    let result = try HostTensor(kernel.outputType, kernel.outputLayout, for: "the result")
    let running = Stopwatch()
    try kernel.run(operands, into: result)
    let runTime = running.milliseconds

    if let output {
      try result.write(to: output.text)
    } else {
      try StandardOutput.write(result.text)
    }
    if stats { StandardError.write(statistics(kernel, compileTime, runTime)) }
  }

  private func statistics(_ kernel: Kernel, _ compileTime: Double, _ runTime: Double) -> String {
    Table.text([
      ("compile", "\(Quantity.decimal(compileTime)) ms"),
      ("run", "\(Quantity.decimal(runTime)) ms"),
      ("flop", Plan.count(kernel.flopCount)),
      ("bytes", Plan.count(kernel.byteCount)),
      ("workspace", "\(kernel.workspaceSize) bytes"),
    ])
  }
}
