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
  ///   - accumulate: the type to compute in and to return, if not the operands'.
  ///   - name: the C function's name: letters, digits and `_`; made from the equation if nil.
  ///   - allocates: whether the function allocates its workspace itself, rather than taking it as an argument.
  ///   - hasMain: whether the file is a program that checks and times itself.
  ///   - threads: the most OpenMP threads that contractions are planned for, if the file is compiled with it; the machine's
  ///     if nil.
  ///   - dynamic: labels whose extents are arguments of the function, in front of the others; the operands' extents are
  ///     then those for which the program checks itself.
  /// - Throws: `EinsumError` with a caret in the equation, or [invalid-argument] for the name.
  public static func emit(
    _ equation: String, operands: [Layout], elementType: ElementType, accumulate: ElementType? = nil,
    target: EmitTarget = .native, name: String? = nil, allocates: Bool = false, hasMain: Bool = false,
    threads: Int? = nil, dynamic: [String] = []
  ) throws(EinsumError) -> EmittedCode {
    if let threads, threads < 1 {
      throw EinsumError(.invalidArgument(what: "threads", why: "\(threads) is not a number of threads"))
    }
    return try emit(
      CompileRequest(
        equation: Equation(parsing: equation),
        operands: operands.map { OperandType(elementType, $0.atOrigin) }, accumulate: accumulate,
        threads: threads),
      target: target, name: name, allocates: allocates, hasMain: hasMain, dynamic: dynamic)
  }

  /// Writes a kernel for any request.
  package static func emit(
    _ request: CompileRequest, target: EmitTarget, name: String?, allocates: Bool, hasMain: Bool,
    dynamic labels: [String] = []
  ) throws(EinsumError) -> EmittedCode {
    let name = name ?? CIdentifier.name(for: request.equation.text)
    if let objection = CIdentifier.objection(to: name)
      ?? (hasMain ? SelfCheckProgram.objection(to: name) : nil)
    {
      throw EinsumError(.invalidArgument(what: "name", why: objection))
    }
    let threads = try request.machine().threads
    let machines = try target.machines().map { $0.with(threads: threads) }
    let analysis = try Analysis(
      request.equation, request.operands, accumulate: request.accumulate, outputLayout: request.outputLayout)
    let samples = labels.isEmpty ? nil : try DynamicSamples(labels, request, analysis)
    var variants: [StandaloneVariant] = []
    for machine in machines {
      if let plans = try samples?.plans(on: machine) {
        variants.append(StandaloneVariant(plan: plans[0], samples: Array(plans.dropFirst())))
      } else {
        let plan = try Compilation(request, on: machine).plan
        variants.append(StandaloneVariant(plan: target == .portable ? plan : plan.withPlainRows))
      }
    }
    let kernel = StandaloneKernel(
      name: name, expression: request.equation.text, operands: request.operands, analysis: analysis,
      dialect: target == .portable
        ? .portable(variants[0].plan, samples: variants[0].samples) : .vector(variants),
      compilerFlags: target.compilerFlags, allocates: allocates, hasMain: hasMain,
      dynamic: samples?.dynamic(on: machines[0]))
    do throws(StandaloneFailure) {
      return EmittedCode(
        name: name, source: try StandaloneWriter.source(for: kernel),
        header: StandaloneWriter.header(for: kernel), workspaceSize: kernel.workspaceSize)
    } catch {
      throw error.kind == .extents
        ? DynamicSamples.objection(error.message)
        : EinsumError(.emission(why: error.message), in: request.equation.text)
    }
  }
}
