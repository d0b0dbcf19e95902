extension EinsumError {
  /// Every way in which an einsum can be refused, sorted by name.
  ///
  /// The front end, the analysis, the file readers, the loader and the command line share this list, so that
  /// codes stay unique and texts alike. Labels are given as they are written in an equation: `i`, `{batch}`.
  /// Element types are given by name. Operands count from 0.
  public enum Reason: Hashable, Sendable {
    /// The type to accumulate in is narrower than the operands' common type.
    case accumulateType(elementType: String, accumulate: String)
    /// A `-` without `>` behind it, or a `>` without `-` before it.
    case brokenArrow(half: String)
    /// No conversion leads from one element type to another without losing a part, as from complex to real.
    case cannotConvert(from: String, to: String)
    /// A file cannot be read.
    case cannotRead(path: String, why: String)
    /// A file cannot be written.
    case cannotWrite(path: String, why: String)
    /// One index was given two sizes.
    case conflictingSize(label: String, first: Int, second: Int)
    /// A label that occurs twice in one operand has two extents there.
    case diagonalMismatch(label: String, operand: Int, firstExtent: Int, secondExtent: Int)
    /// The number of elements of a shape is past `Int64`.
    case elementCountOverflow(shape: [Int], what: String)
    /// Shapes that an ellipsis stands for do not broadcast against each other.
    case ellipsisMismatch(firstShape: [Int], firstOperand: Int, secondShape: [Int], secondOperand: Int)
    /// Sizes are given by index, and an ellipsis has no index to give a size to.
    case ellipsisSize
    /// `{}`.
    case emptyName
    /// Standalone C could not be written, which is a mistake of einsumc's.
    case emission(why: String)
    /// The equation's text is longer than einsumc reads.
    case expressionTooLong(bytes: Int, limit: Int)
    /// One index has two extents in different operands, and neither is 1.
    case extentMismatch(
      label: String, firstExtent: Int, firstOperand: Int, secondExtent: Int, secondOperand: Int)
    /// An argument of a function or an option is not usable.
    case invalidArgument(what: String, why: String)
    /// A file can be read, but not understood.
    case invalidFile(path: String, why: String)
    /// Compiled code could not be loaded.
    case loading(message: String)
    /// A kernel needs more workspace than it may have.
    case memoryLimit(bytes: Int, limit: Int)
    /// No size was given for an index.
    case missingSize(label: String)
    /// A character that no name in braces has; `name` is the character as messages show it.
    case nameCharacter(name: String)
    /// A name in braces has too many characters.
    case nameTooLong(length: Int, limit: Int)
    /// An extent is below zero.
    case negativeExtent(extent: Int, axis: Int, operand: Int)
    /// An index in interleaved form is below zero.
    case negativeLabel(number: Int)
    /// Interleaved form without an operand.
    case noOperands
    /// The number of operands differs from the number of terms.
    case operandCount(expected: Int, given: Int)
    /// A kernel was called with an operand of another shape than it was compiled for.
    case operandShape(operand: Int, expected: [Int], given: [Int])
    /// A kernel was called with an operand of other strides than it was compiled for.
    case operandStrides(operand: Int, expected: [Int], given: [Int])
    /// A kernel was called with an operand of another element type than it was compiled for.
    case operandType(operand: Int, expected: String, given: String)
    /// Memory could not be had.
    case outOfMemory(bytes: Int, what: String)
    /// A comma behind the arrow.
    case outputComma
    /// An output label that no input has; what it would range over is unknown.
    case outputLabel(label: String)
    /// The output's layout puts several elements in one place, or cannot be written for another reason.
    case outputLayout(why: String)
    /// The output that was given has another shape than the result.
    case outputShape(expected: [Int], given: [Int])
    /// The output that was given has other strides than the kernel was compiled for.
    case outputStrides(expected: [Int], given: [Int])
    /// The output that was given has another element type than the result.
    case outputType(expected: String, given: String)
    /// The output shares memory with an operand.
    case overlap(operand: Int)
    /// A term and its operand have different numbers of dimensions. With an ellipsis, `termRank` is the
    /// least.
    case rank(term: String, termRank: Int, operand: Int, rank: Int, hasEllipsis: Bool)
    /// Two ellipses in one term: how many dimensions each stands for is unknown.
    case repeatedEllipsis
    /// `->` twice.
    case secondArrow
    /// A `.` that is not part of `...`.
    case strayDot
    /// A `{` without `}`.
    case unclosedBrace
    /// A character that is not part of the notation; `name` is the character as messages show it.
    case unknownCharacter(name: String)
    /// No element type has this name.
    case unknownElementType(name: String)
    /// A `}` without `{`.
    case unopenedBrace
    /// A size was given for an index that the equation does not have.
    case unusedSize(label: String)
  }
}
