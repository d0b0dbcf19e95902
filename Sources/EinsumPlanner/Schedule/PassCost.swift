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

extension Contraction {
  /// The bytes of a tensor's elements, each counted once.
  func bytes(of tensor: TensorAccess) -> Double { size(of: tensor.indices) * Double(tensor.elementType.size) }
}
