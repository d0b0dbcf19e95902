import EinsumSyntax
import Testing

/// Codes and messages of the errors that later stages raise, and the rendering that all share.
@Suite struct MessageTests {
  /// Reasons with their code and message; those of the front end are in ``RefusalTests``.
  static let reasons: [(EinsumError.Reason, String, String)] = [
    (
      .accumulateType(elementType: "int32", accumulate: "int16"), "accumulate-type",
      "int32 cannot be accumulated in the narrower int16"
    ),
    (
      .cannotConvert(from: "complex64", to: "float32"), "cannot-convert",
      "complex64 cannot be converted to float32"
    ),
    (.cannotRead(path: "a.npy", why: "no such file"), "cannot-read", "cannot read 'a.npy': no such file"),
    (.cannotWrite(path: "o.npy", why: "disk full"), "cannot-write", "cannot write 'o.npy': disk full"),
    (
      .conflictingSize(label: "{batch}", first: 2, second: 3), "conflicting-size",
      "index '{batch}' is given the sizes 2 and 3"
    ),
    (
      .diagonalMismatch(label: "i", operand: 0, firstExtent: 2, secondExtent: 3), "diagonal-mismatch",
      "index 'i' has extents 2 and 3 on one diagonal of operand 0"
    ),
    (
      .diagonalMismatch(label: "i", operand: 1, firstExtent: 1, secondExtent: 3), "diagonal-mismatch",
      "index 'i' has extents 1 and 3 on one diagonal of operand 1; size 1 never broadcasts inside a diagonal"
    ),
    (
      .elementCountOverflow(shape: [1 << 40, 1 << 40], what: "the output"), "too-many-elements",
      "the output of shape 1099511627776x1099511627776 is larger than any memory"
    ),
    (
      .ellipsisMismatch(firstShape: [2, 3], firstOperand: 0, secondShape: [4], secondOperand: 2),
      "ellipsis-mismatch", "the ellipsis has shape 2x3 in operand 0 and 4 in operand 2"
    ),
    (.ellipsisSize, "ellipsis-size", "sizes by index cannot describe an ellipsis; give whole shapes"),
    (
      .extentMismatch(label: "j", firstExtent: 4, firstOperand: 0, secondExtent: 5, secondOperand: 1),
      "extent-mismatch", "index 'j' has extent 4 in operand 0 and 5 in operand 1"
    ),
    (
      .invalidArgument(what: "--threads", why: "0 is not positive"), "invalid-argument",
      "--threads: 0 is not positive"
    ),
    (.invalidFile(path: "a.npy", why: "no magic number"), "invalid-file", "'a.npy': no magic number"),
    (
      .emission(why: "a driver is missing"), "emission",
      "internal: the C could not be written: a driver is missing"
    ),
    (.loading(message: "bad symbol"), "load-failed", "cannot load the compiled code: bad symbol"),
    (
      .memoryLimit(bytes: 300, limit: 200), "memory-limit",
      "the workspace needs 300 bytes, and the limit is 200"
    ),
    (.missingSize(label: "k"), "missing-size", "no size is given for index 'k'"),
    (
      .negativeExtent(extent: -3, axis: 1, operand: 0), "negative-extent",
      "operand 0 has extent -3 in dimension 1"
    ),
    (
      .operandCount(expected: 2, given: 3), "operand-count",
      "2 terms in the equation, but 3 operands given"
    ),
    (
      .operandCount(expected: 2, given: 1), "operand-count", "2 terms in the equation, but 1 operand given"
    ),
    (
      .operandShape(operand: 1, expected: [2, 3], given: []), "operand-shape",
      "operand 1 has shape scalar, the kernel is for 2x3"
    ),
    (
      .operandStrides(operand: 0, expected: [3, 1], given: [-1, 0]), "operand-strides",
      "operand 0 has strides -1, 0, the kernel is for 3, 1"
    ),
    (
      .operandType(operand: 0, expected: "float32", given: "int8"), "operand-type",
      "operand 0 has type int8, the kernel is for float32"
    ),
    (
      .outOfMemory(bytes: 4096, what: "the output"), "out-of-memory",
      "cannot allocate 4096 bytes for the output"
    ),
    (
      .outputLayout(why: "stride 0 at extent 4"), "output-layout",
      "the output cannot be written: stride 0 at extent 4"
    ),
    (
      .outputShape(expected: [2], given: [3]), "output-shape",
      "the result has shape 2, the output that is given 3"
    ),
    (
      .outputStrides(expected: [1], given: [2]), "output-strides",
      "the output has strides 2, the kernel is for 1"
    ),
    (
      .outputType(expected: "float64", given: "float32"), "output-type",
      "the result has type float64, the output that is given float32"
    ),
    (.overlap(operand: 1), "output-overlap", "the output shares memory with operand 1"),
    (
      .rank(term: "ijk", termRank: 3, operand: 0, rank: 2, hasEllipsis: false), "rank-mismatch",
      "term 'ijk' needs rank 3, operand 0 has rank 2"
    ),
    (
      .rank(term: "i...j", termRank: 2, operand: 1, rank: 1, hasEllipsis: true), "rank-mismatch",
      "term 'i...j' needs rank 2 or more, operand 1 has rank 1"
    ),
    (.unknownElementType(name: "float8"), "unknown-element-type", "no element type is called 'float8'"),
    (
      .unusedSize(label: "z"), "unused-size",
      "a size is given for index 'z', which the equation does not have"
    ),
  ]

  @Test(arguments: reasons.indices)
  func codeAndMessage(index: Int) {
    let (reason, code, message) = Self.reasons[index]
    let error = EinsumError(reason)
    #expect(error.code == code)
    #expect(error.message == message)
    #expect(error.description == "error: \(message) [\(code)]")
  }

  @Test func renderingOfAnErrorWithANote() {
    let reason = EinsumError.Reason.extentMismatch(
      label: "j", firstExtent: 4, firstOperand: 0, secondExtent: 5, secondOperand: 1)
    let note = EinsumError.Note("extent 4 comes from here", at: SourceRange(start: 1, end: 2))
    let error = EinsumError(
      reason, in: "ij,jk->ik", at: SourceRange(start: 3, end: 4),
      notes: [note, EinsumError.Note("a note without a place")])
    #expect(
      error.description == """
        error: index 'j' has extent 4 in operand 0 and 5 in operand 1 [extent-mismatch]
          ij,jk->ik
             ^
        note: extent 4 comes from here
          ij,jk->ik
           ^
        note: a note without a place
        """)
  }

  @Test func whatUsersWroteIsNeverPrintedRaw() {
    let hostile = "a\u{1B}[31m\n\u{202E}\u{0}"
    let reasons: [EinsumError.Reason] = [
      .invalidFile(path: hostile, why: hostile), .missingSize(label: hostile), .loading(message: hostile),
      .emission(why: hostile),
      .unknownElementType(name: hostile),
      .rank(term: hostile, termRank: 1, operand: 0, rank: 0, hasEllipsis: false),
    ]
    for reason in reasons {
      #expect(EinsumError(reason).message.contains("a␛[31m␊\u{FFFD}␀"), "\(reason)")
    }
    let note = EinsumError(.noOperands, notes: [EinsumError.Note(hostile)])
    #expect(note.description.hasSuffix("note: a␛[31m␊\u{FFFD}␀"))
  }

  @Test func longNamesAndShapesAreCut() {
    let name = String(repeating: "a", count: 500) + String(repeating: "b", count: 500)
    let shortened = String(repeating: "a", count: 40) + "..." + String(repeating: "b", count: 40)
    #expect(EinsumError(.missingSize(label: name)).message == "no size is given for index '\(shortened)'")
    let shape = Array(1...20)
    #expect(
      EinsumError(.outputShape(expected: shape, given: Array(1...16))).message == """
        the result has shape 1x2x3x4x5x6x7x8x...x13x14x15x16x17x18x19x20, \
        the output that is given 1x2x3x4x5x6x7x8x9x10x11x12x13x14x15x16
        """)
  }

  @Test func failuresOfTheMachineAreNotInputErrors() {
    #expect(EinsumError(.noOperands).isInputError)
    #expect(EinsumError(.cannotRead(path: "", why: "")).isInputError)
    for reason: EinsumError.Reason in [
      .cannotWrite(path: "", why: ""), .emission(why: ""), .loading(message: ""),
      .outOfMemory(bytes: 1, what: ""),
    ] {
      #expect(!EinsumError(reason).isInputError)
    }
  }
}
