import EinsumIR

/// The tiled schedules for a pairwise step, one for each register tile; none where it is too large for any memory.
///
/// The operand whose indices hold the output's smallest stride gives the columns, so that tiles are stored as vectors.
/// In the groups m and n the index with the output's smallest stride is the fastest, and next to it the one along which
/// the operand shares cache lines (see `panelOrder`); in k the one with the smallest stride in the columns' operand.
func makeTiledCandidates(for contraction: Contraction, on machine: Machine) -> [ScheduleCandidate] {
  let roles = IndexRoles(contraction)
  let output = contraction.output
  let smallest = { (indices: [Int]) in
    indices.compactMap { output.stride(of: $0).map(abs) }.min() ?? Int.max
  }
  let rowOperand = smallest(roles.m) < smallest(roles.n) ? 1 : 0
  let (rows, columns) = rowOperand == 0 ? (roles.m, roles.n) : (roles.n, roles.m)
  let (m, n, k) = (contraction.size(of: rows), contraction.size(of: columns), contraction.size(of: roles.k))
  guard max(m * n, m * k, n * k) < mostElements else { return [] }
  let type = contraction.computeType.kernelType
  let lanes = machine.isa.vectorBytes / type.componentType.size
  let (rowTensor, columnTensor) = (contraction.operands[rowOperand], contraction.operands[1 - rowOperand])
  let groups = (
    batch: sorted(roles.batch, by: output), m: panelOrder(sorted(rows, by: output), rowTensor),
    n: panelOrder(sorted(columns, by: output), columnTensor), k: sorted(roles.k, by: columnTensor)
  )
  return machine.tiles(for: type).map { tile in
    let schedule = TiledSchedule(
      batch: groups.batch, m: groups.m, n: groups.n, k: groups.k, rowOperand: rowOperand, tile: tile,
      blocking: makeBlocking(
        m: Int(m), n: Int(n), k: Int(k), tile: tile, elementSize: type.size, machine: machine))
    let cycles = contraction.size(of: roles.batch) * tiledCost(tile, m, n, k, lanes)
    let isShared = isWorthSharing(cycles: cycles)
    return ScheduleCandidate(
      schedule: .tiled(isShared ? schedule.shared(in: contraction, on: machine) : schedule), cycles: cycles)
  }
}

/// The predicted cycles of a pairwise step as a map or reduce step.
func pairMapCycles(for contraction: Contraction, on machine: Machine) -> Double {
  let roles = IndexRoles(contraction)
  let type = contraction.computeType.kernelType
  let lanes = machine.isa.vectorBytes / type.componentType.size
  return contraction.size(of: roles.batch)
    * mapCost(
      contraction.size(of: roles.m), contraction.size(of: roles.n), contraction.size(of: roles.k),
      Double(lanes))
}

/// Indices by their strides in a tensor, the largest first.
private func sorted(_ indices: [Int], by tensor: TensorAccess) -> [Int] {
  indices.sorted { a, b in
    (abs(tensor.stride(of: a) ?? 0), b) > (abs(tensor.stride(of: b) ?? 0), a)
  }
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

/// The predicted time of one batch element through a tile, in cycles: whole tiles, padding included, with two
/// multiply-adds a cycle; each element packed once; the output stored once; and the calls.
///
/// A step along k is a multiply-add for each vector of the tile, or loading its row of b and its column of a if that takes
/// longer.
private func tiledCost(_ tile: Tile, _ m: Double, _ n: Double, _ k: Double, _ lanes: Int) -> Double {
  let tiles = (m / Double(tile.mr)).rounded(.up) * (n / Double(tile.nr)).rounded(.up)
  let vectors = (tile.nr + lanes - 1) / lanes
  let loads = Double(tile.mr + vectors)
  let step = max(Double(tile.mr * vectors), loadCost * loads) + hiddenLoadCost * loads
  return tiles * (k * step / 2 + 100) + 0.5 * (m * k + n * k) + 2 * m * n / Double(lanes) + 300
}

/// A load from L1 or L2 in multiply-adds, measured on Ice Lake with 64-byte vectors: 3.3 against 5.6 in a nanosecond.
private let loadCost = 1.7

/// What a load costs in multiply-adds even where these take longer: why tiles with fewer loads are a little faster.
private let hiddenLoadCost = 0.15

/// The predicted time as a map or reduce step, in cycles: one multiply-add in two, as its output passes through L1, and
/// the cost of starting each row along the longest index and each call over the two longest.
private func mapCost(_ m: Double, _ n: Double, _ k: Double, _ lanes: Double) -> Double {
  let extents = [m, n, k].sorted()
  let rows = extents[0] * extents[1]
  return 2 * m * n * k / min(lanes, max(extents[2], 1)) + 4 * rows + 60 * extents[0]
}
