import EinsumIR

extension BatchedCost {
  /// The cycles for cache lines that are fetched from beyond the second cache more than once: those of which a product
  /// needs a few elements, and that are gone when the next one needs others.
  var refetching: Double {
    PairTensor.allCases.filter { !schedule.copied.contains($0) }.reduce(0) { $0 + refetching($1) }
  }

  /// The cycles for rows of which each element lies in a line of its own, and more lines than the first cache has: they are
  /// read from the second in every product.
  ///
  /// Measured on Zen 3, `adec,ebd->abc` with rows of 80 x 48 elements: 76 ms, as tiles 45.
  var rereading: Double {
    let isScattered = schedule.matrix(.rows).allSatisfy { share($0, of: .rows) == 1 }
    let bytes = productBytes(.rows)
    guard isScattered, !schedule.copied.contains(.rows), bytes > Double(machine.l1) else { return 0 }
    let products =
      contraction.size(of: schedule.outer) * Double(schedule.extent(schedule.batch, in: contraction))
    return products * bytes / Double(cacheLine) * 4
  }

  /// The bytes of the lines that hold a product's part of a tensor.
  private func productBytes(_ tensor: PairTensor) -> Double {
    schedule.matrix(tensor).reduce(Double(cacheLine)) { bytes, index in
      bytes * max(1, share(index, of: tensor) * Double(schedule.extent(index, in: contraction)))
    }
  }

  /// The share of a line that a step along an index uses up.
  private func share(_ index: Int?, of tensor: PairTensor) -> Double {
    let access = schedule.access(tensor, in: contraction)
    let step = Double((index.flatMap { access.stride(of: $0) } ?? 0).magnitude)
    return min(1, step * Double(access.elementType.size) / Double(cacheLine))
  }

  private func refetching(_ tensor: PairTensor) -> Double {
    let access = schedule.access(tensor, in: contraction)
    let bytes = contraction.bytes(of: access)
    guard bytes > Double(machine.l2) / 2 else { return 0 }
    let product = productBytes(tensor)
    let batch = Double(schedule.extent(schedule.batch, in: contraction))
    let isKept = product <= Double(machine.l2) / 2
    let fetches =
      contraction.size(of: schedule.outer)
      * (isKept ? max(1, share(schedule.batch, of: tensor) * batch) : batch)
    return max(0, passCycles(fetches * product, machine) - passCycles(bytes, machine))
  }
}
