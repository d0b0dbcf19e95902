package import EinsumIR
package import EinsumSyntax

extension Problem {
  /// The extents round which tiles and vectors end.
  static let edgeExtents =
    [0, 1, 2, 3, 5, 7, 8, 9] + Array(13...17) + Array(31...33) + Array(63...65) + Array(255...257)

  /// A random einsum of any form: up to six operands of up to seven axes, diagonals, ellipses, broadcasting,
  /// empty dimensions, implicit output and repeated output labels.
  ///
  /// - Parameter points: bounds the number of products.
  package static func random(seed: Int, points: Int = 20_000) throws(EinsumError) -> Problem {
    var random = SplitMix64(seed: seed)
    var notation = RandomNotation(points: points, &random)
    let terms = (0..<random.pick([1, 1, 2, 2, 2, 3, 3, 4, 5, 6])).map { _ in notation.operand(&random) }
    let text = terms.map(\.text).joined(separator: ",") + notation.arrow(&random)
    return try make(seed: seed, text, terms.map(\.shape), &random)
  }

  /// A random contraction of two operands with every role of an index: batch, m, n and k, each a group of up
  /// to two, in any order of axes.
  package static func randomPair(seed: Int, points: Int = 40_000) throws(EinsumError) -> Problem {
    var random = SplitMix64(seed: seed)
    var extents = ExtentBudget(points: points)
    var (a, b, output): ([Axis], [Axis], [Axis]) = ([], [], [])
    var labels = "abcdefgh".makeIterator()
    for (role, counts) in [[0, 0, 0, 1], [0, 1, 1, 1, 2], [0, 1, 1, 1, 2], [0, 1, 1, 1, 2]].enumerated() {
      for _ in 0..<random.pick(counts) {
        let axis = Axis(label: labels.next().map(String.init) ?? "z", extent: extents.next(&random))
        if role != 2 { a.append(axis) }
        if role != 1 { b.append(axis) }
        if role != 3 { output.append(axis) }
      }
    }
    (a, b, output) = (random.shuffled(a), random.shuffled(b), random.shuffled(output))
    let text = { (axes: [Axis]) in axes.map(\.label).joined() }
    return try make(
      seed: seed, "\(text(a)),\(text(b))->\(text(output))", [a.map(\.extent), b.map(\.extent)], &random)
  }

  /// A problem with elements, types, layouts and flags drawn at random.
  private static func make(
    seed: Int, _ text: String, _ shapes: [[Int]], _ random: inout SplitMix64
  ) throws(EinsumError) -> Problem {
    let types = random.types(shapes.count)
    let common = ElementType.promoted(types) ?? .float64
    let wider = ElementType.allCases.filter {
      common != .bool && $0 != common && common.promoted(with: $0) == $0
    }
    // Narrow integers are multiplied in other ways if they are summed in 32 bits.
    let isNarrow = [.int8, .uint8, .int16].contains(common)
    let accumulate =
      isNarrow && random.oneIn(2) ? .int32 : random.oneIn(6) && !wider.isEmpty ? random.pick(wider) : nil
    let isWrapping = (accumulate ?? common).isInteger && random.oneIn(2)
    var operands: [TestTensor] = []
    var conjugated = Set<Int>()
    for (number, shape) in shapes.enumerated() {
      let tensor = TestTensor(types[number], random.layout(of: shape, isOperand: true))
      let isLarge = isWrapping && types[number] != .bool
      tensor.fill { isLarge ? random.anyInteger() : random.smallValue(types[number], shapes.count) }
      operands.append(tensor)
      if types[number].numberClass == .complex && random.oneIn(3) { conjugated.insert(number) }
    }
    let hasLayout = random.oneIn(3)
    var layoutRandom = random
    return try Problem(
      seed: seed, text, operands, conjugated: conjugated, accumulate: accumulate,
      outputLayout: hasLayout ? { layoutRandom.layout(of: $0, isOperand: false) } : nil)
  }
}

extension SplitMix64 {
  /// Element types for some operands: mostly one for all, or a mixture.
  mutating func types(_ count: Int) -> [ElementType] {
    if oneIn(5) { return (0..<count).map { _ in pick(ElementType.allCases) } }
    return [ElementType](repeating: pick(ElementType.allCases), count: count)
  }

  /// An integer so small that sums of products of `factors` such are exact in every type that sums them.
  package mutating func smallValue(_ type: ElementType, _ factors: Int) -> TestValue {
    let bound = factors <= 2 ? 3 : 1
    let low = type.numberClass == .bool || type.numberClass == .unsigned ? 0 : -bound
    switch type.numberClass {
    case .bool: return TestValue(integer: number(0...1))
    case .signed, .unsigned: return TestValue(integer: number(low...bound))
    case .real: return TestValue(Double(number(low...bound)))
    case .complex: return TestValue(Double(number(low...bound)), Double(number(low...bound)))
    }
  }

  /// Any 64 bits, to be cut to an integer type.
  mutating func anyInteger() -> TestValue { TestValue(integer: Int(truncatingIfNeeded: next())) }

  /// A real number of moderate size, with all the digits that a type has.
  package mutating func realValue(_ type: ElementType) -> TestValue {
    let part = { (random: inout SplitMix64) in Double.random(in: -1...1, using: &random) }
    return type.numberClass == .complex ? TestValue(part(&self), part(&self)) : TestValue(part(&self))
  }
}

/// An index while an equation is put together.
private struct Axis {
  let label: String
  let extent: Int
}

/// Draws extents whose product stays below a bound.
private struct ExtentBudget {
  private var left: Int

  init(points: Int) { left = points }

  mutating func next(_ random: inout SplitMix64) -> Int {
    let choices = Problem.edgeExtents.filter { $0 <= left && ($0 != 0 || random.oneIn(3)) }
    let extent = random.pick(choices)
    left /= max(extent, 1)
    return extent
  }
}

/// The labels and the ellipsis of a random equation.
private struct RandomNotation {
  /// Diagonals are short, as their squares are the sizes of tensors.
  private static let longestDiagonal = 9

  private let labels: [Axis]
  private let ellipsis: [Int]
  private var used: [String] = []
  private var hasEllipsis = false

  init(points: Int, _ random: inout SplitMix64) {
    var extents = ExtentBudget(points: points)
    let names = random.shuffled(["a", "b", "c", "i", "j", "Z", "A", "é", "{row}", "{x_1}"])
    labels = names.prefix(random.number(0...6)).map { Axis(label: $0, extent: extents.next(&random)) }
    ellipsis = random.oneIn(3) ? (0..<random.number(0...3)).map { _ in extents.next(&random) } : []
  }

  /// A term and the shape of its operand.
  mutating func operand(_ random: inout SplitMix64) -> (text: String, shape: [Int]) {
    var items: [(text: String, shape: [Int])] = []
    for axis in random.shuffled(labels).prefix(random.number(0...5)) {
      let extent = random.oneIn(10) ? 1 : axis.extent
      let isDiagonal = random.oneIn(8) && extent <= Self.longestDiagonal
      for _ in 0..<(isDiagonal ? 2 : 1) { items.append((axis.label, [extent])) }
      used.append(axis.label)
    }
    if random.oneIn(4) {
      let shape = ellipsis.suffix(random.number(0...ellipsis.count)).map { random.oneIn(6) ? 1 : $0 }
      items.append(("...", shape))
      hasEllipsis = true
    }
    items = random.shuffled(items)
    return (items.map(\.text).joined(), items.flatMap(\.shape))
  }

  /// The arrow and the output, or nothing for an implicit output.
  func arrow(_ random: inout SplitMix64) -> String {
    if random.oneIn(5) { return "" }
    let extents = Dictionary(uniqueKeysWithValues: labels.map { ($0.label, $0.extent) })
    let present = Set(used).sorted()
    var output = random.shuffled(present).prefix(random.number(0...present.count)).map { $0 }
    if random.oneIn(10), let label = output.first, extents[label] ?? 1 <= Self.longestDiagonal {
      output.append(label)
    }
    if hasEllipsis && !random.oneIn(4) { output.insert("...", at: random.number(0...output.count)) }
    return "->" + output.joined()
  }
}
