import EinsumIR
import EinsumSyntax
import Testing

/// Every way in which the analysis refuses operands: message, code, and each caret's place.
@Suite struct RefusalTests {
  @Test func operandCount() {
    expectRefusal(
      "ij,jk->ik", [[2, 3]],
      """
      error: 2 terms in the equation, but 1 operand given [operand-count]
        ij,jk->ik
        ^~~~~
      """)
    expectRefusal(
      "i", [[2], [3], [4]],
      """
      error: 1 term in the equation, but 3 operands given [operand-count]
        i
        ^
      """)
  }

  @Test func rank() {
    expectRefusal(
      "ij,jk->ik", [[2, 3], [3]],
      """
      error: term 'jk' needs rank 2, operand 1 has rank 1 [rank-mismatch]
        ij,jk->ik
           ^~
      """)
    expectRefusal(
      "i...j", [[2]],
      """
      error: term 'i...j' needs rank 2 or more, operand 0 has rank 1 [rank-mismatch]
        i...j
        ^~~~~
      """)
    expectRefusal(
      ",i", [[1], [2]],
      """
      error: term '' needs rank 0, operand 0 has rank 1 [rank-mismatch]
        ,i
        ^
      """)
  }

  @Test func extent() {
    expectRefusal(
      "ij,jk->ik", [[2, 4], [5, 3]],
      """
      error: index 'j' has extent 4 in operand 0 and 5 in operand 1 [extent-mismatch]
        ij,jk->ik
           ^
      note: extent 4 comes from here
        ij,jk->ik
         ^
      """)
    expectRefusal(
      "{row}j,{row}", [[2, 4], [3]],
      """
      error: index '{row}' has extent 2 in operand 0 and 3 in operand 1 [extent-mismatch]
        {row}j,{row}
               ^~~~~
      note: extent 2 comes from here
        {row}j,{row}
        ^~~~~
      """)
    // Extent 1 gave way to 4, so 4's place is named.
    expectRefusal(
      "i,i,i", [[1], [4], [3]],
      """
      error: index 'i' has extent 4 in operand 1 and 3 in operand 2 [extent-mismatch]
        i,i,i
            ^
      note: extent 4 comes from here
        i,i,i
          ^
      """)
    expectRefusal(
      "i,i", [[0], [3]],
      """
      error: index 'i' has extent 0 in operand 0 and 3 in operand 1 [extent-mismatch]
        i,i
          ^
      note: extent 0 comes from here
        i,i
        ^
      """)
  }

  @Test func diagonal() {
    expectRefusal(
      "ii", [[2, 3]],
      """
      error: index 'i' has extents 2 and 3 on one diagonal of operand 0 [diagonal-mismatch]
        ii
         ^
      note: extent 2 comes from here
        ii
        ^
      """)
    expectRefusal(
      "j,ii->i", [[3], [1, 3]],
      """
      error: index 'i' has extents 1 and 3 on one diagonal of operand 1; size 1 never broadcasts inside \
      a diagonal \
      [diagonal-mismatch]
        j,ii->i
           ^
      note: extent 1 comes from here
        j,ii->i
          ^
      """)
    expectRefusal(
      "ii", [[3, 1]],
      """
      error: index 'i' has extents 3 and 1 on one diagonal of operand 0; size 1 never broadcasts inside \
      a diagonal \
      [diagonal-mismatch]
        ii
         ^
      note: extent 3 comes from here
        ii
        ^
      """)
  }

  @Test func ellipsis() {
    expectRefusal(
      "i...,...j", [[2, 4, 5], [3, 5, 6]],
      """
      error: the ellipsis has shape 4x5 in operand 0 and 3x5 in operand 1 [ellipsis-mismatch]
        i...,...j
             ^~~
      note: shape [4, 5] comes from here
        i...,...j
         ^~~
      """)
  }

  @Test func negativeExtent() {
    expectRefusal(
      "ij", [OperandType(.float32, Layout(shape: [2, -3], strides: [3, 1]))],
      """
      error: operand 0 has extent -3 in dimension 1 [negative-extent]
        ij
        ^~
      """)
    expectRefusal(
      "ij", [OperandType(.float32, Layout(shape: [0, -3], strides: [3, 1]))],
      """
      error: operand 0 has extent -3 in dimension 1 [negative-extent]
        ij
        ^~
      """)
  }

  @Test func tooManyElements() {
    expectRefusal(
      "i,j->ij", [[1 << 32], [1 << 32]],
      """
      error: the output of shape 4294967296x4294967296 is larger than any memory \
      [too-many-elements]
        i,j->ij
             ^~
      """)
    expectRefusal(
      "ij->", [OperandType(.int8, Layout(shape: [1 << 32, 1 << 32], strides: [0, 0]))],
      """
      error: operand 0 of shape 4294967296x4294967296 is larger than any memory \
      [too-many-elements]
        ij->
        ^~
      """)
  }

  /// Layouts whose strides leave the address space are refused, so that no later stage overflows.
  @Test(arguments: [
    Layout(shape: [2, 2], strides: [Int.max, Int.max]), Layout(shape: [2, 2], strides: [Int.min, 1]),
    Layout(shape: [2, 2], strides: [1 << 61, 1]), Layout(shape: [2, 2], strides: [-(1 << 61), 1]),
    Layout(shape: [Int.max, 1]), Layout(shape: [2, 1 << 61]),
  ])
  func layoutsPastTheAddressSpace(layout: Layout) {
    let error = #expect(throws: EinsumError.self) { try analyze("ij->ji", [OperandType(.float64, layout)]) }
    #expect(error?.code == "too-many-elements")
  }

  @Test func complexIntoReal() {
    expectRefusal(
      "i", [OperandType(.complex64, Layout(shape: [2]))], accumulate: .float64,
      "error: complex64 cannot be converted to float64 [cannot-convert]")
  }
}
