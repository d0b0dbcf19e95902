import EinsumIR

/// The cycles for the way of all tensors of a step from or to memory, once each.
func passCycles(of step: Contraction, on machine: Machine) -> Double {
  (step.operands + [step.output]).reduce(0) { sum, tensor in
    sum + passCycles(step.bytes(of: tensor), machine)
  }
}

/// The cycles for so many bytes' way from or to memory, or a cache if they fit one.
func passCycles(_ bytes: Double, _ machine: Machine) -> Double {
  bytes / (bytes > Double(machine.l2) / 2 ? 5.5 : 32)
}

/// The cycles for cache lines that a map's loops fetch from beyond the second cache more than once.
///
/// From the innermost loop outwards, what lies within a loop stays in cache from one of its passes to the next, or all of it is
/// fetched anew.
func refetchCycles(of schedule: MapSchedule, for contraction: Contraction, on machine: Machine) -> Double {
  let tensors = contraction.operands + [contraction.output]
  let block = { (index: Int) in
    let extent = contraction.indices[index].extent
    return Double(
      index == schedule.rows
        ? min(schedule.rowBlock, extent)
        : index == schedule.columns ? min(schedule.columnBlock, extent) : 1)
  }
  var covered = contraction.indices.indices.map(block)
  /// The bytes of the lines that hold what is covered of a tensor.
  func bytes(_ tensor: TensorAccess) -> Double {
    zip(tensor.indices, tensor.strides).reduce(Double(cacheLine)) { bytes, step in
      let share = min(1, Double(step.1.magnitude) * Double(tensor.elementType.size) / Double(cacheLine))
      return bytes * max(1, covered[step.0] * share)
    }
  }
  var fetched = tensors.map(bytes)
  for index in schedule.order.reversed() {
    let passes = Double(contraction.indices[index].extent) / covered[index]
    if passes <= 1 { continue }
    let isKept = tensors.reduce(0) { $0 + bytes($1) } <= Double(machine.l2) * 0.75
    covered[index] *= passes
    for (number, tensor) in tensors.enumerated() {
      fetched[number] = isKept ? bytes(tensor) : fetched[number] * passes
    }
  }
  return zip(tensors, fetched).reduce(0) { sum, tensor in
    let once = contraction.bytes(of: tensor.0)
    if once <= Double(machine.l2) / 2 { return sum }
    return sum + max(0, passCycles(tensor.1, machine) - passCycles(once, machine))
  }
}

extension Contraction {
  /// The bytes of a tensor's elements, each counted once.
  func bytes(of tensor: TensorAccess) -> Double { size(of: tensor.indices) * Double(tensor.elementType.size) }
}
