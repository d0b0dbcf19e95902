/// Every decision about how one step runs, as a plain value. Any legal schedule gives the right result.
package enum Schedule: Hashable, Sendable {
  case map(MapSchedule)
  /// Indirect for valgrind, which takes it for an error when the mark that tells the cases apart lies in a word of which
  /// one case uses nothing else.
  indirect case tiled(TiledSchedule)
  indirect case batched(BatchedSchedule)

  /// Why this schedule is not legal for a step, or nothing if it is.
  package func violations(for contraction: Contraction, on isa: ISA) -> [String] {
    switch self {
    case .map(let schedule): schedule.violations(for: contraction)
    case .tiled(let schedule): schedule.violations(for: contraction, on: isa)
    case .batched(let schedule): schedule.violations(for: contraction)
    }
  }

  /// Whether several threads do the step together; otherwise the first does all of it.
  package var isShared: Bool {
    switch self {
    case .map(let schedule): schedule.shared != nil
    case .tiled(let schedule): schedule.sharing != nil
    case .batched(let schedule): schedule.shared != nil
    }
  }
}
