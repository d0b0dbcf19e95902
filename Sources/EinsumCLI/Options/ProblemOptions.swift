import ArgumentParser
import Einsum
import EinsumIR
import EinsumSyntax

/// An einsum without its operands' values, which `emit`, `explain` and `bench` take: expression, shapes and types.
struct ProblemOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("The einsum, such as 'ij,jk->ik'.", valueName: "expr"))
  var expression: Word

  // `unconditional`, so that a negative number is refused as one and not taken for an option.
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The shape of each operand: extents joined by 'x', or 'scalar'.", valueName: "32x64,64x48"))
  var shapes: Word?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The size of each index, in place of shapes; a name in braces may leave them out.",
      valueName: "i=32,j=64"))
  var sizes: Word?

  @Option(
    help: ArgumentHelp(
      "The type of the operands, or a list with one for each.",
      discussion: "Types are " + ElementType.allCases.map(\.code).joined(separator: ", ")
        + ", or numpy's names. Different types are promoted as numpy does.",
      valueName: "type"))
  var dtype = Word(argument: "f32")

  @OptionGroup var accumulation: AccumulateOption

  /// What is to be compiled.
  ///
  /// - Throws: `EinsumError` for options that contradict each other or the expression.
  func request() throws(EinsumError) -> CompileRequest {
    let equation = try Equation(parsing: expression.text)
    let shapes = try operandShapes(equation)
    let types = try ElementTypeList.types(dtype.text, count: shapes.count)
    return CompileRequest(
      equation: equation, operands: zip(types, shapes).map { OperandType($0, Layout(shape: $1)) },
      accumulate: try accumulation.type())
  }

  private func operandShapes(_ equation: Equation) throws(EinsumError) -> [[Int]] {
    switch (shapes, sizes) {
    case (let shapes?, nil): return try ShapeList.parse(shapes.text)
    case (nil, let sizes?): return try SizeList.shapes(sizes.text, for: equation)
    case (nil, nil):
      throw EinsumError(.invalidArgument(what: "--shapes", why: "either this or --sizes is needed"))
    case (_?, _?):
      throw EinsumError(.invalidArgument(what: "--shapes", why: "cannot be given together with --sizes"))
    }
  }
}
