import ArgumentParser
import EinsumIR
import EinsumSyntax

/// `--conj`, which says whose complex conjugates are taken.
struct ConjugateOption: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Take the complex conjugate of these operands, counted from 0.", valueName: "n,n"))
  var conj: Word?

  /// The positions that were given.
  ///
  /// - Throws: `EinsumError` for what is not the number of one of `count` operands.
  func operands(of count: Int) throws(EinsumError) -> Set<Int> {
    guard let conj else { return [] }
    var numbers: Set<Int> = []
    for word in conj.text.split(separator: ",", omittingEmptySubsequences: false) {
      let number = try DecimalNumber.parse(trimmed(word), option: "--conj", "an operand's number")
      if !(0..<count).contains(number) {
        throw EinsumError(
          .invalidArgument(what: "--conj", why: "there is no operand \(number) among \(count)"))
      }
      numbers.insert(number)
    }
    return numbers
  }

  /// Marks the operands that were named.
  func apply(to operands: inout [OperandType]) throws(EinsumError) {
    for number in try self.operands(of: operands.count) { operands[number].isConjugated = true }
  }
}
