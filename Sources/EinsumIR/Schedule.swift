/// How a map or reduce step runs: one loop nest whose two innermost loops are a kernel.
///
/// `order` lists all indices of the step, outermost first. The last is the kernel's columns and the one before its rows;
/// a kernel call covers at most `rowBlock` by `columnBlock` of them.
package struct MapSchedule: Hashable, Sendable {
  package var order: [Int]
  package var rowBlock: Int
  package var columnBlock: Int

  package init(order: [Int], rowBlock: Int, columnBlock: Int) {
    self.order = order
    self.rowBlock = rowBlock
    self.columnBlock = columnBlock
  }

  /// Why this schedule is not legal for a step, or nothing if it is.
  package func violations(for contraction: Contraction) -> [String] {
    var violations: [String] = []
    if order.sorted() != Array(contraction.indices.indices) {
      violations.append("the order does not hold every index once")
    }
    if rowBlock < 1 || columnBlock < 1 { violations.append("a block is empty") }
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
}
