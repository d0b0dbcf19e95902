internal import HeapModule

/// Finds a path by contracting, again and again, the pair that most shrinks what is held in memory.
///
/// A pair's price is `size(result) - size(lhs) - size(rhs)`, opt_einsum's greedy choice. Only values that
/// share an index make a pair. Operands with equal indices are multiplied first, element by element; what is
/// left when no two values share an index is joined by outer products, smallest first.
///
/// In practice time is about `n * (d + log n)` for n operands that share indices with d others each.
package func greedyPath(_ problem: PathProblem) -> ContractionPath {
  guard problem.operands.count > 1 else { return ContractionPath(steps: []) }
  var search = GreedySearch(problem)
  search.contractEqualOperands()
  search.contractCheapestPairs()
  search.contractDisconnectedValues()
  return ContractionPath(steps: search.steps)
}

/// The values of a greedy search that are not yet contracted, and the steps so far.
private struct GreedySearch {
  /// A value and the older one that was its cheapest partner when this was queued; at equal prices the oldest
  /// first.
  private struct Candidate: Comparable {
    let price: Double
    let value: Int
    let partner: Int

    static func < (a: Candidate, b: Candidate) -> Bool {
      if a.price != b.price { return a.price < b.price }
      return (a.value, a.partner) < (b.value, b.partner)
    }
  }

  /// A value that shares no index with another.
  private struct Leftover: Comparable {
    let elementCount: Double
    let value: Int

    static func < (a: Leftover, b: Leftover) -> Bool {
      (a.elementCount, a.value) < (b.elementCount, b.value)
    }
  }

  private(set) var steps: [ContractionPath.Step] = []

  private let extents: [Double]
  private let isInOutput: [Bool]
  /// The indices of each value that was ever made, ascending.
  private var indices: [[Int]]
  private var elementCounts: [Double]
  /// `elementCounts`, without the indices that nothing else has and that a step would therefore sum.
  private var keptCounts: [Double] = []
  private var isLive: [Bool]
  /// The live values that have an index.
  private var holders: [[Int]]

  /// Scratch of `cheapestPartner`, by value: the product of the extents of the indices that it shares with
  /// the value asked about, and of those that a contraction of the two would sum; 0 when not in use.
  private var sharedCounts: [Double]
  private var summedCounts: [Double]

  init(_ problem: PathProblem) {
    let operandCount = problem.operands.count
    extents = problem.extents.map(Double.init)
    indices = problem.operands
    elementCounts = indices.map(problem.elementCount(of:))
    isLive = [Bool](repeating: true, count: operandCount)
    sharedCounts = [Double](repeating: 0, count: 2 * operandCount)
    summedCounts = sharedCounts

    var isInOutput = [Bool](repeating: false, count: extents.count)
    for index in problem.output { isInOutput[index] = true }
    var holders = [[Int]](repeating: [], count: extents.count)
    for (value, operand) in problem.operands.enumerated() {
      for index in operand { holders[index].append(value) }
    }
    self.isInOutput = isInOutput
    self.holders = holders
    keptCounts = indices.map { operand in
      problem.elementCount(of: operand.filter { isInOutput[$0] || holders[$0].count > 1 })
    }
  }

  /// Multiplies the operands that have equal indices, scalars among them.
  mutating func contractEqualOperands() {
    var valueByIndices: [[Int]: Int] = [:]
    for operand in indices.indices {
      if let equal = valueByIndices[indices[operand]] {
        valueByIndices[indices[operand]] = contract(equal, operand)
      } else {
        valueByIndices[indices[operand]] = operand
      }
    }
  }

  /// Contracts the cheapest pair until no two values share an index.
  ///
  /// The queue holds, for each live value, its cheapest pair with an older one. Older values only disappear,
  /// so no pair is cheaper than the candidate of its newer value, and the head of the queue, if both its
  /// values are live, is the cheapest pair of all. If the partner is gone, the value is queued anew.
  mutating func contractCheapestPairs() {
    var queue = Heap(indices.indices.compactMap { isLive[$0] ? cheapestPartner(of: $0) : nil })
    while let candidate = queue.popMin() {
      guard isLive[candidate.value] else { continue }
      let value = isLive[candidate.partner] ? contract(candidate.value, candidate.partner) : candidate.value
      if let next = cheapestPartner(of: value) { queue.insert(next) }
    }
  }

  /// Joins the values that are left, the two smallest first.
  mutating func contractDisconnectedValues() {
    var queue = Heap(
      indices.indices.filter { isLive[$0] }.map { Leftover(elementCount: elementCounts[$0], value: $0) })
    while let first = queue.popMin(), let second = queue.popMin() {
      let value = contract(first.value, second.value)
      queue.insert(Leftover(elementCount: elementCounts[value], value: value))
    }
  }

  /// The value's cheapest pair with an older value, or nil if it shares no index with one.
  ///
  /// Walks the holders of the value's indices instead of merging index lists pair by pair, so that a value of
  /// many indices with many neighbours takes linear time. All divisions are exact as long as counts are below
  /// 2^53.
  private mutating func cheapestPartner(of value: Int) -> Candidate? {
    var neighbours: [Int] = []
    for index in indices[value] {
      let extent = extents[index]
      let isSummed = !isInOutput[index] && holders[index].count == 2
      for holder in holders[index] where holder < value {
        if sharedCounts[holder] == 0 {
          neighbours.append(holder)
          sharedCounts[holder] = 1
          summedCounts[holder] = 1
        }
        sharedCounts[holder] *= extent
        if isSummed { summedCounts[holder] *= extent }
      }
    }

    var best: Candidate?
    for partner in neighbours {
      let result =
        (keptCounts[value] / summedCounts[partner]) * (keptCounts[partner] / sharedCounts[partner])
      // Past the range of Double, the quotients may be nan; such a pair comes last.
      let price = result.isFinite ? result - elementCounts[value] - elementCounts[partner] : .infinity
      sharedCounts[partner] = 0
      let candidate = Candidate(price: price, value: value, partner: partner)
      if let cheapest = best, cheapest < candidate { continue }
      best = candidate
    }
    return best
  }

  /// Adds the step that contracts two live values, and returns its result.
  private mutating func contract(_ a: Int, _ b: Int) -> Int {
    let value = indices.count
    var kept: [Int] = []
    for index in sortedUnion(indices[a], indices[b]) {
      guard let place = holders[index].firstIndex(where: { $0 == a || $0 == b }) else { continue }
      let other = holders[index][place] == a ? b : a
      holders[index][place] = value
      if let place = holders[index].lastIndex(of: other) { holders[index].remove(at: place) }
      if isInOutput[index] || holders[index].count > 1 { kept.append(index) }
    }
    let elementCount = kept.reduce(1) { $0 * extents[$1] }
    indices.append(kept)
    elementCounts.append(elementCount)
    keptCounts.append(elementCount)
    isLive[a] = false
    isLive[b] = false
    isLive.append(true)
    steps.append(.init(min(a, b), max(a, b)))
    return value
  }
}
