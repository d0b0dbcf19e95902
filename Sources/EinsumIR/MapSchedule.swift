/// How a map or reduce step runs: one loop nest whose innermost two dimensions are a kernel's.
///
/// `order` lists all indices of the step, outermost first. `rows` and `columns` are those that the kernel covers, at most
/// `rowBlock` by `columnBlock` of them in a call; their loops, which step from block to block, stand where `order` has them.
package struct MapSchedule: Hashable, Sendable {
  package var order: [Int]
  package var rows: Int?
  package var columns: Int?
  package var rowBlock: Int
  package var columnBlock: Int
  /// Further indices that a copy's blocks cover, next to the rows in the operand and next to the columns in the output,
  /// the nearest first; a block then holds `rowBlock` by `columnBlock` elements of the two groups.
  package var rowGroup: [Int] = []
  package var columnGroup: [Int] = []
  /// Whether the output is written past the caches.
  package var streams: Bool
  /// The operands whose blocks are copied to strips of scratch before they are multiplied, as they are there or in another order.
  package var copied: [Int]
  /// The operands whose blocks are converted to the compute type on the way to strips.
  package var converted: [Int]
  /// The index whose blocks, or parts, are divided among the threads; if it is nil, one thread does all.
  package var shared: Int?
  /// How a sum is formed in parts, whose own sums are added in the end; nil if it is formed as a whole.
  package var parts: SumParts?

  package init(
    order: [Int], rows: Int?, columns: Int?, rowBlock: Int, columnBlock: Int, streams: Bool = false,
    copied: [Int] = [], converted: [Int] = [], shared: Int? = nil, parts: SumParts? = nil
  ) {
    self.order = order
    self.rows = rows
    self.columns = columns
    self.rowBlock = rowBlock
    self.columnBlock = columnBlock
    self.streams = streams
    self.copied = copied
    self.converted = converted
    self.shared = shared
    self.parts = parts
  }

  /// The operands that are brought to strips.
  package var staged: [Int] { (copied + converted).sorted() }

  /// Why this schedule is not legal for a step, or nothing if it is.
  package func violations(for contraction: Contraction) -> [String] {
    var violations: [String] = []
    if order.sorted() != Array(contraction.indices.indices) {
      violations.append("the order does not hold every index once")
    }
    let kernel = [rows, columns].compactMap(\.self)
    if !kernel.allSatisfy(order.contains) || Set(kernel).count < kernel.count {
      violations.append("the kernel's indices are not two of the order")
    }
    if rowBlock < 1 || columnBlock < 1 { violations.append("a block is empty") }
    if let shared, shared != parts?.index, contraction.output.stride(of: shared) ?? 0 == 0 {
      violations.append("threads would share elements of the output")
    }
    if let parts {
      if !contraction.summed.contains(parts.index) || parts.length < 1
        || parts.length > contraction.indices[parts.index].extent
      {
        violations.append("the parts are not those of a sum")
      }
      if let shared, shared != parts.index { violations.append("threads share more than the parts") }
    }
    if Set(staged).count < staged.count || !staged.allSatisfy(contraction.operands.indices.contains) {
      violations.append("the staged operands are not some of the step's")
    } else if converted.contains(where: { contraction.operands[$0].elementType == contraction.computeType }) {
      violations.append("an operand is converted to the type that it has")
    }
    if streams && !contraction.summed.isEmpty { violations.append("a sum is streamed") }
    return violations + groupViolations(for: contraction)
  }
}
