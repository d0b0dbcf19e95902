import Einsum
import EinsumIR
import EinsumKernels
import EinsumTestSupport
import Testing

/// Every arithmetic kernel of the library, on every instruction set of this CPU, against plain loops.
///
/// Numbers are small integers, so results must be equal. What must not be read is nan, and what must not be written
/// is compared byte by byte.
@Suite("kernel library")
struct KernelLibraryTests {
  @Test("every kernel is in the table, and others are not")
  func table() {
    for isa in Machine.available {
      for type in ElementType.allCases {
        let kernels =
          KernelSpec.conversions(to: type, on: isa)
          + (ElementType.kernelTypes.contains(type) ? KernelSpec.arithmeticKernels(for: type, on: isa) : [])
        for spec in kernels { #expect(es_kernel_lookup(spec.symbol) != nil, "\(spec.symbol)") }
      }
    }
    for spec in Machine.available.flatMap(KernelSpec.widenedKernels) {
      #expect(es_kernel_lookup(spec.symbol) != nil, "\(spec.symbol)")
    }
    for name in ["", "es_", "es_zzz", "es_sum_f32", "zzz"] { #expect(es_kernel_lookup(name) == nil) }
  }

  // MARK: Tiles

  @Test("tiles, whole and cut, write or add exactly their part", arguments: Machine.available)
  func tiles(isa: ISA) throws {
    var random = SplitMix64(seed: 1)
    for type in ElementType.kernelTypes {
      for tile in KernelSpec.tiles(for: type, on: isa) {
        let extents = [(tile.mr, tile.nr), (1, 1), (tile.mr, tile.nr - 1), (tile.mr - 1, tile.nr)]
        for (number, (m, n)) in extents.enumerated() where n > 0 {
          for (adds, k) in [(0, 0), (0, 1), (0, 9), (1, 7)] {
            for addressing in [KernelKind.Addressing.strided, .tabled] {
              let spec = KernelSpec(.tile(tile, addressing), type, isa)
              try check(spec, tile, m, n, k, adds, isUnit: number % 2 == 0, &random)
            }
          }
        }
      }
    }
  }

  @Test("tiles that read rows in place compute what those with panels do", arguments: Machine.available)
  func tilesInPlace(isa: ISA) throws {
    var random = SplitMix64(seed: 3)
    for type in ElementType.kernelTypes {
      for tile in KernelSpec.tilesInPlace(for: type, on: isa) {
        let kernel = try #require(
          KernelSpec(.tileInPlace(tile, .strided), type, isa).function(as: KernelFunction.TileInPlace.self))
        let tabled = try #require(
          KernelSpec(.tileInPlace(tile, .tabled), type, isa).function(
            as: KernelFunction.TableTileInPlace.self))
        let packed = try #require(
          KernelSpec(.tile(tile, .strided), type, isa).function(as: KernelFunction.Tile.self))
        for (m, n) in [(tile.mr, tile.nr), (1, 1), (tile.mr - 1, tile.nr - 1)] {
          for (adds, k) in [(0, 0), (0, 1), (0, 9), (1, 7)] {
            let panel = panel(type, width: tile.mr, used: m, k, &random)
            let b = self.panel(type, width: tile.nr, used: n, k, &random)
            let step = k + 3
            let rows = Cells(type, m * step), columns = Cells(type, k * (tile.nr + 5))
            for i in 0..<m {
              for p in 0..<k { rows[i * step + p] = panel[p * tile.mr + i] }
            }
            for p in 0..<k {
              for j in 0..<tile.nr { columns[p * (tile.nr + 5) + j] = b[p * tile.nr + j] }
            }
            let expected = adds == 1 ? Cells(type, m * n, random: &random) : Cells(type, m * n)
            let results = [Cells(copying: expected), Cells(copying: expected)]
            packed(m, n, k, panel.at(0), b.at(0), expected.at(0), n, 1, adds)
            kernel(
              m, n, k, rows.at(0), step, columns.at(0), tile.nr + 5, results[0].at(0), n, 1, adds)
            tabled(
              m, n, k, rows.at(0), step, b.at(0), tile.nr, results[1].at(0), (0..<m).map { $0 * n },
              Array(0..<n), adds)
            for result in results {
              #expect(
                result.matches(expected, changed: Set(0..<m * n)), "\(type) \(tile) m \(m) n \(n) k \(k)")
            }
          }
        }
      }
    }
  }

  private func check(
    _ spec: KernelSpec, _ tile: Tile, _ m: Int, _ n: Int, _ k: Int, _ adds: Int, isUnit: Bool,
    _ random: inout SplitMix64
  ) throws {
    let type = spec.elementType
    let a = panel(type, width: tile.mr, used: m, k, &random)
    let b = panel(type, width: tile.nr, used: n, k, &random)
    let walk = isUnit ? Walk(n + 3, 1, rows: m, columns: n) : Walk(-1, 2 * m + 1, rows: m, columns: n)
    let c = adds == 1 ? Cells(type, walk.count, random: &random) : Cells(type, walk.count)
    let expected = Cells(copying: c)
    var changed: Set<Int> = []
    for i in 0..<m {
      for j in 0..<n {
        var sum = adds == 1 ? c[walk.index(i, j)] : TestValue()
        for p in 0..<k {
          let x = part(type, a, tile.mr, p, i), y = part(type, b, tile.nr, p, j)
          sum = .sum(sum, .product(x, y, type), type)
        }
        expected[walk.index(i, j)] = sum
        changed.insert(walk.index(i, j))
      }
    }
    let out = c.at(walk.origin)
    if case .tile(_, .strided) = spec.kind {
      let kernel = try #require(spec.function(as: KernelFunction.Tile.self))
      kernel(m, n, k, a.at(0), b.at(0), out, walk.row, walk.column, adds)
    } else {
      let kernel = try #require(spec.function(as: KernelFunction.TableTile.self))
      kernel(
        m, n, k, a.at(0), b.at(0), out, (0..<m).map { $0 * walk.row }, (0..<n).map { $0 * walk.column }, adds)
    }
    #expect(c.matches(expected, changed: changed), "\(spec.symbol) m \(m) n \(n) k \(k) adds \(adds) \(walk)")
  }

  /// A packed panel: numbers where it is used, nan elsewhere.
  private func panel(_ type: ElementType, width: Int, used: Int, _ k: Int, _ random: inout SplitMix64)
    -> Cells
  {
    let component = type.componentType
    let cells = Cells(component, k * width * type.componentCount)
    for index in 0..<cells.count where index % width < used { cells[index] = .small(component, &random) }
    return cells
  }

  /// Element `i` of row `p` of a panel; complex panels hold real and imaginary parts apart.
  private func part(_ type: ElementType, _ panel: Cells, _ width: Int, _ p: Int, _ i: Int) -> TestValue {
    guard type.numberClass == .complex else { return panel[p * width + i] }
    return TestValue(panel[2 * p * width + i].re, panel[(2 * p + 1) * width + i].re)
  }

  // MARK: Packs

  @Test("packs put rows in order and fill up with zeros", arguments: Machine.available)
  func packs(isa: ISA) throws {
    var random = SplitMix64(seed: 2)
    for type in ElementType.kernelTypes {
      let widths = Set(KernelSpec.tiles(for: type, on: isa).flatMap { [$0.mr, $0.nr] }).sorted()
      for width in widths {
        for rows in Set([width, width - 1, width / 2 + 1, 1]).sorted() where rows > 0 {
          for k in [0, 1, 17, 35] {
            let strides = [(1, width + 2), (k + 3, 1), (2, 2 * width), (-(k + 1), 1), (1, 1), (0, 3)]
            for (row, column) in strides {
              let walk = Walk(row, column, rows: rows, columns: k)
              for addressing in [KernelKind.Addressing.strided, .tabled] {
                try check(KernelSpec(.pack(width: width, addressing), type, isa), rows, k, walk, &random)
              }
            }
          }
        }
      }
    }
  }

  @Test(
    "packs of panels fill as many as there are rows, and touch nothing between them",
    arguments: Machine.available)
  func packsOfPanels(isa: ISA) throws {
    var random = SplitMix64(seed: 21)
    for type in ElementType.kernelTypes where type.numberClass != .complex {
      let widths = Set(KernelSpec.tiles(for: type, on: isa).flatMap { [$0.mr, $0.nr] }).sorted()
      for width in widths {
        for rows in [width + 1, 2 * width, 3 * width - 1, 1] {
          for (k, step) in [(0, 100), (1, rows), (7, rows + 3), (9, 4096), (6, -4096)] {
            try checkPanels(
              KernelSpec(.packPanels(width: width), type, isa), width,
              Walk(1, step, rows: rows, columns: k), rows, k, &random)
          }
        }
      }
    }
  }

  private func checkPanels(
    _ spec: KernelSpec, _ width: Int, _ walk: Walk, _ rows: Int, _ k: Int, _ random: inout SplitMix64
  ) throws {
    let type = spec.elementType
    let step = (k + 2) * width, panels = (rows + width - 1) / width
    let source = Cells(type, walk.count, random: &random)
    let panel = Cells(type, panels * step, random: &random)
    let expected = Cells(copying: panel)
    var changed: Set<Int> = []
    for p in 0..<k {
      for i in 0..<panels * width {
        let place = i / width * step + p * width + i % width
        expected[place] = i < rows ? source[walk.index(i, p)] : TestValue()
        changed.insert(place)
      }
    }
    let kernel = try #require(spec.function(as: KernelFunction.PackPanels.self))
    kernel(rows, k, source.at(walk.origin), walk.column, panel.at(0), step)
    #expect(panel.matches(expected, changed: changed), "\(spec.symbol) rows \(rows) k \(k) \(walk)")
  }

  private func check(
    _ spec: KernelSpec, _ rows: Int, _ k: Int, _ walk: Walk, _ random: inout SplitMix64
  ) throws {
    guard case .pack(let width, let addressing) = spec.kind else { return }
    let type = spec.elementType
    let source = Cells(type, walk.count, random: &random)
    let panel = Cells(type.componentType, k * width * type.componentCount)
    let expected = Cells(type.componentType, panel.count)
    for p in 0..<k {
      for i in 0..<width {
        let value = i < rows ? source[walk.index(i, p)] : TestValue()
        if type.numberClass == .complex {
          expected[2 * p * width + i] = TestValue(value.re)
          expected[(2 * p + 1) * width + i] = TestValue(value.im)
        } else {
          expected[p * width + i] = value
        }
      }
    }
    switch addressing {
    case .strided:
      let kernel = try #require(spec.function(as: KernelFunction.Pack.self))
      kernel(rows, k, source.at(walk.origin), walk.row, walk.column, panel.at(0))
    case .tabled:
      let kernel = try #require(spec.function(as: KernelFunction.TablePack.self))
      let tables = ((0..<rows).map { $0 * walk.row }, (0..<k).map { $0 * walk.column })
      kernel(rows, k, source.at(walk.origin), tables.0, tables.1, panel.at(0))
    }
    #expect(panel.matches(expected, changed: []), "\(spec.symbol) rows \(rows) k \(k) \(walk)")
  }
}
