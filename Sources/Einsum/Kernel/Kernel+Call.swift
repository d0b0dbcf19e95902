import EinsumIR
public import EinsumSyntax

extension Kernel {
  /// Computes into a tensor that exists, without allocating unless the output's memory is shared with another tensor.
  ///
  /// - Parameters:
  ///   - operand: tensors of the types and layouts that the kernel was compiled for.
  ///   - output: a C-ordered tensor of the result's shape and type; its old elements are never read.
  /// - Throws: `EinsumError` for an operand or output that does not fit [operand-count, operand-shape, ...], or
  ///   [out-of-memory] for the workspace.
  public func callAsFunction<each Operand: TensorElement, Output: TensorElement>(
    _ operand: repeat Tensor<each Operand>, into output: inout Tensor<Output>
  ) throws(EinsumError) {
    var number = 0
    for tensor in repeat each operand {
      try check(number, type(of: tensor).elementType, tensor.layout)
      number += 1
    }
    try checkCount(number)
    try checkOutput(Output.elementType, output.layout)
    output.makeUnique()
    let result = UnsafeMutableRawPointer(output.pointer)
    try withPointers(number) { pointers throws(EinsumError) in
      var place = 0
      for tensor in repeat each operand {
        pointers[place] = UnsafeRawPointer(tensor.pointer)
        place += 1
      }
      try withExtendedLifetime((repeat each operand)) { () throws(EinsumError) in
        try compiled.run(pointers, result)
      }
    }
  }

  /// Computes into a new tensor.
  ///
  /// - Throws: as the form with `into:`, and [out-of-memory] for the result.
  public func callAsFunction<each Operand: TensorElement, Output: TensorElement>(
    _ operand: repeat Tensor<each Operand>, as type: Output.Type
  ) throws(EinsumError) -> Tensor<Output> {
    var output = try Tensor<Output>(uninitialized: outputLayout.shape)
    try self(repeat each operand, into: &output)
    return output
  }

  /// Computes on any number of tensors of one element type.
  public func callAsFunction<Element: TensorElement, Output: TensorElement>(
    operands: [Tensor<Element>], into output: inout Tensor<Output>
  ) throws(EinsumError) {
    try checkCount(operands.count)
    for (number, tensor) in operands.enumerated() { try check(number, Element.elementType, tensor.layout) }
    try checkOutput(Output.elementType, output.layout)
    output.makeUnique()
    let result = UnsafeMutableRawPointer(output.pointer)
    try withPointers(operands.count) { pointers throws(EinsumError) in
      for (number, tensor) in operands.enumerated() { pointers[number] = UnsafeRawPointer(tensor.pointer) }
      try withExtendedLifetime(operands) { () throws(EinsumError) in try compiled.run(pointers, result) }
    }
  }

  /// Computes on raw memory whose types and layouts the caller vouches for.
  ///
  /// - Parameters:
  ///   - operands: for each operand, its element at index zero of every axis; the caller keeps the memory.
  ///   - output: likewise.
  /// - Throws: `EinsumError` [output-overlap] if the output shares memory with an operand, [out-of-memory].
  package func run(_ operands: [UnsafeRawPointer], into output: UnsafeMutableRawPointer) throws(EinsumError) {
    try checkCount(operands.count)
    try withPointers(operands.count) { pointers throws(EinsumError) in
      for (number, pointer) in operands.enumerated() { pointers[number] = pointer }
      try run(pointers, into: output)
    }
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

  private func withPointers(
    _ count: Int, _ body: (UnsafeMutablePointer<UnsafeRawPointer?>) throws(EinsumError) -> Void
  ) throws(EinsumError) {
    let result: Result<Void, EinsumError> = withUnsafeTemporaryAllocation(
      of: UnsafeRawPointer?.self, capacity: max(count, 1)
    ) { buffer in
      buffer.initialize(repeating: nil)
      guard let pointers = buffer.baseAddress else { return .success(()) }
      do throws(EinsumError) {
        return .success(try body(pointers))
      } catch {
        return .failure(error)
      }
    }
    try result.get()
  }

  // MARK: Checks

  private func checkCount(_ count: Int) throws(EinsumError) {
    if count != request.operands.count {
      throw EinsumError(.operandCount(expected: request.operands.count, given: count))
    }
  }

  private func check(_ number: Int, _ type: ElementType, _ layout: Layout) throws(EinsumError) {
    guard number < request.operands.count else { return }
    let expected = request.operands[number]
    if type != expected.elementType {
      throw EinsumError(
        .operandType(operand: number, expected: expected.elementType.rawValue, given: type.rawValue))
    }
    if layout.shape != expected.layout.shape {
      throw EinsumError(.operandShape(operand: number, expected: expected.layout.shape, given: layout.shape))
    }
    if layout.strides != expected.layout.strides {
      throw EinsumError(
        .operandStrides(operand: number, expected: expected.layout.strides, given: layout.strides))
    }
  }

  private func checkOutput(_ type: ElementType, _ layout: Layout) throws(EinsumError) {
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
  fileprivate static var elementType: ElementType { Element.elementType }
}
