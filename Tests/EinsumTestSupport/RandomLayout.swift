package import EinsumIR

extension SplitMix64 {
  /// How a tensor of some shape may lie in memory.
  package enum LayoutKind: CaseIterable, Sendable {
    case rowMajor, columnMajor
    /// Axes in any order in memory.
    case permuted
    /// Permuted, with gaps between elements and rows, and steps backwards.
    case sliced
    /// Sliced, and some axes do not move at all.
    case broadcast
  }

  /// A layout of a shape, of any kind; no element has two places unless `isOperand`.
  package mutating func layout(of shape: [Int], isOperand: Bool) -> Layout {
    layout(of: shape, kind(isOperand: isOperand))
  }

  private mutating func kind(isOperand: Bool) -> LayoutKind {
    let choices: [LayoutKind] = [.rowMajor, .rowMajor, .columnMajor, .permuted, .sliced]
    return isOperand && oneIn(12) ? .broadcast : pick(choices)
  }

  /// A layout of a shape.
  package mutating func layout(of shape: [Int], _ kind: LayoutKind) -> Layout {
    switch kind {
    case .rowMajor: return Layout(shape: shape)
    case .columnMajor: return .columnMajor(shape: shape)
    case .permuted, .sliced, .broadcast: break
    }
    var strides = [Int](repeating: 0, count: shape.count)
    var room = 1
    for axis in shuffled(Array(shape.indices)) {
      if kind == .broadcast && oneIn(3) { continue }
      let step = kind == .permuted ? 1 : pick([1, 1, 1, 2, 3])
      let isBackwards = kind != .permuted && oneIn(4)
      strides[axis] = isBackwards ? -room * step : room * step
      room *= step * max(shape[axis], 1)
      if kind != .permuted { room += pick([0, 0, 0, 1, 5]) }
    }
    return Layout(shape: shape, strides: strides)
  }
}
