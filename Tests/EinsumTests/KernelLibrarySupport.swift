import EinsumIR
import EinsumKernels
import EinsumTestSupport
import Testing

/// The C types of the library's kernels.
enum KernelFunction {
  typealias Memory = UnsafeMutableRawPointer
  typealias Tile = @convention(c) (Int, Int, Int, Memory, Memory, Memory, Int, Int, Int) -> Void
  typealias TableTile =
    @convention(c) (Int, Int, Int, Memory, Memory, Memory, UnsafePointer<Int>, UnsafePointer<Int>, Int) ->
    Void
  typealias TileInPlace =
    @convention(c) (Int, Int, Int, Memory, Int, Memory, Int, Memory, Int, Int, Int) -> Void
  typealias TableTileInPlace =
    @convention(c) (
      Int, Int, Int, Memory, Int, Memory, Int, Memory, UnsafePointer<Int>, UnsafePointer<Int>, Int
    ) -> Void
  typealias Pack = @convention(c) (Int, Int, Memory, Int, Int, Memory) -> Void
  typealias PackPanels = @convention(c) (Int, Int, Memory, Int, Memory, Int) -> Void
  typealias TablePack =
    @convention(c) (Int, Int, Memory, UnsafePointer<Int>, UnsafePointer<Int>, Memory) -> Void
  typealias Sum = @convention(c) (Int, Int, Memory, Int, Int, Memory, Int, Int, Int) -> Void
  typealias Product =
    @convention(c) (Int, Int, Memory, Int, Int, Memory, Int, Int, Memory, Int, Int, Int, Int) -> Void
  /// Extents, output, three inputs, streams.
  typealias TripleProduct =
    @convention(c) (
      Int, Int, Memory, Int, Int, Memory, Int, Int, Memory, Int, Int, Memory, Int, Int, Int
    ) -> Void
  /// Extents, output, two inputs, and whether to add or to stream.
  typealias WidenedProduct =
    @convention(c) (Int, Int, Memory, Int, Int, Memory, Int, Int, Memory, Int, Int, Int) -> Void
  /// Extents, output, input, streams.
  typealias Copy = @convention(c) (Int, Int, Memory, Int, Int, Memory, Int, Int, Int) -> Void
  typealias Zero = @convention(c) (Int, Int, Memory, Int, Int) -> Void
  typealias Move = @convention(c) (Int, Int, Memory, Int, Int, Memory, Int, Int) -> Void
}

extension KernelSpec {
  /// The library's kernel, as a function of the type that its kind has.
  func function<Function>(as type: Function.Type) -> Function? {
    es_kernel_lookup(symbol).map { unsafeBitCast($0, to: type) }
  }
}

/// Elements in memory of their own, with margins whose bytes must stay as they are.
final class Cells {
  let type: ElementType
  let count: Int
  private let memory: UnsafeMutableRawBufferPointer
  private static let margin = 64

  /// `count` elements of which all bytes are `0xFF`: nans, if they are floats.
  init(_ type: ElementType, _ count: Int) {
    self.type = type
    self.count = count
    memory = .allocate(byteCount: count * type.size + 2 * Self.margin, alignment: 64)
    memory.initializeMemory(as: UInt8.self, repeating: 0xFF)
  }

  deinit { memory.deallocate() }

  /// Small integers, so that sums are exact.
  convenience init(_ type: ElementType, _ count: Int, random: inout SplitMix64) {
    self.init(type, count)
    for index in 0..<count { self[index] = .small(type, &random) }
  }

  convenience init(copying other: Cells) {
    self.init(other.type, other.count)
    memory.copyMemory(from: UnsafeRawBufferPointer(other.memory))
  }

  /// The address of an element.
  func at(_ index: Int) -> UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(memory.baseAddress.unsafelyUnwrapped + Self.margin + index * type.size)
  }

  subscript(index: Int) -> TestValue {
    get { TestValue(type, at: at(index)) }
    set { newValue.write(type, at: at(index)) }
  }

  func fillWithRandomBytes(_ random: inout SplitMix64) {
    for offset in 0..<count * type.size {
      at(0).storeBytes(of: UInt8.random(in: 0...255, using: &random), toByteOffset: offset, as: UInt8.self)
    }
  }

  func bytes(of index: Int) -> [UInt8] { Array(UnsafeRawBufferPointer(start: at(index), count: type.size)) }

  /// Whether all elements are the numbers that `other` has, and all bytes but those of `changed` the same.
  func matches(_ other: Cells, changed: Set<Int>) -> Bool {
    let start = Self.margin, end = memory.count - Self.margin
    return memory[..<start].elementsEqual(other.memory[..<start])
      && memory[end...].elementsEqual(other.memory[end...])
      && (0..<count).allSatisfy {
        changed.contains($0) ? self[$0].equals(other[$0]) : bytes(of: $0) == other.bytes(of: $0)
      }
  }
}

extension TestValue {
  static func small(_ type: ElementType, _ random: inout SplitMix64) -> TestValue {
    switch type.numberClass {
    case .bool: TestValue(integer: random.number(0...1))
    case .unsigned: TestValue(integer: random.number(0...300))
    case .signed, .real: TestValue(integer: random.number(-4...4))
    case .complex: TestValue(Double(random.number(-4...4)), Double(random.number(-4...4)))
    }
  }
}

/// Two strides, and where the element (0, 0) lies so that all indices are at least 0.
struct Walk: CustomStringConvertible {
  let row: Int, column: Int
  let origin: Int, count: Int

  init(_ row: Int, _ column: Int, rows: Int, columns: Int) {
    (self.row, self.column) = (row, column)
    let steps = [max(rows - 1, 0) * row, max(columns - 1, 0) * column]
    origin = -steps.reduce(0) { $0 + min($1, 0) }
    count = origin + steps.reduce(1) { $0 + max($1, 0) }
  }

  func index(_ i: Int, _ j: Int) -> Int { origin + i * row + j * column }
  var description: String { "(\(row), \(column))" }
}

/// Compares a kernel's result with the terms' sums, starting from what was there before if that is to be added to.
func check(
  _ result: Cells, _ before: Cells, _ out: Walk, _ rows: Int, _ columns: Int, _ adds: Int,
  _ message: @autoclosure () -> String, term: (Int, Int) -> TestValue
) {
  let expected = Cells(copying: before)
  var touched: Set<Int> = []
  for i in 0..<rows {
    for j in 0..<columns {
      let index = out.index(i, j)
      let isFirst = touched.insert(index).inserted && adds == 0
      let value = term(i, j)
      expected[index] = isFirst ? value : .sum(expected[index], value, result.type)
    }
  }
  #expect(result.matches(expected, changed: touched), "\(message())")
}
