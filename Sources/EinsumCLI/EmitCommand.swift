import ArgumentParser
import Einsum
import EinsumIR
import EinsumSyntax

/// `einsumc emit`: writes a kernel as standalone C.
struct EmitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "emit",
    abstract: "Write a kernel as one C file that needs a C compiler and nothing else.",
    discussion: """
      Without --output the file goes to standard output. A workspace, where one is needed, is the function's last \
      argument; NAME_workspace_size() says how large.

      Examples:
        einsumc emit 'ijk,il->ijkl' --sizes i=32,j=128,k=64,l=64 --target x86-64-v4
        einsumc emit 'bij,bjk->bik' --shapes 8x32x64,8x64x48 --name bmm --header --output .
        einsumc emit 'ij,jk->ik' --sizes i=512,j=512,k=512 --main > matmul.c
      """)

  @OptionGroup var problem: ProblemOptions

  @OptionGroup var conjugation: ConjugateOption

  @Option(
    help: ArgumentHelp(
      "What the C is for: \(EmitTarget.allCases.map(\.rawValue).joined(separator: ", ")).",
      discussion: "'multi' holds a version for each x86-64 level and chooses at run time; 'portable' is C99.",
      valueName: "target"))
  var target = Word(argument: EmitTarget.native.rawValue)

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The name of the function and of the files.", valueName: "name"))
  var name: Word?

  @Option(
    parsing: .unconditional, help: ArgumentHelp("The folder in which to write NAME.c.", valueName: "folder"))
  var output: Word?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How each operand lies in memory: its strides in elements, joined by 'x'; 'c' or 'f' for C or Fortran order.",
      discussion: "The function then takes the address of the element whose indices are all 0.",
      valueName: "64x1,f"))
  var strides: Word?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Indices whose sizes are arguments of the function, in front of the others.",
      discussion: "One kernel then does for all of their sizes; those given here are what --main checks.",
      valueName: "b,i"))
  var dynamic: Word?

  @Option(
    help: ArgumentHelp(
      "Plan for this many OpenMP threads; by default one for each CPU.",
      discussion: "A file that is compiled without OpenMP runs on one.", valueName: "n"))
  var threads: Int?

  @Flag(help: "Write NAME.h too; needs --output.")
  var header = false

  @Flag(help: "Make the file a program that checks its result against plain loops and prints a rate.")
  var main = false

  @Flag(help: "Let the function allocate its workspace itself; it then returns 0, or 1 without memory.")
  var allocate = false

  func run() throws {
    if header && output == nil {
      throw EinsumError(.invalidArgument(what: "--header", why: "it needs --output, the folder to write to"))
    }
    try ExecutionOptions.check(threads: threads)
    var request = try problem.request()
    request.threads = threads
    try conjugation.apply(to: &request.operands)
    if let strides {
      let layouts = try StrideList.layouts(strides.text, shapes: request.operands.map(\.layout.shape))
      for (number, layout) in layouts.enumerated() { request.operands[number].layout = layout }
    }
    let code = try emitted(request)
    guard let folder = output?.text else { return try StandardOutput.write(String(code.source.dropLast())) }
    let place = folder.hasSuffix("/") || folder.isEmpty ? folder : folder + "/"
    var files = [(path: "\(place)\(code.name).c", text: code.source)]
    if header { files.append(("\(place)\(code.name).h", code.header)) }
    for file in files { try OutputPath.check(file.path) }
    for file in files { try TextFile.write(file.text, to: file.path) }
    try StandardOutput.write(files.map(\.path).joined(separator: "\n"))
  }

  /// The C; what the library calls an argument is an option here.
  private func emitted(_ request: CompileRequest) throws(EinsumError) -> EmittedCode {
    let target = try knownTarget()
    do throws(EinsumError) {
      return try Einsum.emit(
        request, target: target, name: name?.text, allocates: allocate, hasMain: main, dynamic: dynamicLabels)
    } catch {
      guard case .invalidArgument(let what, let why) = error.reason, ["name", "dynamic"].contains(what) else {
        throw error
      }
      throw EinsumError(.invalidArgument(what: "--" + what, why: why), notes: error.notes)
    }
  }

  /// The labels of `--dynamic`; names longer than a letter may have braces.
  private var dynamicLabels: [String] {
    guard let dynamic else { return [] }
    return dynamic.text.split(separator: ",", omittingEmptySubsequences: false).map { word in
      let isBraced = word.hasPrefix("{") && word.hasSuffix("}") && word.count > 2
      return String(isBraced ? word.dropFirst().dropLast() : word)
    }
  }

  private func knownTarget() throws(EinsumError) -> EmitTarget {
    guard let known = EmitTarget(rawValue: target.text) else {
      throw EinsumError(
        .invalidArgument(what: "--target", why: "'\(DecimalNumber.shortened(target.text))' is not known"),
        notes: [.init("known are " + EmitTarget.allCases.map(\.rawValue).joined(separator: ", "))])
    }
    return known
  }
}
