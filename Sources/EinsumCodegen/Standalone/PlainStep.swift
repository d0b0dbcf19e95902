import EinsumIR

/// One step of a plan as plain loops.
struct PlainStep {
  private let plan: Plan
  private let step: Step
  let contraction: Contraction
  private let tensorNames: [String]
  /// Each index's loop variable, and the one for the starts of its blocks.
  let variables, starts: [String]
  private let dynamic: DynamicExtents?

  init(_ kernel: StandaloneKernel, _ plan: Plan, _ step: Step) {
    self.plan = plan
    self.step = step
    dynamic = kernel.dynamic?.extents
    contraction = step.contraction
    let operandNames = kernel.operandNames
    tensorNames = (step.inputs + [step.output]).map { number in
      switch plan.tensors[number].place {
      case .operand(let operand): operandNames[operand]
      case .output: "out"
      case .workspace: "t\(number)"
      }
    }
    var names = CNames(
      taken: Set(
        operandNames + tensorNames + Self.sums + [
          "out", "workspace", "sum", "sums", "lane", "x", "y", kernel.name,
        ]))
    variables = contraction.indices.indices.map { names.unique(step.contraction.names([$0])) }
    starts = variables.map { names.unique($0 + "_start") }
  }

  var type: ElementType { contraction.computeType }
  var outputType: ElementType { contraction.output.elementType }

  /// Whether any extent is an argument.
  var isDynamic: Bool { dynamic != nil }

  /// Whether an extent is an argument, or as large as what stands for one.
  private func isArgument(_ extent: Int) -> Bool { dynamic.map { extent >= $0.leastMarker } ?? false }

  /// The indices of a step, outermost first: those of the output as it lies in memory, then the sums, and last an index
  /// along which the output and the operands are contiguous, so that the innermost loop has no sum to carry. Sums without
  /// such an index are in the schedule's order.
  static func order(of step: Step) -> [Int] {
    let contraction = step.contraction
    let summed = contraction.summed
    let output = zip(contraction.output.indices, contraction.output.strides)
      .sorted { $0.1.magnitude > $1.1.magnitude }.map(\.0)
    if summed.isEmpty { return output }
    let row = output.last { index in
      contraction.indices[index].extent >= shortestRow && contraction.output.stride(of: index) == 1
        && contraction.operands.allSatisfy { [0, 1].contains($0.stride(of: index) ?? 0) }
    }
    if let row { return output.filter { $0 != row } + summed + [row] }
    switch step.schedule {
    case .map(let schedule): return schedule.order
    case .tiled(let schedule):
      let outer = schedule.batch + schedule.outer + (schedule.across.map { [$0.index] } ?? [])
      return outer + schedule.m + schedule.n + schedule.k
    case .batched(let schedule):
      return schedule.outer + [schedule.batch, schedule.m, schedule.n, schedule.k].compactMap(\.self)
    }
  }

  /// A row that compilers do well to vectorise.
  static let shortestRow = 4

  /// Whether it is worth it to let threads share the outermost loop, which goes over the output.
  private func isShareable(_ outer: [Int]) -> Bool {
    !outer.isEmpty && contraction.points > 1e5
  }

  func write(_ text: inout CText, _ unit: inout CUnit) {
    declareIntermediates(&text)
    let summed = Set(contraction.summed)
    let order = Self.order(of: step)
    let outer = Array(order.prefix { !summed.contains($0) })
    let inner = Array(order.dropFirst(outer.count))
    if isShareable(outer) { text.line(OpenMP.guarded(OpenMP.withLoop(OpenMP.region))) }
    if inner.isEmpty {
      return mapLoops(outer, &text) { text in
        let term = term(&unit)
        if !term.before.isEmpty { text.line(term.before) }
        text.line(store(outputValue(term.value, &unit), to: place(output)))
      }
    }
    if inner.allSatisfy(summed.contains) { return addSums(outer, inner, &text, &unit) }
    loops(outer, &text) { text in
      loops(inner.filter { !summed.contains($0) }, &text) { $0.line(zero(place(output))) }
      addRows(inner, &text, &unit)
    }
  }

  /// Adds terms to a row of the output, as loops whose last is along the row and whose last but one is a sum.
  ///
  /// Four terms at a time, one after the other, save most loads and stores of a long row. A row that fits registers stays
  /// there if there is one term at a time; but a very short one compilers take apart into scalars, unless there is more
  /// to do for each of its elements.
  private func addRows(_ indices: [Int], _ text: inout CText, _ unit: inout CUnit) {
    let count = Self.termsAtOnce
    guard let sum = indices.dropLast().last, contraction.summed.contains(sum), !isComplex, type != .bool,
      contraction.indices[sum].extent >= count, let row = indices.last,
      !Self.rowsInRegisters.contains(contraction.indices[row].extent)
    else { return loops(indices, &text) { addTerm(to: place(output), &$0, &unit) } }
    let name = variables[sum]
    let extent = contraction.indices[sum].extent
    loops(Array(indices.dropLast(2)), &text) { text in
      // Where the extent is an argument there is no telling whether a rest is left. Where it is a number, gcc takes a
      // rest that is never run for one that overflows.
      let isArgument = isArgument(extent)
      if isArgument { text.line("long \(name) = 0;") }
      let whole = extent / count * count
      let first =
        isArgument ? "; \(name) + \(count) <= \(extent)" : "long \(name) = 0; \(name) < \(whole)"
      text.block("for (\(first); \(name) += \(count))") { text in
        loops([row], &text) { text in
          let terms = (0..<count).map { term(&unit, ahead: (sum, CLinear($0))).value[0] }
          text.line(add(terms, oneByOneTo: place(output)))
        }
      }
      if !isArgument && whole == extent { return }
      text.block("for (\(isArgument ? "" : "long \(name) = \(whole)"); \(name) < \(extent); \(name)++)") {
        text in
        loops([row], &text) { addTerm(to: place(output), &$0, &unit) }
      }
    }
  }

  private static let termsAtOnce = 4

  /// Rows that gcc and clang keep in vector registers over a sum.
  private static let rowsInRegisters = 17...64

  // MARK: Loops and places

  typealias Body = (inout CText) -> Void

  func loops(_ indices: [Int], _ text: inout CText, _ body: Body) {
    guard let first = indices.first else { return body(&text) }
    loop(first, 0, contraction.indices[first].extent, &text) { loops(Array(indices.dropFirst()), &$0, body) }
  }

  func loop(_ index: Int, _ start: Int, _ end: Int, _ text: inout CText, _ body: Body) {
    let name = variables[index]
    text.block("for (long \(name) = \(start); \(name) < \(end); \(name)++)", body)
  }

  var output: (name: String, access: TensorAccess) {
    (tensorNames[tensorNames.count - 1], contraction.output)
  }

  private func operand(_ number: Int) -> (name: String, access: TensorAccess) {
    (tensorNames[number], contraction.operands[number])
  }

  /// An element, at the loops' variables or so far ahead along one of the indices.
  func place(
    _ tensor: (name: String, access: TensorAccess), ahead: (index: Int, by: CLinear)? = nil
  ) -> String {
    let terms = zip(tensor.access.indices, tensor.access.strides).filter { $0.1 != 0 }
      .map { CLinear.Term(variable: variables[$0.0], coefficient: $0.1) }
    let start = ahead.map { CLinear(0).adding($0.by, times: tensor.access.stride(of: $0.index) ?? 0) }
    let offset = CLinear(0, terms).adding(start ?? CLinear(0)).expression { _ in false }
    return "\(tensor.name)[\(CWriter.text(offset))]"
  }

  /// Pointers to the intermediates that the step uses.
  private func declareIntermediates(_ text: inout CText) {
    var seen: Set<Int> = []
    for number in step.inputs + [step.output] {
      guard case .workspace(let offset) = plan.tensors[number].place, seen.insert(number).inserted else {
        continue
      }
      let type = CType.name(of: plan.tensors[number].elementType)
      let const = number == step.output ? "" : "const "
      let place = offset == 0 ? "workspace" : "(void *)((char *)workspace + \(offset))"
      text.line("\(const)\(type) *const t\(number) = \(place);")
    }
  }

  // MARK: Arithmetic

  /// The unsigned type in which products and sums of integers wrap without a word from any compiler.
  private var wide: String { type.size == 8 ? "unsigned long" : "unsigned" }
  private var isComplex: Bool { type.numberClass == .complex }
  private var isInteger: Bool { type.numberClass == .signed || type.numberClass == .unsigned }
  var name: String { CType.name(of: outputType) }

  /// One term: what comes before it, and its value: an expression, or for complex numbers two.
  struct Term {
    var before = ""
    var value: [String]
  }

  func term(_ unit: inout CUnit, ahead: (index: Int, by: CLinear)? = nil) -> Term {
    let places = contraction.operands.indices.map { place(operand($0), ahead: ahead) }
    switch step.operation {
    case .zero: return Term(value: isComplex ? ["0", "0"] : ["0"])
    case .convert:
      return Term(value: converted(places[0], contraction.operands[0].elementType, to: outputType, &unit))
    case .conjugate: return Term(value: ["\(places[0]).re", "-\(places[0]).im"])
    case .sum, .contract: break
    }
    let factors = contraction.operands.indices.map { number -> [String] in
      let source = contraction.operands[number].elementType
      if !source.sharesKernels(with: type) { return converted(places[number], source, to: type, &unit) }
      return isComplex ? ["\(places[number]).re", "\(places[number]).im"] : [places[number]]
    }
    if isComplex { return product(factors) }
    if factors.count == 1 { return Term(value: factors[0]) }
    let parts = factors.map { isInteger ? "(\(wide))\(bracketed($0[0]))" : bracketed($0[0]) }
    return Term(value: [parts.joined(separator: type == .bool ? " & " : " * ")])
  }

  private func bracketed(_ text: String) -> String {
    text.contains(" ") && !text.hasSuffix("]") ? "(\(text))" : text
  }

  /// The product of complex numbers, one after the other.
  private func product(_ factors: [[String]]) -> Term {
    if factors.count == 1 { return Term(value: factors[0]) }
    let component = CType.name(of: type.componentType)
    func real(_ x: [String], _ y: [String]) -> String { "\(x[0]) * \(y[0]) - \(x[1]) * \(y[1])" }
    func imaginary(_ x: [String], _ y: [String]) -> String { "\(x[0]) * \(y[1]) + \(x[1]) * \(y[0])" }
    var before: [String] = []
    var left = factors[0]
    for (number, right) in factors.enumerated().dropFirst().dropLast() {
      before.append(
        "const \(component) x\(number) = \(real(left, right)), y\(number) = \(imaginary(left, right));")
      left = ["x\(number)", "y\(number)"]
    }
    let right = factors[factors.count - 1]
    return Term(before: before.joined(separator: "\n"), value: [real(left, right), imaginary(left, right)])
  }

  private func converted(
    _ place: String, _ source: ElementType, to type: ElementType, _ unit: inout CUnit
  ) -> [String] {
    let helpers = ConversionHelpers(isa: .baseline)
    func part(_ x: String, _ unit: inout CUnit) -> String {
      helpers.convert(x, from: source.componentType, to: type.componentType, in: &unit)
        .replacing("_baseline", with: "")
    }
    if source.numberClass == .complex { return [part(place + ".re", &unit), part(place + ".im", &unit)] }
    return type.numberClass == .complex ? [part(place, &unit), "0"] : [part(place, &unit)]
  }

  /// A term in the output's type: where nothing is summed, that may be another than the terms'.
  private func outputValue(_ value: [String], _ unit: inout CUnit) -> [String] {
    if step.operation == .convert || step.operation == .zero || outputType.sharesKernels(with: type) {
      return value
    }
    let component = CType.name(of: type.componentType)
    return value.map { part in
      let whole = isInteger || type == .bool ? "(\(component))(\(part))" : "(\(part))"
      return converted(whole, type.componentType, to: outputType.componentType, &unit)[0]
    }
  }

  private func cast(_ value: String) -> String {
    (isInteger || type == .bool) && outputType.sharesKernels(with: type) ? "(\(name))(\(value))" : value
  }

  private func store(_ value: [String], to place: String) -> String {
    if value.count == 2 && outputType.numberClass == .complex {
      return "\(place).re = \(value[0]);\n\(place).im = \(value[1]);"
    }
    let isCopy = step.operation == .sum || step.operation == .convert || step.operation == .zero
    return "\(place) = \(isCopy ? value[0] : cast(value[0]));"
  }

  func addTerm(to place: String, _ text: inout CText, _ unit: inout CUnit) {
    let term = term(&unit)
    if !term.before.isEmpty { text.line(term.before) }
    text.line(add(term.value, to: place))
  }

  private func zero(_ place: String) -> String {
    outputType.numberClass == .complex ? "\(place).re = \(place).im = 0;" : "\(place) = 0;"
  }

  var declareSum: String {
    type.numberClass == .complex ? "\(name) sum = {0, 0};" : "\(name) sum = 0;"
  }

  func add(_ value: [String], to place: String) -> String {
    if value.count == 2 { return "\(place).re += \(value[0]);\n\(place).im += \(value[1]);" }
    if type == .bool { return "\(place) = (\(name))(\(place) | (\(value[0])));" }
    return isInteger ? add(value, oneByOneTo: place) : "\(place) += \(value[0]);"
  }

  /// Adds real numbers to an element, each to the sum of those before.
  private func add(_ values: [String], oneByOneTo place: String) -> String {
    guard isInteger else { return "\(place) = \(([place] + values).joined(separator: "\n    + "));" }
    let terms = ["(\(wide))\(place)"] + values.map { "(\(wide))" + ($0.contains("*") ? "(\($0))" : $0) }
    return "\(place) = (\(name))(\(terms.joined(separator: values.count == 1 ? " + " : "\n    + ")));"
  }
}
