import EinsumIR

/// The function of a standalone file in the portable dialect: the plan's steps as plain nested loops in C99.
///
/// A step's loops stand in the order of its schedule; compilers vectorise the innermost. Sums are formed in the order of
/// the loops, one term after the other, but long ones over neighbours in memory in lanes, as vectors would.
enum PlainBody {
  static func text(
    for kernel: StandaloneKernel, _ plan: Plan, _ samples: [Plan]
  ) throws(StandaloneFailure) -> String {
    var unit = CUnit(isa: .baseline)
    var body = body(kernel, plan, &unit).text
    if let dynamic = kernel.dynamic {
      body = try DynamicText(extents: dynamic.extents, kernel: kernel).plain([plan] + samples) { plan in
        Self.body(kernel, plan, &unit).text
      }
    }
    var text = CText()
    for structure in CType.structures(usedBy: plan.tensors.map(\.elementType)) {
      text.line(StandaloneKernel.guarded(structure))
    }
    let helpers = portable(unit.source)
    if !helpers.isEmpty { text.line(helpers) }
    var parameters = kernel.parameters
    if kernel.hasWorkspace { parameters.append(StandaloneKernel.workspaceParameter) }
    let list = parameters.map { CWriter.text($0) }.joined(separator: ", ")
    let name = StandaloneWriter.computeName(kernel)
    let head = "\(kernel.allocates ? "static " : "")void \(name)(\(list))"
    text.function(nil, head) { text in
      let used = Set(CLexer.tokens(of: body))
      for parameter in parameters where !used.contains(.name(parameter.name)) {
        text.line("(void)\(parameter.name);")
      }
      if kernel.hasWorkspace { text.line(CWriter.text(StandaloneKernel.aligningStatement) + ";") }
      text.line(String(body.dropLast()))
    }
    return text.text
  }

  /// The bytes of all intermediates; plain loops need nothing else.
  static func workspaceSize(of plan: Plan) -> Int {
    plan.tensors.reduce(0) { size, tensor in
      guard case .workspace(let start) = tensor.place else { return size }
      return max(size, start + tensor.span.count * tensor.elementType.size)
    }
  }

  /// Whether the text calls `memcpy`, for the bits of half types.
  static func movesBits(_ kernel: StandaloneKernel) -> Bool {
    guard case .portable(let plan, _) = kernel.dialect else { return false }
    var unit = CUnit(isa: .baseline)
    return body(kernel, plan, &unit).text.contains("memcpy") || unit.source.contains("memcpy")
  }

  /// The conversion helpers as C99.
  private static func portable(_ source: String) -> String {
    source.replacing("__builtin_memcpy", with: "memcpy").replacing("_baseline", with: "")
  }

  private static func body(_ kernel: StandaloneKernel, _ plan: Plan, _ unit: inout CUnit) -> CText {
    var text = CText()
    for (number, step) in plan.steps.enumerated() {
      if plan.steps.count == 1 {
        PlainStep(kernel, plan, step).write(&text, &unit)
      } else {
        if number > 0 { text.line("") }
        text.block("") { PlainStep(kernel, plan, step).write(&$0, &unit) }
      }
    }
    return text
  }
}
