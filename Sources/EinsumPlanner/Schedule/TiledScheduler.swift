import EinsumIR

/// Chooses tile, groups and blocks for a pairwise step, or nil if the step does better as a map or reduce step.
///
/// The operand whose indices hold the output's smallest stride gives the columns, so that tiles are stored as vectors.
/// In the groups m and n the index with the output's smallest stride is the fastest, and next to it the one along which
/// the operand shares cache lines (see `panelOrder`); in k the one with the smallest stride in the columns' operand.
func makeTiledSchedule(for contraction: Contraction, on machine: Machine) -> TiledSchedule? {
  let roles = IndexRoles(contraction)
  let smallest = { (indices: [Int]) in
    indices.compactMap { contraction.output.stride(of: $0).map(abs) }.min() ?? Int.max
  }
  let isSwapped = smallest(roles.m) < smallest(roles.n)
  let (rows, columns) = isSwapped ? (roles.n, roles.m) : (roles.m, roles.n)
  let rowOperand = isSwapped ? 1 : 0
  let (m, n, k) = (contraction.size(of: rows), contraction.size(of: columns), contraction.size(of: roles.k))
  guard max(m * n, m * k, n * k) < mostElements else { return nil }
  let type = contraction.computeType.kernelType
  let tiles = machine.tiles(for: type)
  guard let tile = tiles.min(by: { paddedWork($0, m, n) < paddedWork($1, m, n) }) else { return nil }
  let lanes = Double(machine.isa.vectorBytes / type.componentType.size)
  guard tiledCost(tile, m, n, k, lanes) < mapCost(m, n, k, lanes) else { return nil }
  func sorted(_ indices: [Int], by tensor: TensorAccess) -> [Int] {
    indices.sorted { a, b in
      (abs(tensor.stride(of: a) ?? 0), b) > (abs(tensor.stride(of: b) ?? 0), a)
    }
  }
  let blocking = makeBlocking(
    m: Int(m), n: Int(n), k: Int(k), tile: tile, elementSize: type.size, machine: machine)
  return TiledSchedule(
    batch: sorted(roles.batch, by: contraction.output),
    m: panelOrder(sorted(rows, by: contraction.output), contraction.operands[rowOperand]),
    n: panelOrder(sorted(columns, by: contraction.output), contraction.operands[1 - rowOperand]),
    k: sorted(roles.k, by: contraction.operands[1 - rowOperand]),
    rowOperand: rowOperand, tile: tile, blocking: blocking)
}

/// A group in the output's order, but with the index along which its operand's neighbours share a cache line moved to
/// the second-fastest place.
///
/// Packing a panel along the fastest index then fetches lines that the next panels use up while they are in cache;
/// in the output's order alone each line would be fetched once for each of its elements.
private func panelOrder(_ group: [Int], _ operand: TensorAccess) -> [Int] {
  guard let fastest = group.last, group.count > 2 else { return group }
  let strides = group.map { abs(operand.stride(of: $0) ?? 0) }
  guard let place = strides.indices.min(by: { strides[$0] < strides[$1] }), group[place] != fastest,
    strides[place] * operand.elementType.size < cacheLine
  else { return group }
  var order = group
  order.remove(at: place)
  order.insert(group[place], at: order.count - 1)
  return order
}

/// The bytes of a cache line.
private let cacheLine = 64

/// More elements than any memory holds, and few enough that sizes in bytes do not overflow.
private let mostElements = 0x1p48

/// The work of a contraction in whole tiles, padding included.
private func paddedWork(_ tile: Tile, _ m: Double, _ n: Double) -> Double {
  let rows = (m / Double(tile.mr)).rounded(.up) * Double(tile.mr)
  let columns = (n / Double(tile.nr)).rounded(.up) * Double(tile.nr)
  return rows * columns
}

/// The predicted time of one batch element through tiles, in vector operations: two multiply-adds per cycle in whole
/// tiles, each element packed once, and the calls.
private func tiledCost(_ tile: Tile, _ m: Double, _ n: Double, _ k: Double, _ lanes: Double) -> Double {
  let tiles = paddedWork(tile, m, n) / Double(tile.mr * tile.nr)
  let packing = 0.5 * (m * k + n * k)
  return paddedWork(tile, m, n) * k / (2 * lanes) + packing + 40 * tiles + 2 * m * n / lanes + 100
}

/// The predicted time as a map or reduce step: one multiply-add in two cycles, as its output passes through L1, at most one
/// call for each row of a kernel block.
private func mapCost(_ m: Double, _ n: Double, _ k: Double, _ lanes: Double) -> Double {
  let longest = max(m, n, k)
  let calls = m * n * k / (longest * max(1, min(m * n * k / longest, 32)))
  return 2 * m * n * k / min(lanes, max(longest, 1)) + 20 * calls
}
