import EinsumSyntax

extension Contraction {
  /// The same arithmetic over as few indices as possible, in an order that does not depend on names.
  ///
  /// Dropping comes first, as an index of extent 1 may stand between two that fold; ordering comes before folding so
  /// that neighbours in memory are neighbours in the list.
  ///
  /// A contraction without any term stays as it is: nothing of it will be read.
  package func simplified() -> Contraction {
    isEmpty ? self : droppingUnitIndices().droppingZeroStrides().inCanonicalOrder().folded()
  }

  /// Indices of extent 1 taken out: they move nothing.
  package func droppingUnitIndices() -> Contraction {
    keeping { indices[$0].extent != 1 }
  }

  /// Operands without the indices along which they do not step.
  ///
  /// Reading one element again and again is the same as not having the index. One operand must keep an index that no
  /// operand steps by, so that it still counts in sums and reaches the output.
  package func droppingZeroStrides() -> Contraction {
    var stepped = Set<Int>()
    for operand in operands {
      for (position, stride) in zip(operand.indices, operand.strides) where stride != 0 {
        stepped.insert(position)
      }
    }
    var result = self
    for number in operands.indices {
      let old = operands[number]
      let kept = old.indices.indices.filter { axis in
        old.strides[axis] != 0 || stepped.insert(old.indices[axis]).inserted
      }
      result.operands[number].indices = kept.map { old.indices[$0] }
      result.operands[number].strides = kept.map { old.strides[$0] }
    }
    return result
  }

  /// Indices ordered by how tensors step along them, the output first, big steps first.
  ///
  /// Only strides and extents decide, so contractions that differ in names only get the same order. Each tensor lists
  /// its indices in that order too.
  package func inCanonicalOrder() -> Contraction {
    var keys = [[Int]](repeating: [], count: indices.count)
    /// Big steps first. The negated magnitude, as the magnitude of the least integer is none.
    func append(_ stride: Int, to position: Int) {
      keys[position].append(stride > 0 ? -stride : stride)
      keys[position].append(stride)
    }
    for (number, tensor) in ([output] + operands).enumerated() {
      if operands.count <= Self.fullKeyOperands || number == 0 {
        for position in indices.indices {
          let stride = tensor.stride(of: position)
          keys[position].append(stride == nil ? 1 : 0)
          append(stride ?? 0, to: position)
        }
      } else {
        for (position, stride) in zip(tensor.indices, tensor.strides) { append(stride, to: position) }
      }
    }
    let order = indices.indices.sorted { a, b in
      if keys[a] == keys[b] { return (-indices[a].extent, a) < (-indices[b].extent, b) }
      return keys[a].lexicographicallyPrecedes(keys[b])
    }
    return reordered(order)
  }

  /// With more operands than this, sort keys name only the operands that have an index, to stay linear in size.
  private static let fullKeyOperands = 16

  /// Neighbouring indices merged where every tensor that has either steps through both as through one.
  package func folded() -> Contraction {
    if isEmpty { return self }
    var owners = [[Int]](repeating: [], count: indices.count)
    for (number, tensor) in ([output] + operands).enumerated() {
      for position in tensor.indices { owners[position].append(number) }
    }
    var result = self
    for inner in indices.indices.reversed().dropLast()
    where owners[inner] == owners[inner - 1] && result.canFold(inner - 1, inner, in: owners[inner]) {
      result.fold(inner - 1, inner)
    }
    return result
  }

  /// Whether each of `tensors`, which have both indices, steps through the two as through one.
  private func canFold(_ outer: Int, _ inner: Int, in tensors: [Int]) -> Bool {
    if indices[outer].extent.multipliedReportingOverflow(by: indices[inner].extent).overflow { return false }
    return tensors.allSatisfy { number in
      let tensor = number == 0 ? output : operands[number - 1]
      guard let big = tensor.stride(of: outer), let small = tensor.stride(of: inner) else { return false }
      let (step, overflow) = small.multipliedReportingOverflow(by: indices[inner].extent)
      return !overflow && big == step
    }
  }

  private mutating func fold(_ outer: Int, _ inner: Int) {
    let (big, small) = (indices[outer], indices[inner])
    indices[outer] = Index(Label(big.label.name + small.label.name), big.extent * small.extent)
    indices.remove(at: inner)
    func merge(_ tensor: inout TensorAccess) {
      if let axis = tensor.indices.firstIndex(of: inner), let kept = tensor.indices.firstIndex(of: outer) {
        tensor.strides[kept] = tensor.strides[axis]
        tensor.indices.remove(at: axis)
        tensor.strides.remove(at: axis)
      }
      tensor.indices = tensor.indices.map { $0 > inner ? $0 - 1 : $0 }
    }
    for number in operands.indices { merge(&operands[number]) }
    merge(&output)
  }

  /// This contraction with labels that say only the position, so that names do not tell two apart.
  package func withoutNames() -> Contraction {
    var result = self
    result.indices = indices.enumerated().map { Index(Label(String($0)), $1.extent) }
    return result
  }

  /// This contraction without the indices for which `isKept` is false.
  package func keeping(_ isKept: (Int) -> Bool) -> Contraction {
    let order = indices.indices.filter(isKept)
    return order.count == indices.count ? self : reordered(order)
  }

  /// The indices at `order`, in that order; others are dropped.
  private func reordered(_ order: [Int]) -> Contraction {
    var places = [Int?](repeating: nil, count: indices.count)
    for (new, old) in order.enumerated() { places[old] = new }
    func reordered(_ tensor: TensorAccess) -> TensorAccess {
      let axes = zip(tensor.indices, tensor.strides)
        .compactMap { old, stride in places[old].map { (index: $0, stride: stride) } }
        .sorted { $0.index < $1.index }
      var result = tensor
      result.indices = axes.map(\.index)
      result.strides = axes.map(\.stride)
      return result
    }
    return Contraction(
      computeType: computeType, indices: order.map { indices[$0] },
      operands: operands.map(reordered), output: reordered(output), clearedOutput: clearedOutput)
  }
}
