import EinsumIR
import EinsumPlanner
import EinsumTestSupport
import Testing

/// The cache blocks of tiled contractions.
@Suite struct BlockingTests {
  @Test func shares() {
    let tile = Tile(mr: 14, nr: 32)
    func blocking(_ m: Int, _ n: Int, _ k: Int) -> Blocking {
      makeBlocking(m: m, n: n, k: k, tile: tile, elementSize: 4, machine: .reference)
    }
    #expect(blocking(14, 32, 8) == Blocking(mc: 14, kc: 8, nc: 32))
    #expect(blocking(1, 1, 1) == Blocking(mc: 14, kc: 8, nc: 32))
    #expect(blocking(0, 0, 0) == Blocking(mc: 14, kc: 8, nc: 32))
    // The columns' panel, 128 bytes for each k, has two thirds of 32 KiB.
    #expect(blocking(512, 768, 1024).kc == 152)
    #expect(blocking(512, 768, 257).kc == 136)
    #expect(blocking(512, 768, 255).kc == 256)
    // Few tiles read a panel, so that it need not be in L1.
    #expect(blocking(224, 768, 1024).kc == 512)
    #expect(blocking(224, 768, 769).kc == 392)
    // The output is larger than caches: a sum that two blocks hold is in one.
    #expect(blocking(4096, 4096, 340).kc == 344)
    #expect(blocking(4096, 4096, 342).kc == 120)
  }

  /// Units that take a vector in two halves are no faster than L2 gives panels, nor are those of shorter vectors.
  @Test func slowUnitsReadPanelsFromL2() {
    func kc(_ isa: ISA, fmasPerCycle: Int, _ k: Int, elementSize: Int = 4) -> Int {
      let machine = Machine(isa: isa, fmasPerCycle: fmasPerCycle, l1: 32 << 10, l2: 1 << 20, l3: 32 << 20)
      let tile = Tile(mr: 6, nr: 2 * isa.vectorBytes / elementSize)
      return makeBlocking(m: 1024, n: 1024, k: k, tile: tile, elementSize: elementSize, machine: machine).kc
    }
    #expect(kc(.avx512, fmasPerCycle: 2, 1024) == 152)
    #expect(kc(.avx512, fmasPerCycle: 1, 1024) == 1024)
    #expect(kc(.avx512, fmasPerCycle: 1, 3000) == 1000)
    #expect(kc(.avx512, fmasPerCycle: 1, 3000, elementSize: 8) == 504)
    #expect(kc(.avx2, fmasPerCycle: 2, 1024) == 1024)
  }

  /// Small columns in whole tiles are read where they lie, if rows are too.
  @Test func smallColumnsStayInPlace() throws {
    func isInPlace(_ text: String, _ a: [Int], _ b: [Int]) throws -> Bool {
      guard case .tiled(let schedule) = try plan(text, [a, b]).steps[0].schedule else { throw NoTiles() }
      #expect(schedule.violations(for: try plan(text, [a, b]).steps[0].contraction, on: .avx512).isEmpty)
      return schedule.readsColumnsInPlace
    }
    #expect(try isInPlace("ij,jk->ik", [192, 96], [96, 192]))
    #expect(try !isInPlace("ij,jk->ik", [192, 96], [96, 200]))
    #expect(try !isInPlace("ji,jk->ik", [96, 192], [96, 192]))
    #expect(try !isInPlace("ij,jk->ik", [192, 96], [96, 1920]))
  }

  @Test func blocksAreWholeTilesAndFit() {
    let machines = ISA.allCases.map(Machine.tiny) + [.reference]
    for machine in machines {
      for type in ElementType.kernelTypes {
        for tile in machine.tiles(for: type) {
          for (m, n, k) in [(1, 1, 1), (13, 65, 7), (1000, 1000, 1000), (1 << 40, 3, 1 << 40)] {
            let blocks = makeBlocking(m: m, n: n, k: k, tile: tile, elementSize: type.size, machine: machine)
            #expect(blocks.mc % tile.mr == 0 && blocks.mc >= tile.mr)
            #expect(blocks.nc % tile.nr == 0 && blocks.nc >= tile.nr)
            #expect(blocks.kc >= 1 && blocks.kc <= 1024)
            #expect(blocks.mc < m + tile.mr && blocks.nc < n + tile.nr && blocks.kc < k + 8)
            let rows = blocks.mc * blocks.kc * type.size
            #expect(rows <= machine.l2 / 2 || blocks.mc == tile.mr)
          }
        }
      }
    }
  }

  /// An output of 256 MB whose rows are 80 bytes: blocks are long pieces of many rows, and whole tiles.
  @Test(arguments: ["aged,cbfg->fedcba", "agfd,cbeg->fedcba"]) func blocksAreWholePieces(text: String) throws
  {
    let machine = Machine.reference
    let plan = try plan(text, [[Int]](repeating: [20, 20, 20, 20], count: 2))
    guard case .tiled(let schedule) = plan.steps[0].schedule else { return #expect(Bool(false), "\(plan)") }
    let pieces = try #require(schedule.pieces(in: plan.steps[0].contraction))
    #expect(schedule.streams && pieces.columns == 20 && pieces.size >= 1024 && pieces.stride % 8000 == 0)
    #expect(pieces.count * pieces.size * 4 <= machine.l2 / 4 && pieces.count * 20 % schedule.tile.nr == 0)
  }

  /// A long sum over few elements is in parts, the same for any number of threads, which share them.
  @Test func longSumsAreInParts() throws {
    func schedule(_ m: Int, _ n: Int, _ k: Int, threads: Int = 1) throws -> TiledSchedule {
      let machine = Machine(isa: .avx512, l1: 32 << 10, l2: 1 << 20, l3: 16 << 20, threads: threads)
      let plan = try plan("ik,kj->ij", [[m, k], [k, n]], on: machine)
      guard case .tiled(let schedule) = plan.steps[0].schedule else { throw NoTiles() }
      return schedule
    }
    let long = try schedule(32, 48, 100_000)
    let parts = try #require(long.parts)
    #expect(parts.length % long.blocking.kc == 0 && (2...16).contains((100_000 - 1) / parts.length + 1))
    for threads in [2, 3, 7] {
      let shared = try schedule(32, 48, 100_000, threads: threads)
      #expect(shared.parts == parts && shared.sharing == Sharing(.k, threads: threads))
      #expect(shared.blocking.kc == long.blocking.kc)
    }
    #expect(try schedule(32, 48, 4000).parts == nil)
    #expect(try schedule(512, 512, 100_000).parts == nil)
  }

  private struct NoTiles: Error {}
}
