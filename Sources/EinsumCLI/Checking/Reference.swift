import EinsumIR

/// A contraction's meaning as plain loops, one element of the result at a time.
///
/// It knows nothing of plans, schedules and kernels: it reads operands through the strides of the analysis, and goes
/// over all values of the summed indices. With many operands that would take for ever, so then it goes operand by
/// operand, from left to right, and sums each index when no later operand has it.
struct Reference<Number: ReferenceNumber> {
  private let contraction: Contraction
  private let operands: [HostTensor]
  private let passes: [Pass]

  /// One nest of loops: multiplies the table so far with some operands, and sums.
  private struct Pass {
    /// The operands that are multiplied.
    let operands: Range<Int>
    /// The indices that are looped over, the last one innermost.
    let loops: [Int]
    /// Those that the table so far has, and those that the next one has, both in C order.
    let before: [Int]
    let after: [Int]
  }

  init(_ contraction: Contraction, operands: [HostTensor]) {
    self.contraction = contraction
    self.operands = operands
    let all = 0..<contraction.operands.count
    let plain = Self.passes(contraction, groups: [all])
    let stepwise = Self.passes(contraction, groups: all.map { $0..<($0 + 1) })
    let isLong = Self.cost(plain, contraction) > 8 * Self.cost(stepwise, contraction)
    passes = isLong ? stepwise : plain
  }

  private static func passes(_ contraction: Contraction, groups: [Range<Int>]) -> [Pass] {
    let summed = contraction.summed
    var before: [Int] = []
    return groups.map { group in
      let here = Set(contraction.operands[group].flatMap(\.indices)).union(before)
      let later = Set(contraction.operands[group.upperBound...].flatMap(\.indices))
      let after = summed.filter { here.contains($0) && later.contains($0) }
      let pass = Pass(operands: group, loops: summed.filter(here.contains), before: before, after: after)
      before = after
      return pass
    }
  }

  private static func cost(_ passes: [Pass], _ contraction: Contraction) -> Double {
    passes.reduce(0) { $0 + contraction.size(of: $1.loops) * Double($1.operands.count) }
  }

  /// How many products one element of the result takes, about.
  var cost: Double { Self.cost(passes, contraction) }

  /// The element of the result where the output's indices have the given values.
  func element(at values: [Int]) -> Number {
    let output = Dictionary(uniqueKeysWithValues: zip(contraction.output.indices, values))
    var table = [Number.one]
    for pass in passes { table = apply(pass, table, output) }
    return table[0]
  }

  private func apply(_ pass: Pass, _ table: [Number], _ output: [Int: Int]) -> [Number] {
    // Of each factor (the table first), the place of its element and its step along each loop; the result's last.
    var places = [0]
    var steps = [tableSteps(pass.before, pass.loops)]
    for access in contraction.operands[pass.operands] {
      places.append(zip(access.indices, access.strides).reduce(0) { $0 + (output[$1.0] ?? 0) * $1.1 })
      steps.append(pass.loops.map { access.stride(of: $0) ?? 0 })
    }
    places.append(0)
    steps.append(tableSteps(pass.after, pass.loops))

    let extents = pass.loops.map { contraction.indices[$0].extent }
    var result = [Number](repeating: .zero, count: Int(contraction.size(of: pass.after)))
    if extents.contains(0) { return result }
    let tensors = operands[pass.operands]
    var values = [Int](repeating: 0, count: extents.count)
    while true {
      var product = table[places[0]]
      for (number, tensor) in zip(1..., tensors) { product = product * Number(tensor, at: places[number]) }
      let target = places[places.count - 1]
      result[target] = result[target] + product
      guard let loop = extents.indices.last(where: { values[$0] + 1 < extents[$0] }) else { return result }
      values[loop] += 1
      for factor in places.indices { places[factor] += steps[factor][loop] }
      for inner in (loop + 1)..<extents.count where values[inner] > 0 {
        for factor in places.indices { places[factor] -= steps[factor][inner] * values[inner] }
        values[inner] = 0
      }
    }
  }

  /// The step along each loop through a table in C order over the given indices.
  private func tableSteps(_ indices: [Int], _ loops: [Int]) -> [Int] {
    let strides = Layout(shape: indices.map { contraction.indices[$0].extent }).strides
    return loops.map { loop in indices.firstIndex(of: loop).map { strides[$0] } ?? 0 }
  }
}
