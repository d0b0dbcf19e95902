import Einsum
import EinsumIR
import EinsumTestSupport
import Testing

/// The kernels that map and reduce two dimensions: sums, products, zeros, conjugates.
@Suite("kernel library: rows")
struct KernelRowTests {
  /// Extents around vector widths, with stride pairs of every kind for each.
  private static let extents = [
    (1, 1), (1, 37), (37, 1), (5, 8), (18, 21), (3, 130), (70, 17), (0, 4), (4, 0),
  ]

  private static func walks(_ rows: Int, _ columns: Int) -> [Walk] {
    let strides = [
      (columns + 1, 1), (1, rows + 2), (columns, 1), (0, 1), (1, 0), (0, 0), (3, 3 * rows),
      (-(columns + 2), -1),
    ]
    return strides.map { Walk($0.0, $0.1, rows: rows, columns: columns) }
  }

  /// Whether every element has a place of its own.
  private static func isInjective(_ walk: Walk, _ rows: Int, _ columns: Int) -> Bool {
    Set((0..<rows).flatMap { i in (0..<columns).map { walk.index(i, $0) } }).count == rows * columns
  }

  @Test(
    "sums and products write or add, and reduce where the output's stride is 0", arguments: Machine.available)
  func sumsAndProducts(isa: ISA) throws {
    var random = SplitMix64(seed: 3)
    for type in ElementType.kernelTypes {
      let sum = try #require(KernelSpec(.sum, type, isa).function(as: KernelFunction.Sum.self))
      let product = try #require(KernelSpec(.product, type, isa).function(as: KernelFunction.Product.self))
      for (rows, columns) in Self.extents {
        let walks = Self.walks(rows, columns)
        for out in walks {
          for a in walks {
            let b = random.pick(walks), adds = random.number(0...1)
            let x = Cells(type, a.count, random: &random), y = Cells(type, b.count, random: &random)
            let c = adds == 1 ? Cells(type, out.count, random: &random) : Cells(type, out.count)
            let message = "\(type) \(rows)x\(columns) out \(out) a \(a) b \(b) adds \(adds)"

            let summed = Cells(copying: c)
            sum(
              rows, columns, summed.at(out.origin), out.row, out.column, x.at(a.origin), a.row, a.column, adds
            )
            check(summed, c, out, rows, columns, adds, "sum " + message) { x[a.index($0, $1)] }

            let multiplied = Cells(copying: c)
            product(
              rows, columns, multiplied.at(out.origin), out.row, out.column, x.at(a.origin), a.row, a.column,
              y.at(b.origin), b.row, b.column, adds, random.number(0...1))
            check(multiplied, c, out, rows, columns, adds, "product " + message) {
              .product(x[a.index($0, $1)], y[b.index($0, $1)], type)
            }
          }
        }
      }
    }
  }

  @Test("products of three are written, streamed or not", arguments: Machine.available)
  func tripleProducts(isa: ISA) throws {
    var random = SplitMix64(seed: 8)
    for type in ElementType.kernelTypes where type.numberClass != .complex {
      let kernel = try #require(
        KernelSpec(.tripleProduct, type, isa).function(as: KernelFunction.TripleProduct.self))
      for (rows, columns) in Self.extents + [(33, 257), (9, 64), (130, 24)] {
        let walks = Self.walks(rows, columns)
        for out in walks where Self.isInjective(out, rows, columns) {
          for a in walks {
            let (b, c) = (random.pick(walks), random.pick(walks))
            let x = Cells(type, a.count, random: &random), y = Cells(type, b.count, random: &random)
            let z = Cells(type, c.count, random: &random), old = Cells(type, out.count)
            for streams in [0, random.number(1...2)] {
              let result = Cells(copying: old)
              kernel(
                rows, columns, result.at(out.origin), out.row, out.column, x.at(a.origin), a.row, a.column,
                y.at(b.origin), b.row, b.column, z.at(c.origin), c.row, c.column, streams)
              let message = "\(type) \(rows)x\(columns) out \(out) a \(a) b \(b) c \(c)"
              check(result, old, out, rows, columns, 0, message) {
                .product(.product(x[a.index($0, $1)], y[b.index($0, $1)], type), z[c.index($0, $1)], type)
              }
            }
          }
        }
      }
    }
  }

  @Test(
    "short rows are summed alone: neither what is behind them counts nor how many there are",
    arguments: Machine.available)
  func shortRows(isa: ISA) throws {
    var random = SplitMix64(seed: 7)
    for type in [ElementType.float32, .float64] {
      let sum = try #require(KernelSpec(.sum, type, isa).function(as: KernelFunction.Sum.self))
      let product = try #require(KernelSpec(.product, type, isa).function(as: KernelFunction.Product.self))
      for columns in 1...70 {
        let (rows, step) = (21, columns + 3)
        // What is not filled is NaN.
        let x = Cells(type, rows * step), y = Cells(type, columns)
        for j in 0..<columns {
          y[j] = TestValue(.random(in: -1...1, using: &random))
          for i in 0..<rows { x[i * step + j] = TestValue(.random(in: -1...1, using: &random)) }
        }
        for stride in [1, 2] {
          let together = (Cells(type, rows * stride), Cells(type, rows * stride))
          let alone = (Cells(type, rows * stride), Cells(type, rows * stride))
          sum(rows, columns, together.0.at(0), stride, 0, x.at(0), step, 1, 0)
          product(rows, columns, together.1.at(0), stride, 0, x.at(0), step, 1, y.at(0), 0, 1, 0, 0)
          for i in 0..<rows {
            let (row, target) = (x.at(i * step), i * stride)
            sum(1, columns, alone.0.at(target), stride, 0, row, step, 1, 0)
            product(1, columns, alone.1.at(target), stride, 0, row, step, 1, y.at(0), 0, 1, 0, 0)
          }
          for (result, expected) in [(together.0, alone.0), (together.1, alone.1)] {
            let isEqual = (0..<rows).allSatisfy {
              result.bytes(of: $0 * stride) == expected.bytes(of: $0 * stride)
                && result[$0 * stride].re.isFinite
            }
            #expect(isEqual, "\(type) \(columns) columns, stride \(stride)")
          }
        }
      }
    }
  }

  @Test("what is only moved keeps its bits, streamed or not", arguments: Machine.available)
  func copies(isa: ISA) throws {
    var random = SplitMix64(seed: 4)
    let large = [(64, 96), (33, 257), (130, 64), (3, 700), (400, 5)]
    for type in Set(ElementType.allCases.map(\.copyType)) {
      let kernel = try #require(KernelSpec(.copy, type, isa).function(as: KernelFunction.Copy.self))
      let lines = [(9, 64 / type.size), (9, 128 / type.size)]
      let short = (1...40).map { (11, $0) }
      for (rows, columns) in Self.extents + large + lines + short {
        for out in Self.walks(rows, columns) where Self.isInjective(out, rows, columns) {
          for a in Self.walks(rows, columns) {
            let source = Cells(type, a.count), result = Cells(type, out.count)
            source.fillWithRandomBytes(&random)
            kernel(
              rows, columns, result.at(out.origin), out.row, out.column, source.at(a.origin), a.row, a.column,
              random.number(0...2))
            let isCopy = (0..<rows).allSatisfy { i in
              (0..<columns).allSatisfy {
                result.bytes(of: out.index(i, $0)) == source.bytes(of: a.index(i, $0))
              }
            }
            #expect(isCopy, "\(type) \(rows)x\(columns) out \(out) a \(a)")
          }
        }
      }
    }
  }

  @Test("zero and conjugate write every element once", arguments: Machine.available)
  func zerosAndConjugates(isa: ISA) throws {
    var random = SplitMix64(seed: 5)
    for type in ElementType.kernelTypes {
      let zero = try #require(KernelSpec(.zero, type, isa).function(as: KernelFunction.Zero.self))
      let conjugate =
        type.numberClass == .complex
        ? KernelSpec(.conjugate, type, isa).function(as: KernelFunction.Move.self) : nil
      for (rows, columns) in Self.extents {
        for out in Self.walks(rows, columns) where Self.isInjective(out, rows, columns) {
          let zeros = Cells(type, out.count)
          zero(rows, columns, zeros.at(out.origin), out.row, out.column)
          check(zeros, Cells(type, out.count), out, rows, columns, 0, "zero \(out)") { _, _ in TestValue() }
          guard let conjugate else { continue }
          for a in Self.walks(rows, columns) {
            let source = Cells(type, a.count, random: &random), result = Cells(type, out.count)
            conjugate(
              rows, columns, result.at(out.origin), out.row, out.column, source.at(a.origin), a.row, a.column)
            check(result, Cells(type, out.count), out, rows, columns, 0, "conjugate \(out) \(a)") {
              let value = source[a.index($0, $1)]
              return TestValue(value.re, -value.im)
            }
          }
        }
      }
    }
  }
}
