package import EinsumIR

/// The cache blocks of a tiled contraction, by the analytical model of BLIS.
///
/// - kc: the columns' panel, which is what a tile loads most of, stays in two thirds of L1 while the tiles of a block of
///   rows run, unless they are few. Even shares, so that no block is nearly empty.
/// - mc: the packed block of rows stays in three eighths of L2, and below 256 KiB, next to what it is made of, the columns' panels and the output;
///   of short sums, where the output is most of what moves, its block stays in a quarter of L2, so that pieces of rows meet
///   there; where the output is contiguous along rows, it has many of these and fewer columns.
/// - nc: the packed block of columns stays in a share of the last level cache; if it meets few rows, in half of L2 or as
///   wide as runs of memory should be.
///
/// Each is a whole number of tiles and no larger than the problem asks for. A sum of one and a half blocks' length is one
/// block, of two where the output is too large for caches: writing the output once, and waiting once for other threads,
/// is worth more than loads from L1.
///
/// Measured on Sapphire Rapids with the tile 6x64 of float32, tiles fetching their part of the output ahead: for 1024^3 kc
/// 128 is 1.03 to 1.08 times as fast as 512, for 384^3 1.04, for 768x768x256 1.04 to 1.10; for 3000x3000x196 whole sums
/// are 1.03 to 1.11 times as fast as halves. mc between 170 and 512 makes no difference, 1024 is 1.02 times as slow; but
/// 6000x6250x24 has 85 GFLOP/s with mc 24, where the output's block has 0.6 MB, 79 with mc 48 and 26 with mc 96. On Zen 3,
/// aged,cbfg->fedcba with 20 for each, where 20 columns and then 400 rows are contiguous, takes 65 ms with blocks of 96
/// rows and 160 to 400 columns, 100 ms with 6 and 4000.
///
/// Source: T. M. Low et al., "Analytical modeling is enough for high-performance BLIS", ACM TOMS 43(2), 2016.
///
/// - Parameters:
///   - m: the extent of the composite m group; likewise n and k.
///   - elementSize: in bytes.
///   - runsAlongRows: whether the output is contiguous from row to row, but not along all columns.
package func makeBlocking(
  m: Int, n: Int, k: Int, tile: Tile, elementSize: Int, runsAlongRows: Bool = false, machine: Machine
) -> Blocking {
  let panel = machine.l1 * 2 / 3 / (elementSize * tile.nr)
  let deepest =
    hasFewTiles(m, tile)
    ? mostDepth
    : readsPanelsFromL2(machine) ? mostDepthFromL2 / max(elementSize, 4) : min(max(panel, 64), mostDepth)
  let isLarge = Double(m) * Double(n) * Double(elementSize) > Double(4 * machine.l2)
  let isOneBlock = k <= deepest * (isLarge ? 4 : 3) / 2
  let kc = evenBlock(k, atMost: isOneBlock ? k + 7 : deepest, multiple: 8)
  let isShort = k <= shortSum
  let outputBlock = outputBlock(elementSize: elementSize, machine)
  let room = { (cache: Int) in cache / (kc * elementSize) }
  let columns =
    isShort && runsAlongRows
    ? outputBlock / manyRows
    : meetsFewRows(m: m, k: k, kc: kc, tile: tile) ? max(room(machine.l2 / 2), longRow) : room(machine.l3 / 4)
  let nc = evenBlock(n, atMost: max(min(columns, mostColumns), tile.nr), multiple: tile.nr)
  let packed = min(machine.l2 * 3 / 8, mostRowBytes) / (kc * elementSize)
  let rows = isShort ? min(packed, outputBlock / nc) : packed
  let mc = evenBlock(m, atMost: max(rows, tile.mr), multiple: tile.mr)
  return Blocking(mc: mc, kc: kc, nc: nc)
}

/// The elements of a block of the output that stays in a quarter of L2.
func outputBlock(elementSize: Int, _ machine: Machine) -> Int { machine.l2 / 4 / elementSize }

/// More columns in a packed block gain nothing.
let mostColumns = 4096

/// More packed rows make the way of the columns' panels from L3 into L1 no cheaper by any measure.
private let mostRowBytes = 1 << 18

/// Sums in which writing the output takes about as long as forming it.
private let shortSum = 64

/// So many rows that follow each other are long pieces of the output.
private let manyRows = 96

/// Whether so few tiles read a panel of columns that its way into L1 counts little.
private func hasFewTiles(_ m: Int, _ tile: Tile) -> Bool { m <= 16 * tile.mr }

/// Whether columns meet few rows, which are packed once for all columns. A block of columns then stays in L2, and
/// threads that have blocks of their own need not wait for each other after each.
///
/// Measured on Zen 3 in float32, two threads: 12x200000x24 takes 1.9 ms with blocks for each, 2.4 with common ones of 4096
/// columns, 24x200000x24 3.8 and 4.5, 96x200000x24 12.4 and 16.5, 64x20000x64 1.5 and 1.7.
func meetsFewRows(m: Int, k: Int, kc: Int, tile: Tile) -> Bool { hasFewTiles(m, tile) && k <= kc }

/// Whether tiles work so slowly that L2 gives them their panels of columns in time.
///
/// Measured on Zen 4, 1024^3 and 2048^3, GFLOP/s with kc 80 to 128, 344 and as long as this allows: float32 with AVX-512
/// 107, 111, 113 and 111, 113, 114; with AVX2 108, 105, 111; float64 54, 56, 56 and with AVX2 53, 55, 55.
private func readsPanelsFromL2(_ machine: Machine) -> Bool {
  machine.isa.vectorBytes * machine.fmasPerCycle <= 64
}

/// Longer sums amortise nothing more.
private let mostDepth = 512

/// The bytes of as long a sum as still leaves a block of some tiles' rows in L2.
private let mostDepthFromL2 = 4096

/// Columns of which memory is read in runs that are long enough.
private let longRow = 512

/// The block for as few, equal blocks of `extent` as fit `limit`, rounded up to a multiple but not past the limit.
func evenBlock(_ extent: Int, atMost limit: Int, multiple: Int) -> Int {
  let extent = max(extent, 1)
  let most = max(limit / multiple * multiple, multiple)
  let count = (extent - 1) / most + 1
  let share = (extent - 1) / count + 1
  let rounded = (share - 1) / multiple + 1
  return min(rounded * multiple, most)
}
