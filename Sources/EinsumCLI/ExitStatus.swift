import ArgumentParser
import EinsumSyntax

/// What the process ends with.
enum ExitStatus: Int32 {
  case done = 0
  /// The machine could not do it, or the result is wrong.
  case failed = 1
  /// Wrong use, or wrong input.
  case wrongInput = 2
}

/// An error that is the input's fault although its reason usually is not, such as an output path that cannot be.
struct WrongInput: Error {
  let error: EinsumError
}

/// A failure that is no refusal of input, in one line.
struct Failure: Error {
  let message: String
}

extension Einsumc {
  /// Says on standard error what went wrong, or prints the help that was asked for, and chooses the exit status.
  static func report(_ error: any Error, _ arguments: [String]) -> ExitStatus {
    switch error {
    case let error as EinsumError:
      StandardError.write(error.description)
      return error.isInputError ? .wrongInput : .failed
    case let wrong as WrongInput:
      StandardError.write(wrong.error.description)
      return .wrongInput
    case let failure as Failure:
      StandardError.write("error: \(failure.message)")
      return .failed
    case is StandardOutput.ReaderGone:
      return .failed
    default:
      return reportParsing(error, arguments)
    }
  }

  /// Handles what the argument parser throws: requests for help, and wrong use.
  private static func reportParsing(_ error: any Error, _ arguments: [String]) -> ExitStatus {
    if exitCode(for: error).isSuccess {
      do {
        try StandardOutput.write(fullMessage(for: error))
        return .done
      } catch {
        return report(error, arguments)
      }
    }
    let command = commandName(arguments)
    let wrongUse = EinsumError(
      .invalidArgument(what: command, why: oneLine(message(for: error))),
      notes: [.init("'\(command) --help' describes the arguments")])
    return report(wrongUse, arguments)
  }

  /// `einsumc run` if the arguments name that command, else `einsumc`.
  private static func commandName(_ arguments: [String]) -> String {
    guard let name = arguments.first, commandNames.contains(name) else { return "einsumc" }
    return "einsumc \(name)"
  }

  /// A message of the argument parser in our style: one line, lower case at the start, no full stop.
  private static func oneLine(_ message: String) -> String {
    let lines = ArgumentList.unmarked(message).split(whereSeparator: \.isNewline)
    var text = lines.map { String($0.drop { $0 == " " }) }.joined(separator: " ")
    while text.hasSuffix(".") { text.removeLast() }
    return text.prefix(1).lowercased() + text.dropFirst()
  }
}
