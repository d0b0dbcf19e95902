import EinsumIR

/// The text of functions whose extents are arguments.
struct DynamicText {
  let extents: DynamicExtents
  let kernel: StandaloneKernel

  /// The driver for the programs of all samples.
  func driver(_ programs: [LoopProgram]) throws(StandaloneFailure) -> String {
    let texts = programs.map {
      CPrinter.openMPSource(for: $0.withNumberedPlaces).replacing(/\/\*.*?\*\//, with: "/* step */")
    }
    let text = withNamedPlaces(try extents.merged(texts))
    let places = try workspace(programs).declarations(for: text)
    let lines = (try opening(programs.map(\.outputCount)) + places).joined(separator: "\n")
    // The first brace at the beginning of a line is the function's.
    return text.replacing("\n{\n", with: "\n{\n\(lines)\n", maxReplacements: 1)
  }

  func workspace(_ programs: [LoopProgram]) throws(StandaloneFailure) -> DynamicWorkspace {
    try DynamicWorkspace(extents, sizes: programs.map(\.workspaceSizes))
  }

  /// The plain loops of the plans of all samples, of which `body` gives the text for one.
  func plain(_ plans: [Plan], body: (Plan) -> String) throws(StandaloneFailure) -> String {
    let text = withNamedPlaces(try extents.merged(plans.map { body($0.withNumberedPlaces) }))
    let lines = try opening(plans.map(\.outputCount)) + workspace(plans).declarations(for: text)
    return lines.joined(separator: "\n") + "\n" + text
  }

  func workspace(_ plans: [Plan]) throws(StandaloneFailure) -> DynamicWorkspace {
    try DynamicWorkspace(extents, sizes: plans.map(\.intermediateSizes))
  }

  /// `workspace + 2` with the name of the third area's place.
  private func withNamedPlaces(_ text: String) -> String {
    text.replacing(/workspace \+ ([0-9]+)/) { "workspace + " + DynamicWorkspace.name(Int($0.1) ?? 0) }
  }

  /// What a function begins with: a check of its extents, and the case without any term.
  private func opening(_ counts: [Int]) throws(StandaloneFailure) -> [String] {
    guard let count = extents.product(counts) else { throw extents.refusal }
    let names = extents.extents.map(\.name)
    let element = kernel.analysis.outputType.numberClass == .complex ? "out[n].re = out[n].im" : "out[n]"
    return [
      "assert(\(names.map { "\($0) >= 0" }.joined(separator: " && ")));",
      "if (\(names.map { "\($0) == 0" }.joined(separator: " || "))) {",
      "    for (long n = 0; n < \(extents.text(count)); n++)",
      "        \(element) = 0;",
      "    return;",
      "}",
    ]
  }
}

extension LoopProgram {
  /// The buffers that are parts of the workspace.
  private var areas: [Int] { buffers.indices.filter { buffers[$0].storage.isWorkspace } }

  /// The bytes of each buffer in the workspace.
  fileprivate var workspaceSizes: [Int] {
    areas.map { buffers[$0].span.count &* buffers[$0].elementSize }
  }

  /// This program with its buffers' numbers in place of where they lie in the workspace.
  fileprivate var withNumberedPlaces: LoopProgram {
    var result = self
    for (number, buffer) in areas.enumerated() { result.buffers[buffer].storage = .workspace(number) }
    return result
  }

  fileprivate var outputCount: Int {
    buffers.first { $0.storage == .output }?.span.count ?? 0
  }
}

extension Plan {
  private var intermediates: [Int] {
    tensors.indices.filter { if case .workspace = tensors[$0].place { true } else { false } }
  }

  /// The bytes of each intermediate.
  fileprivate var intermediateSizes: [Int] {
    intermediates.map { tensors[$0].span.count &* tensors[$0].elementType.size }
  }

  /// This plan with its intermediates' numbers in place of where they lie in the workspace.
  fileprivate var withNumberedPlaces: Plan {
    var result = self
    for (number, tensor) in intermediates.enumerated() { result.tensors[tensor].place = .workspace(number) }
    return result
  }

  fileprivate var outputCount: Int { tensors.last?.span.count ?? 0 }
}
