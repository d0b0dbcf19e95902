import Einsum
import EinsumIR
import EinsumTestSupport
import Testing

/// The kernels that multiply bfloat16 and sum in float32, in every version that this CPU runs, against plain loops.
@Suite("kernel library: products of halves", .enabled(if: Machine.available.contains(.avx512)))
struct KernelHalvesTests {
  private typealias Memory = UnsafeMutableRawPointer
  private typealias Sums =
    @convention(c) (Int, Int, Int, Memory, Int, Memory, Memory, Int, Int, Int) -> Void
  private typealias TableSums =
    @convention(c) (
      Int, Int, Int, Memory, Int, Memory, Memory, UnsafePointer<Int>, UnsafePointer<Int>, Int
    ) -> Void
  private typealias Rounded = @convention(c) (Int, Int, Int, Memory, Int, Memory, Memory, Int, Int) -> Void
  private typealias TableRounded =
    @convention(c) (
      Int, Int, Int, Memory, Int, Memory, Memory, UnsafePointer<Int>, UnsafePointer<Int>
    ) -> Void

  private static let extents = [
    (1, 1, 1), (12, 32, 2), (13, 31, 3), (16, 32, 32), (17, 5, 33), (32, 32, 64), (33, 32, 31), (48, 32, 65),
    (70, 17, 100), (5, 32, 0),
  ]

  @Test("sums of products, whole and cut", arguments: [ElementType.float32, .bfloat16])
  func products(type: ElementType) {
    var random = SplitMix64(seed: 31)
    for addressing in [KernelKind.Addressing.strided, .tabled] {
      let generic = KernelSpec(.tileHalves(KernelSpec.halvesTile, addressing), type, .avx512)
      for spec in [generic] + generic.versions where spec.uses?.isAvailable ?? true {
        for (m, n, k) in Self.extents {
          for (adds, columnStep) in [(0, 1), (1, 1), (0, 3)] where adds == 0 || !type.isHalf {
            check(spec, addressing, m, n, k, adds, columnStep, &random)
          }
        }
      }
    }
  }

  /// What lies between rows of a, and in the panel where there is no column, is nan; columns of the panel past the last
  /// are zero, as packs leave them.
  private func check(
    _ spec: KernelSpec, _ addressing: KernelKind.Addressing, _ m: Int, _ n: Int, _ k: Int, _ adds: Int,
    _ columnStep: Int, _ random: inout SplitMix64
  ) {
    let type = spec.elementType, width = KernelSpec.halvesTile.nr
    let rowStep = k + 3
    let a = Cells(.bfloat16, max((m - 1) * rowStep + k, 1))
    for i in 0..<m { for p in 0..<k { a[i * rowStep + p] = .small(.bfloat16, &random) } }
    let b = Cells(.bfloat16, max((k + 1) / 2 * 2 * width, 1))
    for p in 0..<(k + 1) / 2 * 2 {
      for j in 0..<width {
        let isThere = p < k && j < n
        b[(p / 2 * width + j) * 2 + p % 2] =
          isThere ? .small(.bfloat16, &random) : TestValue(integer: 0)
      }
    }
    let out = Walk(n * columnStep + 2, columnStep, rows: m, columns: n)
    let before = Cells(type, out.count, random: &random)
    let result = Cells(copying: before)
    let rows = (0..<m).map { $0 * out.row }, columns = (0..<n).map { $0 * columnStep }
    switch (addressing, type.isHalf) {
    case (.strided, false):
      spec.function(as: Sums.self)?(
        m, n, k, a.at(0), rowStep, b.at(0), result.at(0), out.row, columnStep, adds)
    case (.tabled, false):
      spec.function(as: TableSums.self)?(
        m, n, k, a.at(0), rowStep, b.at(0), result.at(0), rows, columns, adds)
    case (.strided, true):
      spec.function(as: Rounded.self)?(m, n, k, a.at(0), rowStep, b.at(0), result.at(0), out.row, columnStep)
    case (.tabled, true):
      spec.function(as: TableRounded.self)?(m, n, k, a.at(0), rowStep, b.at(0), result.at(0), rows, columns)
    }
    EinsumTests.check(
      result, before, out, m, n, adds, "\(spec.symbol) m \(m) n \(n) k \(k) adds \(adds) step \(columnStep)"
    ) { i, j in
      (0..<k).reduce(TestValue(integer: 0)) { sum, p in
        let x = a[i * rowStep + p], y = b[(p / 2 * width + j) * 2 + p % 2]
        return .sum(sum, .product(x, y, .float32), .float32)
      }
    }
  }
}
