package import EinsumIR

/// A way to run a step, and how long the planner expects it to take.
package struct ScheduleCandidate: Hashable, Sendable {
  package let schedule: Schedule
  /// Clock cycles of one core, as the planner's cost model has them.
  package let cycles: Double
}

/// The ways to run a step that the planner compares, the quickest first; never none.
///
/// Among equals the one that was named first comes first.
package struct ScheduleCandidates: Hashable, Sendable {
  package let all: [ScheduleCandidate]

  /// The one that is taken.
  package var best: ScheduleCandidate { all[0] }

  /// The schedules for a step of a plan.
  package init(for step: Step, of plan: Plan, on machine: Machine) {
    self.init(
      for: step.contraction, step.operation, isIntermediate: step.output != plan.tensors.indices.last,
      on: machine)
  }

  /// The schedules for a step.
  ///
  /// - Parameter isIntermediate: whether later steps read what it writes.
  package init(
    for contraction: Contraction, _ operation: Operation, isIntermediate: Bool, on machine: Machine
  ) {
    let scheduler = StepScheduler(contraction: contraction, isIntermediate: isIntermediate, machine: machine)
    let candidates = scheduler.candidates(for: operation)
    let order = candidates.indices.sorted { (candidates[$0].cycles, $0) < (candidates[$1].cycles, $1) }
    all = order.map { candidates[$0] }
  }
}

/// The schedule of a step: the best of its candidates.
///
/// - Parameter isIntermediate: whether later steps read what it writes.
func makeSchedule(
  for contraction: Contraction, _ operation: Operation, isIntermediate: Bool, on machine: Machine
) -> ScheduleCandidate {
  let scheduler = StepScheduler(contraction: contraction, isIntermediate: isIntermediate, machine: machine)
  if operation != .contract { return scheduler.bestMap }
  return ScheduleCandidates(for: contraction, operation, isIntermediate: isIntermediate, on: machine).best
}

/// Lists the schedules of a step.
private struct StepScheduler {
  let contraction: Contraction
  let isIntermediate: Bool
  let machine: Machine

  func candidates(for operation: Operation) -> [ScheduleCandidate] {
    operation == .contract ? pairCandidates : mapCandidates
  }

  /// A step that multiplies two tensors: the best map, the best of small products, and tiled ones.
  private var pairCandidates: [ScheduleCandidate] {
    if contraction.multipliesPairs && IndexRoles(contraction).areComplete(in: contraction) {
      return [staged] + makeTiledCandidates(for: contraction, on: machine)
    }
    if contraction.multipliesHalves && machine.halfProducts != nil {
      let tiled = makeHalvesCandidates(for: contraction, on: machine)
      // No map rounds a sum.
      if contraction.output.elementType.isHalf && !tiled.isEmpty { return tiled }
      return [staged] + tiled
    }
    if contraction.needsStages { return [staged] }
    let map = makePairMapSchedule(for: contraction, isIntermediate: isIntermediate, on: machine)
    let cycles = pairMapCycles(of: map, for: contraction, on: machine)
    let batched = makeBatchedCandidate(for: contraction, on: machine)
    return [ScheduleCandidate(schedule: .map(map), cycles: cycles)] + (batched.map { [$0] } ?? [])
      + makeTiledCandidates(for: contraction, on: machine)
  }

  /// A map or reduce step: the planner's loop order, and for each other index in turn the best with it innermost.
  ///
  /// The planner goes straight for the first; the others are there to tell what it avoids.
  private var mapCandidates: [ScheduleCandidate] {
    if isSumInStages(contraction) { return [staged] }
    let best = makeMapSchedule(for: contraction, isIntermediate: isIntermediate, on: machine)
    let others = best.order.filter { $0 != best.columns }.map { innermost in
      makeMapSchedule(for: contraction, isIntermediate: isIntermediate, on: machine, innermost: innermost)
    }
    return ([best] + others).map(map)
  }

  /// The first of `mapCandidates`.
  var bestMap: ScheduleCandidate {
    if isSumInStages(contraction) { return staged }
    return map(makeMapSchedule(for: contraction, isIntermediate: isIntermediate, on: machine))
  }

  /// The one way for a step in stages.
  private var staged: ScheduleCandidate {
    let schedule = makeStagedSchedule(for: contraction, isIntermediate: isIntermediate, on: machine)
    return ScheduleCandidate(
      schedule: .map(schedule), cycles: stagedCycles(for: contraction, on: machine))
  }

  private func map(_ schedule: MapSchedule) -> ScheduleCandidate {
    ScheduleCandidate(
      schedule: .map(schedule), cycles: mapCycles(of: schedule, for: contraction, on: machine))
  }
}
