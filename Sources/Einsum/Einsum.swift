public import EinsumIR
public import EinsumSyntax

/// Compiles einsum expressions to kernels.
public enum Einsum {
  package static let version = "0.1.0"

  /// Compiles an equation for operands of given layouts and one element type.
  ///
  /// Kernels are cached: the same arithmetic, whatever its indices are called, is compiled once.
  ///
  ///     let kernel = try Einsum.compile("bij,bjk->bik", operands: [a.layout, b.layout], elementType: .float32)
  ///
  /// - Parameters:
  ///   - equation: in numpy's notation, such as `ij,jk->ik` or `...i,i`.
  ///   - operands: the layout of each operand.
  ///   - elementType: the type of all operands.
  ///   - accumulate: the type to compute in and to return, which holds all of the operands' values, or an integer type.
  ///   - threads: the most threads that a call may use; by default as many as the process has CPUs. Results do not
  ///     depend on it.
  /// - Throws: `EinsumError` with a caret in the equation.
  public static func compile(
    _ equation: String, operands: [Layout], elementType: ElementType, accumulate: ElementType? = nil,
    threads: Int? = nil
  ) throws(EinsumError) -> Kernel {
    try compile(
      equation, operands: operands.map { ($0, elementType) }, accumulate: accumulate, threads: threads)
  }

  /// Compiles an equation for operands of different element types, which are promoted as numpy's `result_type` does.
  ///
  /// - Parameter conjugated: numbers of the operands whose complex conjugate is meant.
  public static func compile(
    _ equation: String, operands: [(layout: Layout, elementType: ElementType)],
    accumulate: ElementType? = nil, conjugated: Set<Int> = [], threads: Int? = nil
  ) throws(EinsumError) -> Kernel {
    if let threads, threads < 1 {
      throw EinsumError(.invalidArgument(what: "threads", why: "\(threads) is not a number of threads"))
    }
    if let stranger = conjugated.sorted().first(where: { !operands.indices.contains($0) }) {
      throw EinsumError(
        .invalidArgument(what: "conjugated", why: "there is no operand \(stranger) among \(operands.count)"))
    }
    let types = operands.enumerated().map { number, operand in
      OperandType(operand.elementType, operand.layout.atOrigin, isConjugated: conjugated.contains(number))
    }
    return try KernelCache.shared.kernel(
      for: CompileRequest(
        equation: Equation(parsing: equation), operands: types, accumulate: accumulate,
        threads: threads))
  }
}

extension Layout {
  /// This layout without its offset, which kernels do not depend on.
  package var atOrigin: Layout { Layout(shape: shape, strides: strides) }
}

/// Computes an einsum.
///
///     let c = try einsum("ij,jk->ik", a, b)
///
/// - Parameters:
///   - equation: in numpy's notation.
///   - operands: one tensor for each term; views of any strides, without copies.
/// - Returns: the result in C order.
/// - Throws: `EinsumError` for an equation or operands that do not fit, with a caret in the equation.
@inlinable
public func einsum<Element: TensorElement>(
  _ equation: String, _ operands: Tensor<Element>...
) throws(EinsumError) -> Tensor<Element> {
  let kernel = try knownKernel(equation, Element.elementType, operands.count) { operands[$0].layout }
  return try result(of: kernel, operands)
}

/// Computes an einsum in interleaved form: each operand with the numbers of its indices, then those of the output.
///
///     let c = try einsum((a, [0, 1]), (b, [1, 2]), output: [0, 2])
///
/// - Parameter output: nil for the implicit output.
/// - Throws: as the form with text.
public func einsum<Element: TensorElement>(
  _ operands: (Tensor<Element>, [Subscript])..., output: [Subscript]? = nil
) throws(EinsumError) -> Tensor<Element> {
  let tensors = operands.map(\.0)
  let equation = try Equation(interleaved: operands.map(\.1), output: output)
  return try result(of: kernel(for: equation, Element.elementType, tensors.map(\.layout)), tensors)
}

/// The kernel for operands of one type, by the text if there was such a call before.
@usableFromInline
func knownKernel(
  _ equation: String, _ elementType: ElementType, _ count: Int, _ layout: (Int) -> Layout
) throws(EinsumError) -> Kernel {
  if let kernel = KernelCache.shared.knownKernel(equation, elementType, count, layout) { return kernel }
  let layouts = (0..<count).map(layout)
  let kernel = try kernel(for: Equation(parsing: equation), elementType, layouts)
  KernelCache.shared.remember(kernel, equation, elementType, layouts)
  return kernel
}

private func kernel(
  for equation: Equation, _ elementType: ElementType, _ layouts: [Layout]
) throws(EinsumError) -> Kernel {
  let operands = layouts.map { OperandType(elementType, $0.atOrigin) }
  return try KernelCache.shared.kernel(for: CompileRequest(equation: equation, operands: operands))
}

@inlinable
func result<Element: TensorElement>(
  of kernel: Kernel, _ operands: [Tensor<Element>]
) throws(EinsumError) -> Tensor<Element> {
  var output = try Tensor<Element>(uninitialized: kernel.outputLayout)
  try kernel(operands: operands, into: &output)
  return output
}
