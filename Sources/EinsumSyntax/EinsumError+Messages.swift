extension EinsumError.Reason {
  /// A stable name in kebab case.
  var code: String { entry.code }

  /// Lower case, one line, no full stop; names both facts of a contradiction.
  var message: String { entry.message }

  /// Code and message of each reason, side by side so that they are reviewed together; sorted as
  /// ``EinsumError/Reason``.
  private var entry: (code: String, message: String) {
    switch self {
    case .accumulateType(let elementType, let accumulate):
      ("accumulate-type", "\(plain(elementType)) cannot be accumulated in the narrower \(plain(accumulate))")
    case .brokenArrow(let half):
      ("broken-arrow", "lone \(quoted(half)); an arrow is '->', without a space inside")
    case .cannotConvert(let source, let target):
      ("cannot-convert", "\(plain(source)) cannot be converted to \(plain(target))")
    case .cannotRead(let path, let why):
      ("cannot-read", "cannot read '\(plain(path))': \(plain(why))")
    case .cannotWrite(let path, let why):
      ("cannot-write", "cannot write '\(plain(path))': \(plain(why))")
    case .conflictingSize(let label, let first, let second):
      ("conflicting-size", "index \(quoted(label)) is given the sizes \(first) and \(second)")
    case .diagonalMismatch(let label, let operand, let first, let second):
      (
        "diagonal-mismatch",
        "index \(quoted(label)) has extents \(first) and \(second) on one diagonal of operand \(operand)"
          + (first == 1 || second == 1 ? "; size 1 never broadcasts inside a diagonal" : "")
      )
    case .elementCountOverflow(let shape, let what):
      ("too-many-elements", "\(plain(what)) of shape \(text(shape)) is larger than any memory")
    case .ellipsisMismatch(let firstShape, let first, let secondShape, let second):
      (
        "ellipsis-mismatch",
        "the ellipsis has shape \(text(firstShape)) in operand \(first)"
          + " and \(text(secondShape)) in operand \(second)"
      )
    case .ellipsisSize:
      ("ellipsis-size", "sizes by index cannot describe an ellipsis; give whole shapes")
    case .emptyName:
      ("empty-name", "empty name in braces; a name has at least one letter, digit or '_'")
    case .emission(let why):
      ("emission", "internal: the C could not be written: \(plain(why))")
    case .expressionTooLong(let bytes, let limit):
      ("expression-too-long", "the equation has \(bytes) bytes, and at most \(limit) are read")
    case .extentMismatch(let label, let firstExtent, let first, let secondExtent, let second):
      (
        "extent-mismatch",
        "index \(quoted(label)) has extent \(firstExtent) in operand \(first)"
          + " and \(secondExtent) in operand \(second)"
      )
    case .invalidArgument(let what, let why):
      ("invalid-argument", "\(plain(what)): \(plain(why))")
    case .invalidFile(let path, let why):
      ("invalid-file", "'\(plain(path))': \(plain(why))")
    case .loading(let message):
      ("load-failed", "cannot load the compiled code: \(plain(message))")
    case .memoryLimit(let bytes, let limit):
      ("memory-limit", "the workspace needs \(count(bytes, "byte")), and the limit is \(limit)")
    case .missingSize(let label):
      ("missing-size", "no size is given for index \(quoted(label))")
    case .nameCharacter(let name):
      ("name-character", "\(plain(name)) inside braces; a name has letters, digits and '_' only")
    case .nameTooLong(let length, let limit):
      ("name-too-long", "the name has \(length) characters, and at most \(limit) are allowed")
    case .negativeExtent(let extent, let axis, let operand):
      ("negative-extent", "operand \(operand) has extent \(extent) in dimension \(axis)")
    case .negativeLabel(let number):
      ("negative-label", "index \(number) is negative; indices are integers from 0 on")
    case .noOperands:
      ("no-operands", "an einsum needs at least one operand")
    case .operandCount(let expected, let given):
      ("operand-count", "\(count(expected, "term")) in the equation, but \(count(given, "operand")) given")
    case .operandShape(let operand, let expected, let given):
      ("operand-shape", "operand \(operand) has shape \(text(given)), the kernel is for \(text(expected))")
    case .operandStrides(let operand, let expected, let given):
      (
        "operand-strides",
        "operand \(operand) has strides \(list(given)), the kernel is for \(list(expected))"
      )
    case .operandType(let operand, let expected, let given):
      ("operand-type", "operand \(operand) has type \(plain(given)), the kernel is for \(plain(expected))")
    case .outOfMemory(let bytes, let what):
      ("out-of-memory", "cannot allocate \(count(bytes, "byte")) for \(plain(what))")
    case .outputComma:
      ("output-comma", "a comma in the output, which is a single term")
    case .outputLabel(let label):
      ("output-label", "output index \(quoted(label)) occurs in no input")
    case .outputLayout(let why):
      ("output-layout", "the output cannot be written: \(plain(why))")
    case .outputShape(let expected, let given):
      ("output-shape", "the result has shape \(text(expected)), the output that is given \(text(given))")
    case .outputStrides(let expected, let given):
      ("output-strides", "the output has strides \(list(given)), the kernel is for \(list(expected))")
    case .outputType(let expected, let given):
      ("output-type", "the result has type \(plain(expected)), the output that is given \(plain(given))")
    case .overlap(let operand):
      ("output-overlap", "the output shares memory with operand \(operand)")
    case .rank(let term, let termRank, let operand, let rank, let hasEllipsis):
      (
        "rank-mismatch",
        "term \(quoted(term)) needs rank \(termRank)\(hasEllipsis ? " or more" : ""),"
          + " operand \(operand) has rank \(rank)"
      )
    case .repeatedEllipsis:
      ("repeated-ellipsis", "second ellipsis in one term")
    case .secondArrow:
      ("second-arrow", "second arrow in one equation")
    case .strayDot:
      ("stray-dot", "stray '.'; an ellipsis is '...', without a space inside")
    case .unclosedBrace:
      ("unclosed-brace", "'{' without a '}'")
    case .unknownCharacter(let name):
      ("unknown-character", "unknown character \(plain(name)); a label is a letter, or a name in braces")
    case .unknownElementType(let name):
      ("unknown-element-type", "no element type is called \(quoted(name))")
    case .unopenedBrace:
      ("unopened-brace", "'}' without a '{'")
    case .unusedSize(let label):
      ("unused-size", "a size is given for index \(quoted(label)), which the equation does not have")
    }
  }
}

/// Text on one line, and nothing in it that a terminal would obey.
private func plain(_ text: String) -> String { Snippet.sanitise(text) }

/// A name that a user chose: in quotes, and its middle cut out if it is long.
private func quoted(_ name: String) -> String { "'\(Snippet.sanitise(name, limit: 80))'" }

/// `2x3`, as the command line reads shapes; `scalar` without dimensions.
private func text(_ shape: [Int]) -> String { shape.isEmpty ? "scalar" : joined(shape, separator: "x") }

/// `24, 8, 1`; `none` if there is nothing.
private func list(_ values: [some CustomStringConvertible]) -> String {
  values.isEmpty ? "none" : joined(values, separator: ", ")
}

/// The values with a separator, the middle ones left out when there are many.
private func joined(_ values: [some CustomStringConvertible], separator: String) -> String {
  let limit = 16
  let texts = values.map(\.description)
  guard texts.count > limit else { return texts.joined(separator: separator) }
  let ends = texts.prefix(limit / 2) + ["..."] + texts.suffix(limit / 2)
  return ends.joined(separator: separator)
}

/// `1 term`, `2 terms`.
private func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
