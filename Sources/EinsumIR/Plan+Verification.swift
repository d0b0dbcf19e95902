extension Plan {
  /// What is wrong with this value: empty if it keeps its invariants.
  package func verify() -> [String] {
    var violations = contraction.verify()
    var written = Set(contraction.operands.indices)
    for (number, step) in steps.enumerated() {
      let problems = verify(step) + step.contraction.verify()
      violations += problems.map { "step \(number): \($0)" }
      for input in step.inputs where !written.contains(input) {
        violations.append("step \(number): %\(input) is read before it is written")
      }
      written.insert(step.output)
    }
    if let output = tensors.last, !output.span.isEmpty, !written.contains(tensors.count - 1) {
      violations.append("the output is never written")
    }
    for (number, tensor) in tensors.enumerated() {
      guard case .workspace(let start) = tensor.place else { continue }
      let end = start + tensor.span.count * tensor.elementType.size
      if start < 0 || end > workspaceSize { violations.append("%\(number) is outside the workspace") }
    }
    return violations
  }

  private func verify(_ step: Step) -> [String] {
    let numbers = step.inputs + [step.output]
    guard numbers.allSatisfy(tensors.indices.contains), step.inputs.count == step.contraction.operands.count
    else { return ["unknown tensor"] }
    var violations = step.schedule.violations(for: step.contraction, on: isa)
    // Nothing else makes sense of a schedule that is not legal.
    if !violations.isEmpty { return violations }
    if step.schedule.isShared && threads < 2 { violations.append("is shared by one thread") }
    for (number, access) in zip(numbers, step.contraction.operands + [step.contraction.output]) {
      let tensor = tensors[number]
      if tensor.elementType != access.elementType || tensor.span != access.span {
        violations.append("%\(number) is not what the step takes it for")
      }
    }
    let size = step.scratchSize(threads: threads)
    if step.scratchOffset < 0 || step.scratchOffset + size > workspaceSize {
      violations.append("scratch is outside the workspace")
    }
    return violations + stagingViolations(of: step) + threadViolations(of: step)
  }

  /// What a map step that multiplies or sums takes of types that no kernel takes, without bringing it to strips.
  private func stagingViolations(of step: Step) -> [String] {
    guard case .map(let schedule) = step.schedule, step.operation == .contract || step.operation == .sum
    else {
      return []
    }
    let contraction = step.contraction
    let isOther = { (tensor: TensorAccess) in
      !tensor.elementType.sharesKernels(with: contraction.computeType)
    }
    var violations = contraction.converted(besides: schedule.converted)
      .filter { !schedule.converted.contains($0) }
      .map { "%\(step.inputs[$0]) has another type and is not converted" }
    if isOther(contraction.output) && !(contraction.summed.isEmpty && contraction.operands.count > 1) {
      violations.append("sums of another type than the output's")
    }
    return violations
  }

  /// Scratch that is divided for another number of threads than the plan's.
  private func threadViolations(of step: Step) -> [String] {
    let divided: Int? =
      switch step.schedule {
      case .map: nil
      case .tiled(let schedule): schedule.sharing?.threads
      case .batched(let schedule): schedule.shared == nil ? nil : schedule.threads
      }
    guard let divided, divided != threads else { return [] }
    return ["has scratch for \(divided) of \(threads) threads"]
  }
}
