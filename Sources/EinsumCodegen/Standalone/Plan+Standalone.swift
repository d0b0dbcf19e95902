package import EinsumIR

extension Plan {
  /// This plan with maps that run row by row, and with all small products of a step in one loop.
  ///
  /// Neither changes a bit of the result. Where nothing is summed, staged or streamed and every tensor has stride 1 or 0 along the last index,
  /// blocks save the JIT calls, of which a standalone file has none; so do blocks of products that are not copied.
  package var withPlainRows: Plan {
    var result = self
    for number in result.steps.indices {
      let steps = result.steps
      let contraction = steps[number].contraction
      if case .batched(var schedule) = steps[number].schedule, schedule.copied.isEmpty {
        schedule.batchBlock = max(1, schedule.extent(schedule.batch, in: contraction))
        result.steps[number].schedule = .batched(schedule)
      }
      guard case .map(var schedule) = steps[number].schedule, contraction.hasPlainRows(schedule) else {
        continue
      }
      let columns = schedule.columns.map { contraction.indices[$0].extent } ?? 1
      schedule.rowBlock = 1
      if columns <= longestRow { schedule.columnBlock = max(columns, 1) }
      result.steps[number].schedule = .map(schedule)
    }
    return result
  }
}

extension Plan {
  /// This plan with the schedules of another one, which was made for other values of extents that are not known; numbers
  /// from `least` on stand for these. A block that is a whole row there is one here.
  ///
  /// - Returns: nil if the two have different steps.
  package func adoptingSchedules(of other: Plan, least: Int) -> Plan? {
    guard steps.count == other.steps.count else { return nil }
    var result = self
    for (number, step) in other.steps.enumerated() {
      let contraction = steps[number].contraction
      guard contraction.indices.map(\.label) == step.contraction.indices.map(\.label),
        steps[number].operation == step.operation, steps[number].inputs == step.inputs,
        contraction.operands.map(\.indices) == step.contraction.operands.map(\.indices)
      else { return nil }
      func whole(_ index: Int?) -> Int { max(1, index.map { contraction.indices[$0].extent } ?? 1) }
      result.steps[number].schedule = step.schedule
      if case .map(let given) = step.schedule {
        var schedule = given.withoutGroups
        if schedule.rowBlock >= least { schedule.rowBlock = whole(schedule.rows) }
        if schedule.columnBlock >= least { schedule.columnBlock = whole(schedule.columns) }
        result.steps[number].schedule = .map(schedule)
      }
    }
    return result
  }

  /// This plan for extents that are not known, which numbers from `least` on stand for.
  ///
  /// What pays for large tensors only is left out, and small products whose kernels need to know their sizes become maps.
  /// Threads share maps.
  package func forExtents(from least: Int, threads: Int) -> Plan {
    var result = self
    result.threads = threads
    for number in steps.indices {
      let contraction = steps[number].contraction
      switch steps[number].schedule {
      case .map(let given):
        var schedule = given.withoutGroups
        schedule.streams = false
        if threads > 1, !contraction.needsStages, schedule.staged.isEmpty, schedule.parts == nil {
          schedule.shared = schedule.order.first { contraction.output.stride(of: $0) ?? 0 != 0 }
        }
        result.steps[number].schedule = .map(schedule)
      case .tiled(var schedule):
        schedule.streams = false
        schedule.parts = nil
        result.steps[number].schedule = .tiled(schedule)
      case .batched(let schedule):
        let sizes = [schedule.m, schedule.n, schedule.k].map { schedule.extent($0, in: contraction) }
        guard sizes.contains(where: { $0 >= least }) else { continue }
        let order = PlainStep.order(of: steps[number])
        result.steps[number].schedule = .map(
          MapSchedule(
            order: order, rows: order.dropLast().last, columns: order.last, rowBlock: 1024, columnBlock: 1024
          ))
      }
    }
    if !result.steps.contains(where: \.schedule.isShared) { result.threads = 1 }
    return result
  }
}

/// A row of this many elements is left whole; blocks of longer ones are what threads may share.
private let longestRow = 65536

extension Contraction {
  fileprivate func hasPlainRows(_ schedule: MapSchedule) -> Bool {
    guard summed.isEmpty, !needsStages, !schedule.streams, schedule.staged.isEmpty,
      let columns = schedule.columns,
      schedule.order.last == columns
    else { return false }
    return output.stride(of: columns) == 1
      && operands.allSatisfy { [0, 1].contains($0.stride(of: columns) ?? 0) }
  }
}
