import EinsumIR

/// Exact bounds of affine offsets over the loops of a program.
///
/// Loops that divide the same index form a chain: `i` in blocks of 336, `ii` in these blocks by 14, and so on. Chains are
/// independent of each other, and along a chain an offset is linear in each variable as long as the blocks keep their
/// length; so its extremes lie where each loop stands at its first block, its last full block, or its last block.
struct BoundsAnalysis {
  let program: LoopProgram

  /// The lowest and the highest element that an access touches; nil if it touches none, as some loop never runs.
  func reach(of access: Access) -> ClosedRange<Int>? {
    var start = access.start
    var low = start.constant
    var high = start.constant
    var lengths: [(length: Length, stride: Int)] = []
    for dimension in access.dimensions {
      switch dimension.walk {
      case .stride(let stride):
        // A walk from block to block goes where the loop over them would.
        if case .blocks(let loop) = dimension.length {
          start.terms += Affine(blocksOf: loop, times: stride).terms
        } else {
          lengths.append((dimension.length, stride))
        }
      case .table(let table, _):
        let entries = entryRange(of: table)
        low += entries.lowerBound
        high += entries.upperBound
      }
    }
    for chain in chains(of: start, lengths.map(\.length)) {
      guard let range = range(over: chain, start, lengths) else { return nil }
      low += range.lowerBound
      high += range.upperBound
    }
    for case (.constant(let length), let stride) in lengths {
      if length < 1 { return nil }
      low += min(0, stride * (length - 1))
      high += max(0, stride * (length - 1))
    }
    return low...high
  }

  /// The positions of a table that a walk looks up.
  func positions(from position: Affine, length: Length) -> ClosedRange<Int>? {
    reach(of: Access(BufferID(0), position, [.init(.stride(1), length)]))
  }

  /// The lowest and the highest entry of a table, which every full walk reaches.
  func entryRange(of table: BufferID) -> ClosedRange<Int> {
    guard case .offsets(let offsets) = program[table].content else { return 0...0 }
    let reaches = offsets.digits.map { $0.stride * ($0.extent - 1) }
    return reaches.reduce(0) { $0 + min(0, $1) }...reaches.reduce(0) { $0 + max(0, $1) }
  }

  /// The chains, outermost loop first, that a start and lengths depend on.
  private func chains(of start: Affine, _ lengths: [Length]) -> [[LoopID]] {
    var used: [LoopID] = start.terms.map(\.loop)
    for case .block(let loop) in lengths { used.append(loop) }
    var deepest: [LoopID: [LoopID]] = [:]
    var roots: [LoopID] = []
    for loop in used {
      let path = ancestors(of: loop)
      guard let root = path.first else { continue }
      if deepest[root] == nil { roots.append(root) }
      if path.count > deepest[root]?.count ?? 0 { deepest[root] = path }
    }
    return roots.compactMap { deepest[$0] }
  }

  /// A loop and those around it in its chain, outermost first.
  func ancestors(of loop: LoopID) -> [LoopID] {
    var path = [loop]
    while case .block(let parent) = program[path[0]].range { path.insert(parent, at: 0) }
    return path
  }

  /// The range of a start's terms and of block lengths over one chain.
  private func range(
    over chain: [LoopID], _ start: Affine, _ lengths: [(length: Length, stride: Int)]
  ) -> ClosedRange<Int>? {
    var coefficients = [Int](repeating: 0, count: chain.count)
    var blockCoefficients = coefficients
    var lowWalks = coefficients
    var highWalks = coefficients
    for term in start.terms {
      guard let place = chain.firstIndex(of: term.loop) else { continue }
      if term.countsBlocks {
        blockCoefficients[place] += term.coefficient
      } else {
        coefficients[place] += term.coefficient
      }
    }
    for case (.block(let loop), let stride) in lengths {
      guard let place = chain.firstIndex(of: loop) else { continue }
      if stride < 0 { lowWalks[place] += stride } else { highWalks[place] += stride }
    }
    func extremes(_ depth: Int, _ extent: Int) -> ClosedRange<Int>? {
      if depth == chain.count { return 0...0 }
      let step = program[chain[depth]].step
      if extent < 1 || step < 1 { return nil }
      let last = (extent - 1) / step * step
      let corners = Set([0, max(0, last - step), last])
      var result: ClosedRange<Int>?
      for value in corners {
        let length = min(step, extent - value)
        guard let inner = extremes(depth + 1, length) else { return nil }
        let base = coefficients[depth] * value + blockCoefficients[depth] * (value / step)
        let low = base + lowWalks[depth] * (length - 1) + inner.lowerBound
        let high = base + highWalks[depth] * (length - 1) + inner.upperBound
        result = min(low, result?.lowerBound ?? low)...max(high, result?.upperBound ?? high)
      }
      return result
    }
    guard case .whole(let extent) = program[chain[0]].range else { return nil }
    return extremes(0, extent)
  }
}
