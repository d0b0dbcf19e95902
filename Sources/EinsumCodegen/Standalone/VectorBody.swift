import EinsumIR

/// The functions of a standalone file in the vector dialect: the driver and the kernels that the JIT runs, specialised
/// together for the problem.
///
/// Everything comes from the same emitters as the kernel library and the driver, so the arithmetic is the same.
enum VectorBody {
  static func text(
    for kernel: StandaloneKernel, _ variants: [StandaloneVariant]
  ) throws(StandaloneFailure) -> String {
    let isSingle = variants.count == 1
    let compute = StandaloneWriter.computeName(kernel)
    var types: [String] = []
    var sections: [String] = []
    for variant in variants {
      let isa = variant.plan.isa
      let name = isSingle ? compute : "\(kernel.name)_\(isa.rawValue)"
      let part = try functions(for: kernel, variant, name: name, isStatic: !isSingle || kernel.allocates)
      for type in part.types where !types.contains(type) { types.append(type) }
      var text = CText()
      for (number, function) in part.functions.enumerated() {
        if number > 0 { text.line("") }
        CWriter.write(function, &text)
      }
      let pragmas = CUnit(isa: isa).pragmas
      sections.append(
        [pragmas.begin, text.text, pragmas.end].filter { !$0.isEmpty }.joined(separator: "\n"))
    }
    if !isSingle { sections.append(dispatcher(kernel, variants)) }
    if kernel.numbersThreads { sections.insert(OpenMP.threadNumberFunction(threadName(kernel)), at: 0) }
    let head = types.map { $0.contains("struct") ? StandaloneKernel.guarded($0) : $0 }
    if !head.isEmpty { sections.insert(head.joined(separator: "\n") + "\n", at: 0) }
    return sections.joined(separator: "\n")
  }

  private static func threadName(_ kernel: StandaloneKernel) -> String { kernel.name + "_thread" }

  /// The types and functions for one instruction set.
  private static func functions(
    for kernel: StandaloneKernel, _ variant: StandaloneVariant, name: String, isStatic: Bool
  ) throws(StandaloneFailure) -> (types: [String], functions: [CFunction]) {
    let program = variant.program.named
    let isa = variant.plan.isa
    let library = try CParser.source(KernelEmitter.source(for: program.kernels, on: isa))
    let text = try driver(for: kernel, variant, program)
    let driver = try CParser.source(text, types: ["es_c64", "es_c128"])
    guard let printed = driver.functions.first else { throw StandaloneFailure("a driver is missing") }
    let ending = "_" + isa.rawValue
    let kernels = Dictionary(program.kernels.map { ($0.symbol, $0) }) { first, _ in first }
    var specializer = Specializer(
      library: CStructures.flattened(library), reserved: [kernel.name, name],
      exact: { symbol, arguments in kernels[symbol].flatMap { edge(of: $0, arguments) } }
    ) { symbol in
      let base = symbol.hasPrefix("es_") ? String(symbol.dropFirst(3)) : symbol
      return name + "_" + (base.hasSuffix(ending) ? String(base.dropLast(ending.count)) : base)
    }
    let entry = try entry(for: kernel, variant, printed, name: name, isStatic: isStatic)
    _ = specializer.add(entry, known: entry.parameters.map { _ in nil }, name: name, keepsParameters: true)
    let bits = BitPointers(for: variant.plan.tensors.map(\.elementType))
    var functions = specializer.functions.map { function in
      let function = function.calling(threadName(kernel), insteadOf: OpenMP.threadNumber)
      let typed = bits.replacing(in: function, keepsParameters: function.name == name)
      if isa == .baseline { return typed }
      let fused = LoneSums.applied(to: typed, on: isa)
      return isa == .avx2 ? SingleLoads.applied(to: fused) : fused
    }
    functions[functions.count - 1].alignWorkspace()
    if let call = specializer.unknownCall { throw StandaloneFailure("a call of \(call) is left open") }
    var result = CText()
    for function in functions { CWriter.write(function, &result) }
    let words = Set(CLexer.tokens(of: result.text))
    let known = CType.structures(usedBy: [.complex64, .complex128]) + bits.definitions + library.types
    let types = known.filter { type in
      words.contains(.name(CParser.definedName(type)))
    }
    var seen: Set<String> = []
    return (types.filter { seen.insert(CParser.definedName($0)).inserted }, functions)
  }

  /// The text of the driver.
  private static func driver(
    for kernel: StandaloneKernel, _ variant: StandaloneVariant, _ program: LoopProgram
  ) throws(StandaloneFailure) -> String {
    guard let dynamic = kernel.dynamic else { return CPrinter.openMPSource(for: program) }
    return try DynamicText(extents: dynamic.extents, kernel: kernel).driver(variant.programs.map(\.named))
  }

  /// A register tile for the rows and columns that exist, if these are known.
  private static func edge(of spec: KernelSpec, _ arguments: [CExpression]) -> CFunction? {
    guard case .tile(let tile, _) = spec.kind, case .integer(let rows)? = arguments.first,
      case .integer(let columns)? = arguments.dropFirst().first, (rows, columns) != (tile.mr, tile.nr),
      let source = KernelEmitter.source(ofEdge: spec, rows: rows, columns: columns)
    else { return nil }
    return try? CParser.source(source, types: ["es_c64", "es_c128"]).functions.last
  }

  /// The driver with typed parameters in place of its array of operands.
  private static func entry(
    for kernel: StandaloneKernel, _ variant: StandaloneVariant, _ driver: CFunction, name: String,
    isStatic: Bool
  ) throws(StandaloneFailure) -> CFunction {
    var parameters = kernel.parameters
    if kernel.hasWorkspace { parameters.append(StandaloneKernel.workspaceParameter) }
    var steps = variant.plan.steps[...]
    var body: [CStatement] = []
    for statement in driver.body {
      switch statement {
      case .comment:
        // The driver has one comment for each step, and a block behind it.
        if let step = steps.first, variant.plan.steps.count > 1 {
          body.append(.comment(StandaloneComment.formula(of: step, variant.plan, kernel)))
        }
      case .block(let inner):
        guard steps.popFirst() != nil else { throw StandaloneFailure("a driver has another step") }
        body += variant.plan.steps.count == 1 ? inner : [.block(inner)]
      default: body.append(statement)
      }
    }
    let typed = body.map { statement in
      CleanUp.mapExpressions(statement) { value in
        switch value {
        case .element(.name("operand"), .integer(let number)): .name(kernel.operandNames[number])
        case .name("output"): .name("out")
        default: value
        }
      }
    }
    return CFunction(
      type: isStatic ? "static void" : "void", name: name, parameters: parameters, comment: nil, body: typed)
  }

  /// The function that calls the best of several that the CPU can run.
  private static func dispatcher(_ kernel: StandaloneKernel, _ variants: [StandaloneVariant]) -> String {
    var text = CText()
    var parameters = kernel.parameters
    if kernel.hasWorkspace { parameters.append(StandaloneKernel.workspaceParameter) }
    let arguments = parameters.map(\.name).joined(separator: ", ")
    let list = parameters.map { CWriter.text($0) }.joined(separator: ", ")
    let name = StandaloneWriter.computeName(kernel)
    text.function(
      "Runs the version for the best instruction set of this CPU.",
      "\(kernel.allocates ? "static " : "")void \(name)(\(list))"
    ) { text in
      for (number, variant) in variants.enumerated() {
        let isa = variant.plan.isa
        let call = "\(kernel.name)_\(isa.rawValue)(\(arguments));"
        let word = number == 0 ? "if" : "else if"
        let tests = isa.cpuFeatures.map { "__builtin_cpu_supports(\"\($0)\")" }.joined(separator: " && ")
        text.statement(tests.isEmpty ? "else" : "\(word) (\(tests))", call)
      }
    }
    return text.text
  }
}

extension CFunction {
  /// This function with calls of another one in place of those of `old`.
  fileprivate func calling(_ new: String, insteadOf old: String) -> CFunction {
    var result = self
    result.body = body.map { statement in
      CleanUp.mapExpressions(statement) { $0 == .call(old, []) ? .call(new, []) : $0 }
    }
    return result
  }

  /// Has the driver begin its workspace at a cache line, if it uses one.
  fileprivate mutating func alignWorkspace() {
    let unused = CStatement.expression(.cast(type: "void", .name(StandaloneKernel.workspaceParameter.name)))
    guard parameters.contains(StandaloneKernel.workspaceParameter), !body.contains(unused) else { return }
    body.insert(.expression(StandaloneKernel.aligningStatement), at: 0)
  }
}

extension ISA {
  /// The features to ask the CPU for, as compilers name them.
  fileprivate var cpuFeatures: [String] {
    switch self {
    case .baseline: []
    case .avx2: ["avx2", "fma", "bmi2"]
    case .avx512: ["avx512f", "avx512bw", "avx512dq", "avx512vl"]
    }
  }
}

extension LoopProgram {
  /// This program with loops named as people call them.
  fileprivate var named: LoopProgram {
    var result = self
    let others = Set(buffers.map(\.name) + ["operand", "output", "workspace", "thread"])
    for step in steps {
      var names = CNames(taken: others)
      func visit(_ statements: [Statement]) {
        for case .loop(let loop, let body) in statements {
          result.loops[loop.number].name = names.unique(self[loop].label)
          visit(body)
        }
      }
      visit(step.body)
    }
    return result
  }
}
