package import EinsumIR

/// A way to run a step, and how long the planner expects it to take.
package struct ScheduleCandidate: Hashable, Sendable {
  package fileprivate(set) var schedule: Schedule
  /// Clock cycles of one core, as the planner's cost model has them.
  package let cycles: Double

  /// The one way for a step in stages.
  fileprivate static func staged(_ contraction: Contraction, on machine: Machine) -> ScheduleCandidate {
    ScheduleCandidate(
      schedule: .map(makeStagedSchedule(for: contraction, on: machine)),
      cycles: stagedCycles(for: contraction, on: machine))
  }
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
    let candidates: ScheduleCandidates =
      step.operation == .contract
      ? .forPair(step.contraction, on: machine) : .forMap(step.contraction, on: machine)
    guard case .workspace = plan.tensors[step.output].place else {
      self = candidates
      return
    }
    all = candidates.all.map {
      .init(schedule: $0.schedule.keepingOutput(of: step.contraction, on: machine), cycles: $0.cycles)
    }
  }

  /// The schedules for a step that multiplies two tensors: tiled ones, the best map, and the best of small products.
  package static func forPair(_ contraction: Contraction, on machine: Machine) -> ScheduleCandidates {
    if contraction.needsStages { return forStages(contraction, on: machine) }
    let map = ScheduleCandidate(
      schedule: .map(makeMapSchedule(for: contraction, on: machine)),
      cycles: pairMapCycles(for: contraction, on: machine))
    let batched = makeBatchedCandidate(for: contraction, on: machine)
    return ScheduleCandidates(
      sorting: [map] + (batched.map { [$0] } ?? []) + makeTiledCandidates(for: contraction, on: machine))
  }

  /// The loop orders for a map or reduce step: the planner's, and for each other index in turn the best with it innermost.
  ///
  /// The planner goes straight for the first; the others are there to tell what it avoids.
  private static func forMap(_ contraction: Contraction, on machine: Machine) -> ScheduleCandidates {
    if isSumInStages(contraction) { return forStages(contraction, on: machine) }
    let best = makeMapSchedule(for: contraction, on: machine)
    let others = best.order.filter { $0 != best.columns }.map { innermost in
      makeMapSchedule(for: contraction, on: machine, innermost: innermost)
    }
    return ScheduleCandidates(
      sorting: ([best] + others).map {
        ScheduleCandidate(schedule: .map($0), cycles: mapCycles(of: $0, for: contraction, on: machine))
      })
  }

  /// The one way for a step in stages.
  private static func forStages(_ contraction: Contraction, on machine: Machine) -> ScheduleCandidates {
    ScheduleCandidates(sorting: [.staged(contraction, on: machine)])
  }

  private init(sorting candidates: [ScheduleCandidate]) {
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
  var best: ScheduleCandidate
  if operation == .contract {
    best = ScheduleCandidates.forPair(contraction, on: machine).best
  } else if isSumInStages(contraction) {
    best = .staged(contraction, on: machine)
  } else {
    let map = makeMapSchedule(for: contraction, on: machine)
    best = ScheduleCandidate(schedule: .map(map), cycles: mapCycles(of: map, for: contraction, on: machine))
  }
  if isIntermediate { best.schedule = best.schedule.keepingOutput(of: contraction, on: machine) }
  return best
}

extension Schedule {
  /// This schedule for an output that the next step reads: from a cache, if one keeps it until then.
  fileprivate func keepingOutput(of contraction: Contraction, on machine: Machine) -> Schedule {
    guard case .map(var map) = self, map.streams, outputBytes(contraction) <= Double(machine.l3) / 2 else {
      return self
    }
    map.streams = false
    return .map(map)
  }
}
