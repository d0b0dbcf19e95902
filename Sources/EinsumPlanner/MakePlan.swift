package import EinsumIR
import EinsumSyntax

/// Decides everything about a contraction: the order of pairwise steps, a schedule for each, and the place of every
/// intermediate.
///
/// Conversions come first, as all arithmetic is in the contraction's compute type, or on pairs of 16-bit numbers; then
/// indices that only one operand has are summed, as nothing later needs them; then the path is followed.
///
/// - Parameter contraction: in simplified form. A workspace past `Int` is reported as `Int.max` bytes.
package func makePlan(for contraction: Contraction, on machine: Machine) -> Plan {
  var builder = PlanBuilder(contraction, machine)
  builder.build()
  return builder.plan
}

/// A tensor while the plan is made: its number, and how the contraction's indices step through it.
private struct Value {
  var number: Int
  var access: TensorAccess
  /// Its block of the workspace, if it is an intermediate.
  var block: (start: Int, bytes: Int)?
}

/// An output is made by way of an intermediate only if that leaves most of the workspace's 32 MiB to others.
private let mostDetourBytes = 0x1p24

/// A plan with a step more must promise to take no more than this part of the time.
private let leastGain = 0.9

private struct PlanBuilder {
  let contraction: Contraction
  let machine: Machine
  var plan: Plan
  var allocator = WorkspaceAllocator()
  /// For each index, how many tensors have it, the output included.
  let useCounts: [Int]
  /// The type that operands are converted to.
  let operandType: ElementType
  /// The predicted time of all steps so far.
  var cycles = 0.0

  init(_ contraction: Contraction, _ machine: Machine) {
    self.contraction = contraction
    self.machine = machine
    operandType = Self.operandType(of: contraction, on: machine)
    useCounts = Self.useCounts(contraction.operands + [contraction.output], contraction.indices.count)
    let operands = contraction.operands.enumerated().map { number, operand in
      PlanTensor(elementType: operand.elementType, place: .operand(number), span: operand.span)
    }
    plan = Plan(
      contraction: contraction, isa: machine.isa, threads: machine.threads, tensors: operands, steps: [],
      workspaceSize: 0)
  }

  /// The type of which products are formed: narrower than sums where the CPU has instructions for that.
  private static func operandType(of contraction: Contraction, on machine: Machine) -> ElementType {
    if contraction.isEmpty { return contraction.computeType }
    if isBestInPairs(contraction, on: machine) { return .int16 }
    return isBestInHalves(contraction, on: machine) ? .bfloat16 : contraction.computeType
  }

  // MARK: The order of steps

  mutating func build() {
    if let cleared = contraction.clearedOutput { clear(cleared) }
    if contraction.isEmpty {
      if contraction.clearedOutput == nil && contraction.size(of: contraction.output.indices) > 0 { clear() }
    } else {
      compute()
    }
    plan.tensors.append(
      PlanTensor(
        elementType: contraction.output.elementType, place: .output, span: contraction.output.span))
    let output = plan.tensors.count - 1
    for number in plan.steps.indices where plan.steps[number].output == Self.outputNumber {
      plan.steps[number].output = output
    }
    plan.workspaceSize = allocator.size
    if !plan.steps.contains(where: \.schedule.isShared) { plan.threads = 1 }
  }

  /// Stands for the output until the number of intermediates is known.
  private static let outputNumber = -1

  private mutating func compute() {
    let isSingle = contraction.operands.count == 1
    if operandType != .bfloat16 && isStaged(contraction, on: machine) { return computeInStages() }
    var values: [Value] = []
    for number in contraction.operands.indices {
      let operand = Value(number: number, access: contraction.operands[number])
      if isSingle && canConvertIntoOutput(operand.access) {
        return add(.convert, [operand], contraction.output, to: Self.outputNumber)
      }
      values.append(prepared(operand))
    }
    if isSingle { return finish(values) }
    var best: PlanBuilder?
    for path in competingPaths(PathProblem(contraction, of: values.map(\.access))) {
      var trial = self
      if trial.follow(path, values, within: best?.cycles) { best = trial }
    }
    if let best { self = best }
  }

  /// The last step, from one or two values.
  private mutating func finish(_ values: [Value]) {
    let type = contraction.output.elementType
    let isComputed = isComputable(type) || operandType == type && canRoundSums(of: contraction)
    if isComputed {
      var direct = self
      direct.add(values.count == 1 ? .sum : .contract, values, contraction.output, to: Self.outputNumber)
      let detour = order(before: contraction.output, values).map { order in
        var trial = self
        trial.finish(values, in: order, then: isComputable(type) ? .sum : .convert)
        return trial
      }
      self = detour.map { $0.cycles < leastGain * direct.cycles ? $0 : direct } ?? direct
    } else {
      finish(values, in: contraction.output.indices, then: .convert)
    }
  }

  /// The last step, to an intermediate with its indices in the order given, and how the output is made of that.
  private mutating func finish(_ values: [Value], in order: [Int], then operation: Operation) {
    let target = intermediate(order)
    add(values.count == 1 ? .sum : .contract, values, target.access, to: target.number)
    values.forEach { free($0) }
    add(operation, [target], contraction.output, to: Self.outputNumber)
  }

  /// The order of indices in which a product of two values is formed along the larger one, each summed index replaced by
  /// what the smaller one has in its place; nil where that is the output's order, or where the result is not much smaller
  /// than the operand, or too large for the workspace.
  ///
  /// An operand of which memory has to give every byte is then read along its rows, and what is written twice is small:
  /// adb,cd->cba with 198 MB takes 55 ms by way of acb, 90 directly (Zen 3).
  private func order(before output: TensorAccess, _ values: [Value]) -> [Int]? {
    guard values.count == 2 else { return nil }
    let bytes = values.map { contraction.bytes(of: $0.access) }, result = contraction.bytes(of: output)
    let (large, small) = bytes[0] < bytes[1] ? (values[1], values[0]) : (values[0], values[1])
    guard 4 * result <= max(bytes[0], bytes[1]), result <= mostDetourBytes else { return nil }
    let isKept = Set(output.indices).contains
    var others = Self.order(of: small).filter { isKept($0) && !large.access.indices.contains($0) }
    var order: [Int] = []
    for index in Self.order(of: large) {
      if isKept(index) {
        order.append(index)
      } else {
        order += others
        others = []
      }
    }
    order += others
    let target = Self.order(of: Value(number: Self.outputNumber, access: output))
    return order == target || Set(order) != Set(target) ? nil : order
  }

  /// The whole contraction as one step, without intermediates but for sums that are converted.
  ///
  /// If it ends in a product of three, the small operands are multiplied before: what they make stays in the first cache.
  private mutating func computeInStages() {
    let bytes = contraction.operands.map(contraction.bytes(of:))
    let order =
      contraction.endsInTripleProduct
      ? bytes.indices.sorted { (bytes[$0], $0) < (bytes[$1], $1) } : Array(bytes.indices)
    let operands = order.map { Value(number: $0, access: contraction.operands[$0]) }
    let isDirect = contraction.summed.isEmpty || isComputable(contraction.output.elementType)
    let target = isDirect ? nil : intermediate(contraction.output.indices)
    add(
      operands.count == 1 ? .sum : .contract, operands, target?.access ?? contraction.output,
      to: target?.number ?? Self.outputNumber)
    if let target { add(.convert, [target], contraction.output, to: Self.outputNumber) }
  }

  private func isComputable(_ type: ElementType) -> Bool { type.sharesKernels(with: contraction.computeType) }

  /// Whether the contraction is nothing but a conversion.
  private func canConvertIntoOutput(_ operand: TensorAccess) -> Bool {
    contraction.summed.isEmpty && !operand.isConjugated
      && operand.elementType != contraction.output.elementType
      && !isComputable(operand.elementType)
  }

  /// An operand converted, conjugated and summed as far as it can be on its own.
  private mutating func prepared(_ operand: Value) -> Value {
    var value = operand
    if !value.access.elementType.sharesKernels(with: operandType) {
      value = replaced(value, by: .convert, keeping: Self.order(of: value), type: operandType)
    }
    if operand.access.isConjugated {
      value = replaced(value, by: .conjugate, keeping: Self.order(of: value))
    }
    if contraction.operands.count > 1 {
      let kept = Self.order(of: value).filter { !isLone($0) }
      if kept.count < value.access.indices.count { value = replaced(value, by: .sum, keeping: kept) }
    }
    return value
  }

  /// Whether an index is summed and only one operand has it.
  private func isLone(_ index: Int) -> Bool { useCounts[index] == 1 }

  private static func useCounts(_ tensors: [TensorAccess], _ indexCount: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: indexCount)
    for tensor in tensors {
      for index in tensor.indices { counts[index] += 1 }
    }
    return counts
  }

  private mutating func replaced(
    _ value: Value, by operation: Operation, keeping kept: [Int], type: ElementType? = nil
  ) -> Value {
    let result = intermediate(kept, type)
    add(operation, [value], result.access, to: result.number)
    free(value)
    return result
  }

  // MARK: Pairwise steps

  /// Does all steps of a path, and says whether they take less time than the limit; stops as soon as they do not.
  private mutating func follow(_ path: ContractionPath, _ operands: [Value], within limit: Double?) -> Bool {
    var values = operands
    var uses = Self.useCounts(values.map(\.access) + [contraction.output], contraction.indices.count)
    for (number, step) in path.steps.dropLast().enumerated() {
      let (a, b) = (values[step.lhs], values[step.rhs])
      for index in a.access.indices + b.access.indices { uses[index] -= 1 }
      let next = path.steps.dropFirst(number + 1).first { $0.lhs == values.count || $0.rhs == values.count }
      let partner = next.map { $0.lhs == values.count ? $0.rhs : $0.lhs }
      let order = resultOrder(a, b).filter { uses[$0] > 0 }
      let result = intermediate(
        partner.flatMap { $0 < values.count ? Self.order(of: values[$0], holding: order) : nil } ?? order)
      for index in result.access.indices { uses[index] += 1 }
      add(.contract, [a, b], result.access, to: result.number)
      free(a)
      free(b)
      values.append(result)
      if let limit, cycles >= limit { return false }
    }
    finish(path.steps.last.map { [values[$0.lhs], values[$0.rhs]] } ?? values)
    return limit.map { cycles < $0 } ?? true
  }

  /// The indices of two values, slowest first in the result: those both have, then the first's, then the second's, so
  /// that the product of the two is written row by row; last the one along which both are contiguous, which all three are
  /// then.
  private func resultOrder(_ a: Value, _ b: Value) -> [Int] {
    let (first, second) = (a.access.indices, b.access.indices)
    let common = first.filter(second.contains)
    let isUnit = { (index: Int) in a.access.stride(of: index) == 1 && b.access.stride(of: index) == 1 }
    return common.filter { !isUnit($0) } + first.filter { !second.contains($0) }
      + second.filter { !first.contains($0) } + common.filter(isUnit)
  }

  /// The order of a value's indices in memory, slowest first, if they are just those given: a product that meets it
  /// next is then read along with it, row by row.
  private static func order(of value: Value, holding indices: [Int]) -> [Int]? {
    Set(value.access.indices) == Set(indices) ? order(of: value) : nil
  }

  /// The order of a value's indices in memory, slowest first.
  private static func order(of value: Value) -> [Int] {
    let access = value.access
    return access.indices.sorted { a, b in
      (-abs(access.stride(of: a) ?? 0), a) < (-abs(access.stride(of: b) ?? 0), b)
    }
  }

  // MARK: Tensors and steps

  /// A new contiguous tensor in the workspace, of the compute type unless another is given.
  private mutating func intermediate(_ indices: [Int], _ other: ElementType? = nil) -> Value {
    let extents = indices.map { contraction.indices[$0].extent }
    let layout = Layout(shape: extents)
    let count = extents.reduce(1, saturatingProduct)
    let type = other ?? contraction.computeType
    let bytes = saturatingProduct(count, type.size)
    let start = allocator.allocate(bytes)
    plan.tensors.append(
      PlanTensor(elementType: type, place: .workspace(start), span: 0..<count))
    return Value(
      number: plan.tensors.count - 1,
      access: TensorAccess(
        elementType: type, indices: indices, strides: layout.strides, span: 0..<count),
      block: (start, bytes))
  }

  private mutating func free(_ value: Value) {
    if let block = value.block { allocator.free(block.start, block.bytes) }
  }

  private mutating func clear(_ layout: Layout? = nil) {
    var output = contraction.output
    var indices = contraction.indices
    if let layout {
      indices = layout.shape.enumerated().map { Index(Label("\($0)"), $1) }
      output.indices = Array(indices.indices)
      output.strides = layout.usedStrides
    }
    if indices.contains(where: { $0.extent == 0 }) && layout != nil { return }
    add(.zero, [], output, to: Self.outputNumber, indices: indices)
  }

  /// Adds a step: its own contraction over the indices that its tensors have, folded further than the whole could be.
  private mutating func add(
    _ operation: Operation, _ inputs: [Value], _ output: TensorAccess, to number: Int,
    indices: [Index]? = nil
  ) {
    let step = contraction(inputs.map(\.access), output, indices ?? contraction.indices, operation)
    let best = makeSchedule(for: step, operation, isIntermediate: number != Self.outputNumber, on: machine)
    cycles += max(best.cycles, passCycles(of: step, on: machine))
    var planned = Step(
      operation: operation, inputs: inputs.map(\.number), output: number, contraction: step,
      schedule: best.schedule)
    planned.scratchOffset = scratchOffset(for: planned)
    plan.steps.append(planned)
  }

  /// Where a step's own scratch begins; it is free again after the step.
  private mutating func scratchOffset(for step: Step) -> Int {
    let size = step.scratchSize(threads: machine.threads)
    if size == 0 { return 0 }
    let start = allocator.allocate(size)
    allocator.free(start, size)
    return start
  }

  private func contraction(
    _ operands: [TensorAccess], _ output: TensorAccess, _ indices: [Index], _ operation: Operation
  ) -> Contraction {
    let used = Self.useCounts(operands + [output], indices.count)
    var step = Contraction(
      computeType: contraction.computeType, indices: indices, operands: operands, output: output)
    if operation != .conjugate {
      for number in step.operands.indices { step.operands[number].isConjugated = false }
    }
    return step.keeping { used[$0] > 0 }.inCanonicalOrder().folded()
  }
}
