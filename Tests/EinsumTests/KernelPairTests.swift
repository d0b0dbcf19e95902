import Einsum
import EinsumIR
import EinsumTestSupport
import Testing

/// The kernels that multiply 16-bit integers in pairs, against plain loops.
@Suite("kernel library: pairs of integers")
struct KernelPairTests {
  private typealias Pack =
    @convention(c) (
      Int, Int, UnsafePointer<Int16>, Int, Int, UnsafeMutablePointer<UInt32>
    ) -> Void
  private typealias TablePack =
    @convention(c) (
      Int, Int, UnsafePointer<Int16>, UnsafePointer<Int>, UnsafePointer<Int>, UnsafeMutablePointer<UInt32>
    ) -> Void
  private typealias Tile =
    @convention(c) (
      Int, Int, Int, UnsafePointer<UInt32>, UnsafePointer<UInt32>, UnsafeMutablePointer<Int32>, Int, Int, Int
    ) -> Void
  private typealias TableTile =
    @convention(c) (
      Int, Int, Int, UnsafePointer<UInt32>, UnsafePointer<UInt32>, UnsafeMutablePointer<Int32>,
      UnsafePointer<Int>, UnsafePointer<Int>, Int
    ) -> Void

  private func numbers(_ count: Int, _ random: inout SplitMix64) -> [Int16] {
    (0..<count).map { _ in random.pick([Int16.min, .max, -1, 0, 1, Int16(random.number(-999...999))]) }
  }

  /// The pairs that a panel must hold.
  private func pairs(width: Int, rows: Int, k: Int, _ element: (Int, Int) -> Int16) -> [UInt32] {
    stride(from: 0, to: k, by: 2).flatMap { p in
      (0..<width).map { i in
        guard i < rows else { return 0 }
        let high = p + 1 < k ? UInt32(UInt16(bitPattern: element(i, p + 1))) : 0
        return UInt32(UInt16(bitPattern: element(i, p))) | high << 16
      }
    }
  }

  @Test("packs put pairs side by side and fill up with zeros", arguments: Machine.available)
  func packs(isa: ISA) throws {
    var random = SplitMix64(seed: 21)
    let margin: UInt32 = 0xABCD_EF01
    for width in Set(KernelSpec.tiles(for: .uint32, on: isa).flatMap { [$0.mr, $0.nr] }).sorted() {
      let strided = try #require(
        KernelSpec(.packPairs(width: width, .strided), .uint16, isa).function(as: Pack.self))
      let tabled = try #require(
        KernelSpec(.packPairs(width: width, .tabled), .uint16, isa).function(as: TablePack.self))
      for rows in Set([width, width - 1, width / 2 + 1, 1]).sorted() where rows > 0 {
        for k in [0, 1, 2, 17, 34, 71] {
          for (row, column) in [(1, width + 3), (k + 3, 1), (2, 2 * width), (k | 1, 1), (0, 3)] {
            let source = numbers(rows * row + k * column + 1, &random)
            let expected =
              pairs(width: width, rows: rows, k: k) { source[$0 * row + $1 * column] } + [margin]
            var panels = [[UInt32]](repeating: .init(repeating: margin, count: expected.count), count: 2)
            strided(rows, k, source, row, column, &panels[0])
            tabled(
              rows, k, source, (0..<rows).map { $0 * row }, (0..<k).map { $0 * column }, &panels[1])
            for panel in panels {
              #expect(panel == expected, "\(isa) width \(width) rows \(rows) k \(k) strides \(row) \(column)")
            }
          }
        }
      }
    }
  }

  @Test("tiles of pairs add up modulo 2^32, whole and cut", arguments: Machine.available)
  func tiles(isa: ISA) throws {
    var random = SplitMix64(seed: 22)
    for tile in KernelSpec.tiles(for: .uint32, on: isa) {
      let generic = [KernelKind.Addressing.strided, .tabled].map {
        KernelSpec(.tilePairs(tile, $0), .uint32, isa)
      }
      let versions =
        [generic] + (Extension.vnni.isAvailable && isa == .avx512 ? [generic.flatMap(\.versions)] : [])
      for version in versions {
        let strided = try #require(version[0].function(as: Tile.self))
        let tabled = try #require(version[1].function(as: TableTile.self))
        for (m, n) in [(tile.mr, tile.nr), (1, 1), (tile.mr, tile.nr - 1), (tile.mr - 1, tile.nr)] {
          for (adds, k) in [(0, 0), (0, 1), (0, 2), (0, 9), (1, 70)] {
            let a = numbers(m * k, &random), b = numbers(n * k, &random)
            let rows = pairs(width: tile.mr, rows: m, k: k) { a[$0 * k + $1] }
            let columns = pairs(width: tile.nr, rows: n, k: k) { b[$0 * k + $1] }
            let before = (0..<m * n + 1).map { _ in Int32(random.number(-9...9)) }
            var expected = before
            for i in 0..<m {
              for j in 0..<n {
                expected[i * n + j] = (0..<k).reduce(adds == 1 ? before[i * n + j] : 0) {
                  $0 &+ Int32(a[i * k + $1]) &* Int32(b[j * k + $1])
                }
              }
            }
            var results = [before, before]
            strided(m, n, k, rows, columns, &results[0], n, 1, adds)
            tabled(m, n, k, rows, columns, &results[1], (0..<m).map { $0 * n }, Array(0..<n), adds)
            for result in results { #expect(result == expected, "\(version[0].symbol) m \(m) n \(n) k \(k)") }
          }
        }
      }
    }
  }
}
