/// How a map or reduce step runs: one loop nest whose two innermost loops are a kernel.
///
/// `order` lists all indices of the step, outermost first. The last is the kernel's columns and the one before its rows;
/// a kernel call covers at most `rowBlock` by `columnBlock` of them. The blocks of `shared`, an index of the output, are
/// divided among the threads; if it is nil, one thread does all.
package struct MapSchedule: Hashable, Sendable {
  package var order: [Int]
  package var rowBlock: Int
  package var columnBlock: Int
  package var shared: Int?

  package init(order: [Int], rowBlock: Int, columnBlock: Int, shared: Int? = nil) {
    self.order = order
    self.rowBlock = rowBlock
    self.columnBlock = columnBlock
    self.shared = shared
  }

  /// Why this schedule is not legal for a step, or nothing if it is.
  package func violations(for contraction: Contraction) -> [String] {
    var violations: [String] = []
    if order.sorted() != Array(contraction.indices.indices) {
      violations.append("the order does not hold every index once")
    }
    if rowBlock < 1 || columnBlock < 1 { violations.append("a block is empty") }
    if let shared, contraction.output.stride(of: shared) ?? 0 == 0 {
      violations.append("threads would share elements of the output")
    }
    return violations
  }
}

/// Every decision about how one step runs, as a plain value. Any legal schedule gives the right result.
package enum Schedule: Hashable, Sendable {
  case map(MapSchedule)
  case tiled(TiledSchedule)

  /// Why this schedule is not legal for a step, or nothing if it is.
  package func violations(for contraction: Contraction, on isa: ISA) -> [String] {
    switch self {
    case .map(let schedule): schedule.violations(for: contraction)
    case .tiled(let schedule): schedule.violations(for: contraction, on: isa)
    }
  }

  /// Whether several threads do the step together; otherwise the first does all of it.
  package var isShared: Bool {
    switch self {
    case .map(let schedule): schedule.shared != nil
    case .tiled(let schedule): schedule.sharing != nil
    }
  }
}
