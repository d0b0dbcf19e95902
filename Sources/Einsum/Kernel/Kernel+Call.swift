public import EinsumIR
public import EinsumSyntax

/// Calls that take tensors are compiled where they are made, for the types there: generic code costs more than small kernels
/// take. What does not depend on these types is not.
extension Kernel {
  /// Computes into a tensor that exists, without allocating unless the output's memory is shared with another tensor, or
  /// there are more than 12 operands.
  ///
  /// - Parameters:
  ///   - operand: tensors of the types and layouts that the kernel was compiled for.
  ///   - output: a C-ordered tensor of the result's shape and type; its old elements are never read.
  /// - Throws: `EinsumError` for an operand or output that does not fit [operand-count, operand-shape, ...], or
  ///   [out-of-memory] for the workspace.
  @inlinable
  public func callAsFunction<each Operand: TensorElement, Output: TensorElement>(
    _ operand: repeat Tensor<each Operand>, into output: inout Tensor<Output>
  ) throws(EinsumError) {
    var pointers = OperandPointers()
    repeat try check(each operand, &pointers)
    try checkCount(pointers.count)
    try prepare(&output)
    try runChecked(pointers, into: output.pointer)
    repeat (each operand).keep()
  }

  /// Computes into a new tensor.
  ///
  /// - Throws: as the form with `into:`, and [out-of-memory] for the result.
  @inlinable
  public func callAsFunction<each Operand: TensorElement, Output: TensorElement>(
    _ operand: repeat Tensor<each Operand>, as type: Output.Type
  ) throws(EinsumError) -> Tensor<Output> {
    var output = try Tensor<Output>(uninitialized: outputLayout.shape)
    try self(repeat each operand, into: &output)
    return output
  }

  /// Computes on any number of tensors of one element type.
  @inlinable
  public func callAsFunction<Element: TensorElement, Output: TensorElement>(
    operands: [Tensor<Element>], into output: inout Tensor<Output>
  ) throws(EinsumError) {
    var pointers = OperandPointers()
    for operand in operands { try check(operand, &pointers) }
    try checkCount(pointers.count)
    try prepare(&output)
    try runChecked(pointers, into: output.pointer)
    withExtendedLifetime(operands) {}
  }

  /// Checks the next operand, and notes where it is.
  @inlinable
  func check<Element: TensorElement>(
    _ operand: Tensor<Element>, _ pointers: inout OperandPointers
  ) throws(EinsumError) {
    try check(pointers.count, Element.elementType, operand.layout)
    pointers.append(operand.pointer)
  }

  /// Checks the output, and copies it if others use its memory.
  @inlinable
  func prepare<Element: TensorElement>(_ output: inout Tensor<Element>) throws(EinsumError) {
    try checkOutput(Element.elementType, output.layout)
    output.makeUnique()
  }

  /// Computes on raw memory whose types and layouts the caller vouches for.
  ///
  /// - Parameters:
  ///   - operands: for each operand, its element at index zero of every axis; the caller keeps the memory.
  ///   - output: likewise.
  /// - Throws: `EinsumError` [output-overlap] if the output shares memory with an operand, [out-of-memory].
  package func run(_ operands: [UnsafeRawPointer], into output: UnsafeMutableRawPointer) throws(EinsumError) {
    try checkCount(operands.count)
    var pointers = OperandPointers()
    for operand in operands { pointers.append(operand) }
    try pointers.withUnsafePointer { pointers throws(EinsumError) in try run(pointers, into: output) }
  }

  /// Computes on raw memory whose number, types and layouts the caller vouches for.
  ///
  /// - Parameters:
  ///   - operands: for each operand, its element at index zero of every axis; nil where it has no elements.
  ///   - output: likewise.
  ///   - workspace: ``workspaceSize`` bytes on a cache line, or nil for memory that the kernel keeps.
  /// - Throws: `EinsumError` [output-overlap] if the output shares memory with an operand, [out-of-memory].
  package func run(
    _ operands: UnsafePointer<UnsafeRawPointer?>, into output: UnsafeMutableRawPointer,
    workspace: UnsafeMutableRawPointer? = nil
  ) throws(EinsumError) {
    if let operand = operand(overlapping: output, operands) { throw EinsumError(.overlap(operand: operand)) }
    try compiled.run(operands, output, workspace: workspace)
  }

  /// The first operand whose memory, from its first element to its last, meets the output's.
  package func operand(
    overlapping output: UnsafeMutableRawPointer, _ operands: UnsafePointer<UnsafeRawPointer?>
  ) -> Int? {
    for (number, read) in operandSpans.enumerated() {
      guard let pointer = operands[number] else { continue }
      let distance = pointer - UnsafeRawPointer(output)
      if outputSpan.overlaps(read.lowerBound + distance..<read.upperBound + distance) { return number }
    }
    return nil
  }

  /// Computes on tensors of the right types and layouts that share no memory.
  @usableFromInline
  func runChecked(_ operands: OperandPointers, into output: UnsafeMutableRawPointer) throws(EinsumError) {
    try operands.withUnsafePointer { pointers throws(EinsumError) in try compiled.run(pointers, output) }
  }

  // MARK: Checks

  @usableFromInline
  func checkCount(_ count: Int) throws(EinsumError) {
    if count != operandSpans.count {
      throw EinsumError(.operandCount(expected: operandSpans.count, given: count))
    }
  }

  @usableFromInline
  func check(_ number: Int, _ type: ElementType, _ layout: Layout) throws(EinsumError) {
    guard number < operandSpans.count else { return }
    if type != request.operands[number].elementType {
      throw EinsumError(
        .operandType(
          operand: number, expected: request.operands[number].elementType.rawValue, given: type.rawValue))
    }
    let expected = request.operands[number].layout
    if layout.shape != expected.shape {
      throw EinsumError(.operandShape(operand: number, expected: expected.shape, given: layout.shape))
    }
    if layout.strides != expected.strides {
      throw EinsumError(.operandStrides(operand: number, expected: expected.strides, given: layout.strides))
    }
  }

  @usableFromInline
  func checkOutput(_ type: ElementType, _ layout: Layout) throws(EinsumError) {
    if type != outputType {
      throw EinsumError(.outputType(expected: outputType.rawValue, given: type.rawValue))
    }
    if layout.shape != outputLayout.shape {
      throw EinsumError(.outputShape(expected: outputLayout.shape, given: layout.shape))
    }
    if layout.strides != outputLayout.strides {
      throw EinsumError(.outputStrides(expected: outputLayout.strides, given: layout.strides))
    }
  }
}

extension Tensor {
  /// Keeps the memory until here, as nothing else does where only its address is used.
  @inlinable func keep() { withExtendedLifetime(storage) {} }
}
