import ArgumentParser
import Einsum
import EinsumIR

/// `--accumulate`, which every command that compiles takes.
struct AccumulateOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Compute in this type and return it, instead of the operands' common type.",
      discussion: "A code or numpy's name: i64, float64, ...", valueName: "type"))
  var accumulate: Word?

  /// The type, if one was given.
  ///
  /// - Throws: `EinsumError` for a name that is not known.
  func type() throws(EinsumError) -> ElementType? {
    guard let accumulate else { return nil }
    return try ElementTypeList.type(accumulate.text)
  }
}
