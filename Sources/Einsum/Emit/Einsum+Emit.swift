import EinsumCodegen
package import EinsumIR
public import EinsumSyntax

extension Einsum {
  /// Writes a kernel as standalone C.
  ///
  ///     let code = try Einsum.emit(
  ///       "ij,jk->ik", operands: [Layout(shape: [32, 64]), Layout(shape: [64, 48])], elementType: .float32)
  ///     print(code.source)
  ///
  /// - Parameters:
  ///   - operands: the layout of each operand.
  ///   - elementType: the type of all operands.
  ///   - name: the C function's name: letters, digits and `_`; made from the equation if nil.
  ///   - allocates: whether the function allocates its workspace itself, rather than taking it as an argument.
  ///   - hasMain: whether the file is a program that checks and times itself.
  /// - Throws: `EinsumError` with a caret in the equation, or [invalid-argument] for the name.
  public static func emit(
    _ equation: String, operands: [Layout], elementType: ElementType, target: EmitTarget = .native,
    name: String? = nil, allocates: Bool = false, hasMain: Bool = false
  ) throws(EinsumError) -> EmittedCode {
    try emit(
      CompileRequest(
        equation: Equation(parsing: equation),
        operands: operands.map { OperandType(elementType, $0.atOrigin) }),
      target: target, name: name, allocates: allocates, hasMain: hasMain)
  }

  /// Writes a kernel for any request.
  package static func emit(
    _ request: CompileRequest, target: EmitTarget, name: String?, allocates: Bool, hasMain: Bool
  ) throws(EinsumError) -> EmittedCode {
    let name = name ?? CIdentifier.name(for: request.equation.text)
    if let objection = CIdentifier.objection(to: name) {
      throw EinsumError(.invalidArgument(what: "--name", why: objection))
    }
    var compilations: [Compilation] = []
    for machine in try target.machines() {
      var trace: CompilationTrace?
      compilations.append(try Compilation(request, on: machine, trace: &trace))
    }
    guard let first = compilations.first else { preconditionFailure("internal: a target without a machine") }
    let variants = compilations.map { StandaloneVariant(plan: $0.plan.withPlainRows) }
    let kernel = StandaloneKernel(
      name: name, expression: request.equation.text, operands: request.operands, analysis: first.analysis,
      dialect: target == .portable ? .portable(first.plan) : .vector(variants),
      compilerFlags: target.compilerFlags, allocates: allocates, hasMain: hasMain)
    return EmittedCode(
      name: name, source: StandaloneWriter.source(for: kernel), header: StandaloneWriter.header(for: kernel),
      workspaceSize: kernel.workspaceSize)
  }
}
