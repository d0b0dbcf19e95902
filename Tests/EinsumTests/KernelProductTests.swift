import Einsum
import EinsumIR
import EinsumTestSupport
import Testing

/// The kernels that compute many small products: along columns, side by side, and along the sum.
@Suite("kernel library: small products")
struct KernelProductTests {
  /// A tensor of three dimensions: strides, and where the first element lies so that all indices are at least 0.
  private struct Block: CustomStringConvertible {
    let strides: [Int]
    let origin: Int
    let count: Int

    init(_ strides: [Int], _ extents: [Int]) {
      self.strides = strides
      let steps = zip(strides, extents).map { $0 * max($1 - 1, 0) }
      origin = -steps.reduce(0) { $0 + min($1, 0) }
      count = origin + steps.reduce(1) { $0 + max($1, 0) }
    }

    func index(_ t: Int, _ i: Int, _ j: Int) -> Int {
      origin + t * strides[0] + i * strides[1] + j * strides[2]
    }

    var description: String { "\(strides)" }
  }

  private typealias Columns =
    @convention(c) (
      Int, Int, Int, Int, UnsafeMutableRawPointer, Int, Int, UnsafeRawPointer, Int, Int, Int,
      UnsafeRawPointer,
      Int, Int, Int
    ) -> Void

  private typealias Lanes =
    @convention(c) (
      Int, Int, Int, Int, UnsafeMutableRawPointer, Int, Int, UnsafeRawPointer, Int, Int, UnsafeRawPointer,
      Int,
      Int, Int
    ) -> Void

  private typealias Dots =
    @convention(c) (
      Int, Int, Int, Int, UnsafeMutableRawPointer, Int, Int, Int, UnsafeRawPointer, Int, Int,
      UnsafeRawPointer,
      Int, Int, Int
    ) -> Void

  /// Extents round the register blocks, of rows as of vectors, and none.
  private static let rows = [1, 2, 3, 4, 5, 8, 9, 13, 17, 25]
  private static let sums = [0, 1, 2, 5, 16]

  /// Numbers of elements round the widths of vectors and the blocks that they make up.
  private static func widths(_ type: ElementType, _ isa: ISA) -> [Int] {
    let lanes = isa.vectorBytes / type.componentType.size
    return Set(
      [
        1, 2, 3, lanes / 2, lanes - 1, lanes, lanes + 1, 2 * lanes + 3, 4 * lanes, 4 * lanes + 1,
        9 * lanes + 1,
      ]
    ).filter { $0 > 0 }.sorted()
  }

  @Test("columns: products of any size and strides, written or added", arguments: Machine.available)
  func columns(isa: ISA) throws {
    var random = SplitMix64(seed: 11)
    for type in ElementType.kernelTypes {
      let kernel = try #require(KernelSpec(.columns, type, isa).function(as: Columns.self))
      for n in Self.widths(type, isa) {
        for m in Self.rows {
          let (batch, k) = (random.number(1...3), random.pick(Self.sums))
          let c = random.pick([
            [m * n, n, 1], [n, batch * n, 1], [-m * (n + 2), n + 2, 1], [m * n, -n, 1],
          ])
          let a = random.pick([[m * k, k, 1], [1, batch, batch * m], [0, 1, m], [m * k + 1, -k, 1]])
          let b = random.pick([[k * n, n, 1], [n, batch * n, 1], [0, n + 1, 1], [-k * n, n, 1]])
          check(type, (batch, m, n, k), c, a, b, &random) { c, a, b, places, adds in
            kernel(
              batch, m, n, k, places.c, c.strides[0], c.strides[1], places.a, a.strides[0], a.strides[1],
              a.strides[2], places.b, b.strides[0], b.strides[1], adds)
          }
        }
      }
    }
  }

  @Test("lanes: products of any size and strides, written or added", arguments: Machine.available)
  func lanes(isa: ISA) throws {
    var random = SplitMix64(seed: 12)
    for type in ElementType.kernelTypes {
      let kernel = try #require(KernelSpec(.lanes, type, isa).function(as: Lanes.self))
      for batch in Self.widths(type, isa) {
        for m in Self.rows {
          let (n, k) = (random.pick(Self.rows), random.pick(Self.sums))
          let c = random.pick([[1, n * batch, batch], [1, batch, m * batch], [1, -n * batch, batch]])
          let a = random.pick([[1, k * batch, batch], [1, batch + 1, m * (batch + 1)], [1, batch, 0]])
          let b = random.pick([[1, n * batch, batch], [1, batch, k * batch], [1, 0, -batch]])
          check(type, (batch, m, n, k), c, a, b, &random) { c, a, b, places, adds in
            kernel(
              batch, m, n, k, places.c, c.strides[1], c.strides[2], places.a, a.strides[1], a.strides[2],
              places.b, b.strides[1], b.strides[2], adds)
          }
        }
      }
    }
  }

  @Test("dots: products of any size and strides, written or added", arguments: Machine.available)
  func dots(isa: ISA) throws {
    var random = SplitMix64(seed: 13)
    for type in [ElementType.float32, .float64] {
      let kernel = try #require(KernelSpec(.dots, type, isa).function(as: Dots.self))
      // 700 is past the length at which sums of many columns are cut.
      for k in [0, 700] + Self.widths(type, isa) {
        for m in Self.rows {
          let (batch, n) = (random.number(1...3), random.pick([1, 2, 3, 7, 8, 9, 15, 16, 40]))
          let c = random.pick([
            [m * n, n, 1], [m * n, 1, m], [n, batch * n, 1], [-m * (n + 2), n + 2, 1], [m * n, -n, 1],
          ])
          let a = random.pick([[m * k, k, 1], [k, batch * k, 1], [0, k + 1, 1], [m * (k + 1), -k - 1, 1]])
          let b = random.pick([[n * k, 1, k], [k, 1, batch * k], [0, 1, k + 1], [-n * k, 1, k]])
          check(type, (batch, m, n, k), c, a, b, &random) { c, a, b, places, adds in
            kernel(
              batch, m, n, k, places.c, c.strides[0], c.strides[1], c.strides[2], places.a, a.strides[0],
              a.strides[1], places.b, b.strides[0], b.strides[2], adds)
          }
        }
      }
    }
  }

  /// Compares what a kernel computes with plain loops, writing over nans and adding to numbers.
  private func check(
    _ type: ElementType, _ extents: (batch: Int, m: Int, n: Int, k: Int), _ c: [Int], _ a: [Int], _ b: [Int],
    _ random: inout SplitMix64,
    run: (
      Block, Block, Block, (c: UnsafeMutableRawPointer, a: UnsafeRawPointer, b: UnsafeRawPointer), Int
    ) -> Void
  ) {
    let (batch, m, n, k) = extents
    let (out, left, right) = (Block(c, [batch, m, n]), Block(a, [batch, m, k]), Block(b, [batch, k, n]))
    let x = Cells(type, left.count, random: &random), y = Cells(type, right.count, random: &random)
    for adds in 0...1 {
      let result = adds == 1 ? Cells(type, out.count, random: &random) : Cells(type, out.count)
      let expected = Cells(copying: result)
      var changed: Set<Int> = []
      for t in 0..<batch {
        for i in 0..<m {
          for j in 0..<n {
            let place = out.index(t, i, j)
            var sum = adds == 1 ? result[place] : TestValue()
            for p in 0..<k {
              sum = .sum(sum, .product(x[left.index(t, i, p)], y[right.index(t, p, j)], type), type)
            }
            expected[place] = sum
            changed.insert(place)
          }
        }
      }
      run(
        out, left, right,
        (result.at(out.origin), UnsafeRawPointer(x.at(left.origin)), UnsafeRawPointer(y.at(right.origin))),
        adds)
      #expect(
        result.matches(expected, changed: changed),
        "\(type) batch \(batch) m \(m) n \(n) k \(k) c \(out) a \(left) b \(right) adds \(adds)")
    }
  }
}
