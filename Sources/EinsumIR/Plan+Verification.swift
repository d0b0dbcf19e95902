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
    if case .map(let schedule) = step.schedule, step.operation == .contract || step.operation == .sum {
      for (number, operand) in step.contraction.operands.enumerated()
      where !operand.elementType.sharesKernels(with: step.contraction.computeType)
        && !schedule.staged.contains(number)
      {
        violations.append("%\(step.inputs[number]) has another type and is not staged")
      }
      let converts = !step.contraction.output.elementType.sharesKernels(with: step.contraction.computeType)
      if converts && !(step.contraction.summed.isEmpty && step.contraction.operands.count > 1) {
        violations.append("sums of another type than the output's")
      }
      let size = schedule.scratchSize(for: step.contraction, threads: threads)
      if step.scratchOffset < 0 || step.scratchOffset + size > workspaceSize {
        violations.append("strips are outside the workspace")
      }
    }
    if case .tiled(let schedule) = step.schedule {
      if let sharing = schedule.sharing, sharing.threads != threads {
        violations.append("has scratch for \(sharing.threads) of \(threads) threads")
      }
      let layout = schedule.scratch(for: step.contraction)
      if step.scratchOffset < 0 || step.scratchOffset + layout.size > workspaceSize {
        violations.append("scratch is outside the workspace")
      }
    }
    if case .batched(let schedule) = step.schedule {
      if schedule.shared != nil && schedule.threads != threads {
        violations.append("has scratch for \(schedule.threads) of \(threads) threads")
      }
      let size = schedule.scratch(for: step.contraction).size
      if step.scratchOffset < 0 || step.scratchOffset + size > workspaceSize {
        violations.append("scratch is outside the workspace")
      }
    }
    return violations
  }
}
