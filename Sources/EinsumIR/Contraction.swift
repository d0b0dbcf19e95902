package import EinsumSyntax

/// What ranges over values in a contraction: a label and how many values it takes.
package struct Index: Hashable, Sendable {
  package let label: Label
  package let extent: Int

  package init(_ label: Label, _ extent: Int) {
    self.label = label
    self.extent = extent
  }
}

/// How one tensor is reached from the indices of a contraction.
///
/// The element at index values `v` lies at `sum of strides[a] * v[indices[a]]` from the element at index zero, which is
/// where the tensor's pointer points. A diagonal is a sum of strides; a broadcast dimension does not occur at all.
package struct TensorAccess: Hashable, Sendable {
  package var elementType: ElementType
  /// Positions in the contraction's list of indices; no repeats.
  package var indices: [Int]
  /// The step in elements for each of `indices`; may be negative, and zero only for an index that no tensor steps by.
  package var strides: [Int]
  /// The elements that the caller's memory holds, relative to the pointer. Accesses must stay inside.
  package var span: Range<Int>
  /// Whether elements are conjugated as they are read.
  package var isConjugated: Bool

  package init(
    elementType: ElementType, indices: [Int], strides: [Int], span: Range<Int>, isConjugated: Bool = false
  ) {
    self.elementType = elementType
    self.indices = indices
    self.strides = strides
    self.span = span
    self.isConjugated = isConjugated
  }

  /// The stride for an index, or nil if this tensor does not have it.
  package func stride(of index: Int) -> Int? {
    indices.firstIndex(of: index).map { strides[$0] }
  }
}

/// An einsum as arithmetic: indices with extents, and for each tensor one stride per index.
///
/// `output[o] = sum over the other indices of the product of operands`. Indices that the output lacks are summed.
package struct Contraction: Hashable, Sendable {
  /// The type in which products and sums are formed.
  package var computeType: ElementType
  package var indices: [Index]
  package var operands: [TensorAccess]
  package var output: TensorAccess
  /// The whole output, where it must be cleared first because a repeated label writes only its diagonal.
  package var clearedOutput: Layout?

  package init(
    computeType: ElementType, indices: [Index], operands: [TensorAccess], output: TensorAccess,
    clearedOutput: Layout? = nil
  ) {
    self.computeType = computeType
    self.indices = indices
    self.operands = operands
    self.output = output
    self.clearedOutput = clearedOutput
  }

  /// Positions of the indices that are summed: those the output lacks.
  package var summed: [Int] {
    let kept = Set(output.indices)
    return indices.indices.filter { !kept.contains($0) }
  }

  /// Whether some index takes no value at all, so that every sum is empty.
  package var isEmpty: Bool { indices.contains { $0.extent == 0 } }

  /// How many values the indices take together, as a real number: it may be past `Int64`.
  package var points: Double { indices.reduce(1) { $0 * Double($1.extent) } }

  /// The product of the extents of the given indices, as a real number: it may be past `Int64`.
  package func size(of positions: [Int]) -> Double {
    positions.reduce(1) { $0 * Double(indices[$1].extent) }
  }
}
