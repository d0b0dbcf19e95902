package import EinsumIR

/// The cache blocks of a tiled contraction, by the analytical model of BLIS.
///
/// - kc: a panel of each operand stays in half of L1 while a tile runs, and longer sums amortise reading and writing the
///   output; even shares, so that no block is nearly empty.
/// - mc: the packed block of rows stays in half of L2.
/// - nc: the packed block of columns stays in a share of the last level cache.
///
/// Each is a whole number of tiles and no larger than the problem asks for.
///
/// Source: T. M. Low et al., "Analytical modeling is enough for high-performance BLIS", ACM TOMS 43(2), 2016.
///
/// - Parameters:
///   - m: the extent of the composite m group; likewise n and k.
///   - elementSize: in bytes.
package func makeBlocking(
  m: Int, n: Int, k: Int, tile: Tile, elementSize: Int, machine: Machine
) -> Blocking {
  let longest = max(64, machine.l2 / 2 / (elementSize * max(tile.mr * 16, 1)) / 64 * 64)
  let kc = evenBlock(k, atMost: min(512, longest), multiple: 8)
  let rows = machine.l2 / 2 / (kc * elementSize)
  let mc = evenBlock(m, atMost: max(rows, tile.mr), multiple: tile.mr)
  let columns = machine.l3 / 4 / (kc * elementSize)
  let nc = evenBlock(n, atMost: max(min(columns, 4096), tile.nr), multiple: tile.nr)
  return Blocking(mc: mc, kc: kc, nc: nc)
}

/// The block for as few, equal blocks of `extent` as fit `limit`, rounded up to a multiple but not past the limit.
func evenBlock(_ extent: Int, atMost limit: Int, multiple: Int) -> Int {
  let extent = max(extent, 1)
  let most = max(limit / multiple * multiple, multiple)
  let count = (extent - 1) / most + 1
  let share = (extent - 1) / count + 1
  let rounded = (share - 1) / multiple + 1
  return min(rounded * multiple, most)
}
