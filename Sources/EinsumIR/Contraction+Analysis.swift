package import EinsumSyntax

/// The type of an operand: what its elements are and where they lie.
package struct OperandType: Hashable, Sendable {
  package var elementType: ElementType
  package var layout: Layout
  package var isConjugated: Bool

  package init(_ elementType: ElementType, _ layout: Layout, isConjugated: Bool = false) {
    self.elementType = elementType
    self.layout = layout
    self.isConjugated = isConjugated
  }
}

/// What an equation means for given operands: the arithmetic, and the type of the result.
package struct Analysis: Hashable, Sendable {
  package let contraction: Contraction
  package let outputType: ElementType
  package let outputLayout: Layout

  /// Matches an equation with its operands: the last stage that can refuse what the user gave.
  ///
  /// - Parameters:
  ///   - accumulate: the type to compute in and to return, instead of the operands' common type: one that holds all
  ///     of its values, or any integer type for real numbers.
  ///   - outputLayout: where the result is to be written; C order if nil.
  /// - Throws: `EinsumError` for a wrong number of operands, rank, extent, ellipsis or output layout.
  package init(
    _ equation: Equation, _ operands: [OperandType], accumulate: ElementType? = nil,
    outputLayout: Layout? = nil
  ) throws(EinsumError) {
    var binder = IndexBinder(equation)
    try binder.bind(operands)
    let resultType = try Self.resultType(of: operands, accumulate)
    let shape = binder.outputShape
    let layout = try Self.checked(outputLayout ?? Layout(shape: shape), shape, resultType, equation)
    let accesses = operands.enumerated().map { binder.access($1, $0) }
    let output = binder.outputAccess(resultType, layout)
    let isMove =
      operands.count == 1 && accesses.allSatisfy { $0.elementType == resultType && !$0.isConjugated }
      && Set(accesses.flatMap(\.indices)).subtracting(output.indices).isEmpty
    let hasRepeats = binder.outputLabels.count > Set(binder.outputLabels).count
    contraction = Contraction(
      computeType: isMove ? resultType : resultType.computeType, indices: binder.indices,
      operands: accesses, output: output, clearedOutput: hasRepeats ? layout : nil)
    self.outputType = resultType
    self.outputLayout = layout
  }

  private static func resultType(
    of operands: [OperandType], _ accumulate: ElementType?
  ) throws(EinsumError) -> ElementType {
    let common = ElementType.promoted(operands.map(\.elementType)) ?? .float64
    guard let accumulate else { return common }
    if common.numberClass == .complex && accumulate.numberClass != .complex {
      throw EinsumError(.cannotConvert(from: common.rawValue, to: accumulate.rawValue))
    }
    // Fractions are cut off only where an integer type is asked for by name; apart from that all values must fit.
    let isInteger = accumulate.numberClass == .signed || accumulate.numberClass == .unsigned
    let cutsFractions = common.numberClass == .real && isInteger
    if !cutsFractions && common.promoted(with: accumulate) != accumulate {
      throw EinsumError(.accumulateType(elementType: common.rawValue, accumulate: accumulate.rawValue))
    }
    return accumulate
  }

  /// The output's layout, if it has the right shape and puts no two elements in one place.
  private static func checked(
    _ layout: Layout, _ shape: [Int], _ type: ElementType, _ equation: Equation
  ) throws(EinsumError) -> Layout {
    if layout.shape != shape { throw EinsumError(.outputShape(expected: shape, given: layout.shape)) }
    guard layout.isAddressable(elementSize: type.size) else {
      throw EinsumError(
        .elementCountOverflow(shape: shape, what: "the output"), in: equation.text, at: equation.output.range)
    }
    if shape.contains(0) { return layout }
    var reach = 0
    let axes = zip(layout.strides, shape).filter { $0.1 > 1 }.sorted { abs($0.0) < abs($1.0) }
    for (stride, extent) in axes {
      if abs(stride) <= reach {
        throw EinsumError(.outputLayout(why: "strides \(layout.strides) put two elements in one place"))
      }
      reach += abs(stride) * (extent - 1)
    }
    return layout
  }
}
