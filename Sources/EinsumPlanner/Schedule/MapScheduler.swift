import EinsumIR

/// Chooses the loop order of a map or reduce step.
///
/// The innermost loop is the one along which tensors step least: unit stride or none in as many as possible, the output
/// counted twice as it is read and written. Among the rest the cheapest becomes the kernel's rows. Other kept indices come
/// outside, in the order of the output, and summed ones inside them, so that an output element is finished soon.
///
/// - Parameter innermost: the index of the innermost loop, in place of the best one.
func makeMapSchedule(
  for contraction: Contraction, on machine: Machine, innermost: Int? = nil
) -> MapSchedule {
  var rest = contraction.indices.indices.filter { $0 != innermost }
  let summed = Set(contraction.summed)
  var inner = innermost.map { [$0] } ?? []
  while inner.count < 2 {
    let costs = rest.map { stepCost(of: $0, in: contraction) }
    guard let best = rest.indices.min(by: { costs[$0] < costs[$1] }) else { break }
    inner.insert(rest.remove(at: best), at: 0)
  }
  rest.sort { a, b in
    (summed.contains(a) ? 1 : 0, a) < (summed.contains(b) ? 1 : 0, b)
  }
  let columns = inner.last.map { contraction.indices[$0].extent } ?? 1
  let schedule = MapSchedule(
    order: rest + inner, rowBlock: max(1, blockElements / max(1, min(columns, columnBlock))),
    columnBlock: columnBlock)
  let elements = contraction.size(of: contraction.indices.indices.map { $0 })
  return isWorthSharing(cycles: elements) ? schedule.shared(in: contraction, on: machine) : schedule
}

/// The predicted cycles of a map or reduce step: a vector of every tensor in a cycle, and two for each cache line that
/// the innermost loop steps to, as rows next to each other use it up.
///
/// For one step this orders schedules as `makeMapSchedule` does.
func mapCycles(of schedule: MapSchedule, for contraction: Contraction, on machine: Machine) -> Double {
  let tensors = contraction.operands + [contraction.output]
  let bytes = tensors.reduce(0) { $0 + $1.elementType.size }
  let lines = schedule.order.last.map { stepCost(of: $0, in: contraction) } ?? 0
  let points = contraction.size(of: contraction.indices.indices)
  return points * (Double(bytes) / Double(machine.isa.vectorBytes) + 2 * lines)
}

/// The most columns of one kernel call: a row of three tensors of 8 bytes stays in L1.
private let columnBlock = 1024

/// The most elements of one kernel call: enough that the call costs nothing, few enough to stay in L2.
private let blockElements = 32768

/// What a step along an index costs, in cache lines per element over all tensors, plus the cost of starting a run that
/// is short.
private func stepCost(of index: Int, in contraction: Contraction) -> Double {
  let output = contraction.output
  let extent = Double(contraction.indices[index].extent)
  let lines = (contraction.operands + [output, output]).reduce(0.0) { sum, tensor in
    let bytes = Double((tensor.stride(of: index) ?? 0).magnitude) * Double(tensor.elementType.size)
    return sum + min(1, bytes / 64)
  }
  return lines + 2 / extent
}
