package import EinsumIR
package import EinsumSyntax

/// An einsum with everything a test needs: the notation, operands with their elements, and where the result
/// goes.
package struct Problem: Sendable, CustomStringConvertible {
  package let seed: Int
  package let equation: Equation
  package let operands: [TestTensor]
  package let conjugated: Set<Int>
  package let accumulate: ElementType?
  package let analysis: Analysis

  /// - Parameter outputLayout: makes the output's layout from its shape; C order if nil.
  package init(
    seed: Int, _ text: String, _ operands: [TestTensor], conjugated: Set<Int> = [],
    accumulate: ElementType? = nil, outputLayout: (([Int]) -> Layout)? = nil
  ) throws(EinsumError) {
    self.seed = seed
    self.operands = operands
    self.conjugated = conjugated
    self.accumulate = accumulate
    equation = try Equation(parsing: text)
    let types = operands.enumerated().map { $1.operandType(isConjugated: conjugated.contains($0)) }
    let plain = try Analysis(equation, types, accumulate: accumulate)
    if let outputLayout {
      let layout = outputLayout(plain.outputLayout.shape)
      analysis = try Analysis(equation, types, accumulate: accumulate, outputLayout: layout)
    } else {
      analysis = plain
    }
  }

  /// Expression, shapes, strides, types and seed: what it takes to repeat a failure by hand.
  package var description: String {
    let tensors = operands.enumerated().map { number, operand in
      "\(operand.elementType.code) \(operand.layout.shape) strides \(operand.layout.strides)"
        + (conjugated.contains(number) ? " conjugated" : "")
    }
    let output = analysis.outputLayout
    let result = "-> \(analysis.outputType.code) \(output.shape) strides \(output.strides)"
    return ([equation.text] + tensors + [result, "seed \(seed)"]).joined(separator: "\n  ")
  }

  /// A fresh place for the result, margins filled with a pattern.
  package func makeOutput() -> TestTensor { TestTensor(analysis.outputType, analysis.outputLayout) }

  /// The result by the oracle.
  package func expected() -> TestTensor {
    let output = makeOutput()
    Oracle.compute(
      equation, operands, conjugated: conjugated, in: analysis.outputType.computeType, into: output)
    return output
  }

  /// Pointers to the operands' elements at index zero.
  package var pointers: [UnsafeRawPointer] { operands.map { UnsafeRawPointer($0.origin) } }
}
