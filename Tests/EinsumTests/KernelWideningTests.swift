import Einsum
import EinsumIR
import EinsumTestSupport
import Testing

/// The kernels that convert half types as they read and write them, against those that convert, multiply and convert back.
@Suite("kernel library: half types")
struct KernelWideningTests {
  private static let halves = ElementType.allCases.filter(\.isHalf)

  /// Extents around vectors and cache lines, with strides of every kind: whole lines, dense, gaps, constant, reversed.
  private static let extents = [
    (1, 1), (1, 37), (37, 1), (5, 8), (18, 21), (3, 130), (4, 64), (9, 32), (6, 16), (7, 100), (0, 4), (4, 0),
  ]

  private static func walks(_ rows: Int, _ columns: Int) -> [Walk] {
    let strides = [
      (columns + 3, 1), (1, rows + 2), (columns, 1), (0, 1), (1, 0), (0, 0), (3, 3 * rows),
      (-(columns + 2), -1), ((columns + 31) / 32 * 32, 1),
    ]
    return strides.map { Walk($0.0, $0.1, rows: rows, columns: columns) }
  }

  private static func isInjective(_ walk: Walk, _ rows: Int, _ columns: Int) -> Bool {
    (columns == 1 || walk.column != 0) && (rows == 1 || walk.row != 0)
  }

  /// Elements of any bits: numbers of all sizes, subnormal ones, infinities and nans.
  private func anyCells(_ type: ElementType, _ count: Int, _ random: inout SplitMix64) -> Cells {
    let cells = Cells(type, count)
    cells.fillWithRandomBytes(&random)
    // Every few elements are of a size at which products are near one, where rounding has ties.
    for index in stride(from: 0, to: count, by: 3) {
      cells[index] = TestValue(Double(random.number(1...63)) / 32)
    }
    return cells
  }

  /// A type's elements as float32, by the kernel that only converts.
  private func widened(_ cells: Cells, _ isa: ISA) throws -> Cells {
    if cells.type == .float32 { return cells }
    let kernel = try #require(
      KernelSpec(.convert(from: cells.type), .float32, isa).function(as: KernelFunction.Move.self))
    let result = Cells(.float32, cells.count)
    kernel(1, cells.count, result.at(0), 0, 1, cells.at(0), 0, 1)
    withExtendedLifetime(cells) {}
    return result
  }

  @Test(
    "products of maps have the bits of converted operands' products, rounded once",
    arguments: Machine.available)
  func roundedProducts(isa: ISA) throws {
    var random = SplitMix64(seed: 11)
    let product = try #require(KernelSpec(.product, .float32, isa).function(as: KernelFunction.Product.self))
    for half in Self.halves {
      let narrow = try #require(
        KernelSpec(.convert(from: .float32), half, isa).function(as: KernelFunction.Move.self))
      for first in [half, .float32] {
        let kernel = try #require(
          KernelSpec(.widenedProduct(of: first, by: half), half, isa).function(
            as: KernelFunction.WidenedProduct.self))
        for (rows, columns) in Self.extents {
          for out in Self.walks(rows, columns) where Self.isInjective(out, rows, columns) {
            for a in Self.walks(rows, columns) {
              let b = random.pick(Self.walks(rows, columns))
              let x = anyCells(first, a.count, &random), y = anyCells(half, b.count, &random)
              let result = Cells(half, out.count), wide = Cells(.float32, out.count)
              kernel(
                rows, columns, result.at(out.origin), out.row, out.column, x.at(a.origin), a.row, a.column,
                y.at(b.origin), b.row, b.column, random.number(0...1))
              let floats = [try widened(x, isa), try widened(y, isa)]
              product(
                rows, columns, wide.at(out.origin), out.row, out.column, floats[0].at(a.origin),
                a.row, a.column, floats[1].at(b.origin), b.row, b.column, 0, 0)
              let expected = Cells(half, out.count)
              narrow(
                rows, columns, expected.at(out.origin), out.row, out.column, wide.at(out.origin), out.row,
                out.column)
              withExtendedLifetime((x, y, floats, wide)) {}
              let touched = Set((0..<rows).flatMap { i in (0..<columns).map { out.index(i, $0) } })
              let areSame = touched.allSatisfy {
                result.bytes(of: $0) == expected.bytes(of: $0)
                  || (result[$0].re.isNaN && expected[$0].re.isNaN)
              }
              #expect(
                areSame && result.matches(expected, changed: touched),
                "\(first) \(half) \(rows)x\(columns) out \(out) a \(a) b \(b)")
            }
          }
        }
      }
    }
  }

  @Test("every number of a half type, times 1, is itself", arguments: Machine.available)
  func identity(isa: ISA) throws {
    for half in Self.halves {
      let kernel = try #require(
        KernelSpec(.widenedProduct(of: half, by: half), half, isa).function(
          as: KernelFunction.WidenedProduct.self))
      let all = Cells(half, 65536), one = Cells(half, 1)
      for bits in 0..<65536 { all.at(bits).storeBytes(of: UInt16(bits), as: UInt16.self) }
      one[0] = TestValue(1)
      for streams in 0...1 {
        let result = Cells(half, 65536)
        kernel(1, 65536, result.at(0), 0, 1, all.at(0), 0, 1, one.at(0), 0, 0, streams)
        withExtendedLifetime(one) {}
        let wrong = (0..<65536).filter {
          all[$0].re.isNaN ? !result[$0].re.isNaN : result.bytes(of: $0) != all.bytes(of: $0)
        }
        #expect(wrong == [], "\(half)")
      }
    }
  }

  @Test("sums, and sums of products, are those of float32", arguments: Machine.available)
  func sums(isa: ISA) throws {
    var random = SplitMix64(seed: 12)
    for half in Self.halves {
      let sum = try #require(
        KernelSpec(.widenedSum(of: half), .float32, isa).function(as: KernelFunction.Sum.self))
      let product = try #require(
        KernelSpec(.widenedProduct(of: half, by: half), .float32, isa).function(
          as: KernelFunction.WidenedProduct.self))
      for (rows, columns) in Self.extents {
        let walks = Self.walks(rows, columns)
        for out in walks {
          for a in walks {
            let b = random.pick(walks), adds = random.number(0...1)
            let x = Cells(half, a.count, random: &random), y = Cells(half, b.count, random: &random)
            let c = adds == 1 ? Cells(.float32, out.count, random: &random) : Cells(.float32, out.count)
            let message = "\(half) \(rows)x\(columns) out \(out) a \(a) b \(b) adds \(adds)"

            let summed = Cells(copying: c)
            sum(
              rows, columns, summed.at(out.origin), out.row, out.column, x.at(a.origin), a.row, a.column, adds
            )
            check(summed, c, out, rows, columns, adds, "sum " + message) { x[a.index($0, $1)] }

            let multiplied = Cells(copying: c)
            product(
              rows, columns, multiplied.at(out.origin), out.row, out.column, x.at(a.origin), a.row, a.column,
              y.at(b.origin), b.row, b.column, adds)
            check(multiplied, c, out, rows, columns, adds, "product " + message) {
              .product(x[a.index($0, $1)], y[b.index($0, $1)], .float32)
            }
          }
        }
      }
    }
  }
}
