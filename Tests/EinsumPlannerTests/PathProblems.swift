import EinsumPlanner
import EinsumTestSupport

extension PathProblem {
  /// The problem of an equation such as `ij,jk->ik`; labels without an extent in `extents` have extent 2.
  init(_ equation: String, _ extents: [Character: Int] = [:]) {
    let labels = Set(equation.filter(\.isLetter)).sorted()
    let sides = equation.split(separator: "->", omittingEmptySubsequences: false)
    func indices(_ text: Substring) -> [Int] { labels.indices.filter { text.contains(labels[$0]) } }
    self.init(
      extents: labels.map { extents[$0] ?? 2 },
      operands: sides[0].split(separator: ",", omittingEmptySubsequences: false).map(indices),
      output: indices(sides[1]))
  }

  /// A random problem, with scalars, equal operands, disconnected parts, indices of many operands and of one
  /// only.
  static func random(operandCount: Int, indexCount: Int, seed: Int) -> PathProblem {
    var random = SplitMix64(seed: seed)
    var operands = [[Int]](repeating: [], count: operandCount)
    var output: [Int] = []
    for index in 0..<indexCount {
      let holderCount = min(random.pick([1, 2, 2, 2, 2, 3, 3, 4]), operandCount)
      for holder in (0..<operandCount).shuffled(using: &random).prefix(holderCount) {
        operands[holder].append(index)
      }
      if Int.random(in: 0..<4, using: &random) == 0 { output.append(index) }
    }
    if operandCount > 1, Int.random(in: 0..<5, using: &random) == 0 { operands[1] = operands[0] }
    let present = Set(operands.joined())
    return PathProblem(
      extents: (0..<indexCount).map { _ in random.pick([1, 2, 2, 3, 5, 8, 16]) },
      operands: operands, output: output.filter(present.contains))
  }

  /// A chain of matrices; `extents` are those of the `extents.count - 1` matrices' sides.
  static func chain(_ extents: [Int]) -> PathProblem {
    PathProblem(
      extents: extents, operands: (0..<extents.count - 1).map { [$0, $0 + 1] },
      output: [0, extents.count - 1])
  }
}

/// Every path of a problem, by every order of every choice of pairs.
func allPaths(operandCount: Int) -> [ContractionPath] {
  func extend(_ steps: [ContractionPath.Step], _ live: [Int]) -> [ContractionPath] {
    if live.count == 1 { return [ContractionPath(steps: steps)] }
    return live.indices.flatMap { i in
      live.indices[(i + 1)...].flatMap { j in
        let rest = live.filter { $0 != live[i] && $0 != live[j] }
        return extend(steps + [.init(live[i], live[j])], rest + [operandCount + steps.count])
      }
    }
  }
  return extend([], Array(0..<operandCount))
}
