import ArgumentParser
import Einsum
import EinsumSyntax
import Glibc

/// The command line: a compiler for einsum expressions, one subcommand for each way to use it.
@main
struct Einsumc: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "einsumc",
    abstract: "A compiler for einsum expressions.",
    discussion: """
      Example:
        einsumc run 'ij,jk->ik' a.npy b.npy

      Results go to standard output, everything else to standard error. Exits with 0 when done, 1 when \
      something failed, and 2 for wrong use or wrong input.
      """,
    version: Einsum.version,
    subcommands: [
      RunCommand.self, EmitCommand.self, ExplainCommand.self, BenchCommand.self, DoctorCommand.self,
    ])

  /// Parses the arguments, runs the command they name and ends the process.
  ///
  /// Takes the place of the argument parser's own entry, which exits with 64 for wrong use.
  static func main() {
    // A reader that goes away is an error of a write, not a reason to be killed.
    signal(SIGPIPE, SIG_IGN)
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
      try checkHelp(arguments)
      var command = try parseAsRoot(ArgumentList.marked(arguments))
      try command.run()
      Glibc.exit(ExitStatus.done.rawValue)
    } catch {
      Glibc.exit(report(error, arguments).rawValue)
    }
  }

  /// Refuses help on a command that does not exist, for which the argument parser would give help on all.
  private static func checkHelp(_ arguments: [String]) throws(EinsumError) {
    guard arguments.first == "help", arguments.count > 1 else { return }
    if arguments[1].hasPrefix("-") || commandNames.contains(arguments[1]) { return }
    throw EinsumError(
      .invalidArgument(what: "einsumc help", why: "there is no command '\(arguments[1])'"),
      notes: [.init("'einsumc --help' lists the commands")])
  }

  static var commandNames: [String] { configuration.subcommands.compactMap { $0.configuration.commandName } }

  func run() throws {
    throw EinsumError(
      .invalidArgument(what: "einsumc", why: "a command is missing"),
      notes: [.init("'einsumc --help' lists the commands")])
  }
}
