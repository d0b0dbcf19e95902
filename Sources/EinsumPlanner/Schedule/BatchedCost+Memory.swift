import EinsumIR

extension BatchedCost {
  /// The cycles for cache lines that are fetched from beyond the second cache more than once: those of which a product
  /// needs a few elements, and that are gone when the next one needs others.
  var refetching: Double {
    PairTensor.allCases.filter { !schedule.copied.contains($0) }.reduce(0) { $0 + refetching($1) }
  }

  private func refetching(_ tensor: PairTensor) -> Double {
    let access = schedule.access(tensor, in: contraction)
    let size = Double(access.elementType.size)
    let bytes = contraction.bytes(of: access)
    guard bytes > Double(machine.l2) / 2 else { return 0 }
    /// The share of a line that a step along an index uses up.
    func share(_ index: Int?) -> Double {
      index.flatMap { access.stride(of: $0) }.map { min(1, Double($0.magnitude) * size / Double(cacheLine)) }
        ?? 0
    }
    let product = schedule.matrix(tensor).reduce(Double(cacheLine)) { bytes, index in
      bytes * max(1, share(index) * Double(schedule.extent(index, in: contraction)))
    }
    let batch = Double(schedule.extent(schedule.batch, in: contraction))
    let isKept = product <= Double(machine.l2) / 2
    let fetches =
      contraction.size(of: schedule.outer) * (isKept ? max(1, share(schedule.batch) * batch) : batch)
    return max(0, passCycles(fetches * product, machine) - passCycles(bytes, machine))
  }
}
