import EinsumIR

extension LoopProgram {
  /// What is wrong with how accesses step from block to block, which bounds alone do not show.
  ///
  /// - A tensor's stride inside a block is also its step from one block to the next, along the whole chain of loops;
  ///   and a table is looked up one entry after the other. Else blocks would overlap or leave gaps. Blocks that are all
  ///   of one length may be further apart: then they are one index, and which block it is, another.
  /// - So are the steps in a block of scratch, from the loop on whose blocks it holds.
  /// - All accesses to a panel see it in the same form, and so do those to a copy for small products.
  func verifyConsistency() -> [String] {
    steps.flatMap { step -> [String] in
      let tensors = Set(step.reaches.map(\.buffer))
      let accesses = accesses(in: step.body)
      let isPanel = Set(accesses.filter(\.isPanel).map(\.access.buffer))
      let isCopy = copies(in: step.body).subtracting(tensors)
      var panels: [BufferID: PanelForm] = [:]
      var copies: [BufferID: CopyForm] = [:]
      var violations: [String] = []
      for (access, _) in accesses {
        let name = self[access.buffer].name
        if isPanel.contains(access.buffer) {
          let form = PanelForm(access, in: self)
          if panels[access.buffer, default: form] != form { violations.append("\(name) has two forms") }
          panels[access.buffer] = form
        } else if isCopy.contains(access.buffer) {
          let form = CopyForm(access, in: self)
          if copies[access.buffer, default: form] != form { violations.append("\(name) has two forms") }
          copies[access.buffer] = form
        } else if tensors.contains(access.buffer) || self[access.buffer].storage.isWorkspace {
          if !isEven(access, isScratch: !tensors.contains(access.buffer)) {
            violations.append("\(name) has a gap or an overlap between blocks")
          }
        }
      }
      return violations
    }
  }

  private func accesses(in statements: [Statement]) -> [(access: Access, isPanel: Bool)] {
    statements.calls.flatMap { call in
      switch call.spec.kind {
      case .pack, .packPairs, .packPanels, .packAcross:
        [(call.output, true)] + call.inputs.map { ($0, false) }
      case .tile, .tilePairs: [(call.output, false)] + call.inputs.map { ($0, true) }
      case .tileInPlace, .tileHalves:
        [(call.output, false)]
          + call.inputs.enumerated().map { ($0.element, $0.offset == 1 && !call.readsColumnsInPlace) }
      case .columns, .lanes, .dots, .sum, .product, .tripleProduct, .widenedSum, .widenedProduct, .copy,
        .zero, .convert, .conjugate:
        call.accesses.map { ($0, false) }
      }
    }
  }

  /// The buffers that kernels of small products touch.
  private func copies(in statements: [Statement]) -> Set<BufferID> {
    Set(
      statements.calls.filter { [.columns, .lanes, .dots].contains($0.spec.kind) }
        .flatMap(\.accesses).map(\.buffer))
  }

  /// Scratch holds what lies inside a block: loops further out than the first that moves in it do not count.
  private func isEven(_ access: Access, isScratch: Bool) -> Bool {
    access.dimensions.allSatisfy { dimension in
      guard case .block(let loop) = dimension.length else { return true }
      var chain = BoundsAnalysis(program: self).ancestors(of: loop)
      if isScratch { chain = Array(chain.drop { access.start.coefficient(of: $0) == 0 }) }
      switch dimension.walk {
      case .stride(let stride):
        let steps = Set(chain.map { access.start.coefficient(of: $0) })
        let isSplit = steps.count == 1 && steps.allSatisfy { abs($0) > abs(stride) } && hasEqualBlocks(loop)
        return steps.isSubset(of: [stride]) || isSplit
      case .table(_, let position): return chain.allSatisfy { position.coefficient(of: $0) == 1 }
      }
    }
  }
}

extension LoopProgram {
  /// Whether all blocks of a loop have its step's length.
  func hasEqualBlocks(_ loop: LoopID) -> Bool {
    let step = self[loop].step
    return step > 0
      && BoundsAnalysis(program: self).ancestors(of: loop).allSatisfy { ancestor in
        let lengths: [Int] =
          if case .whole(let extent) = self[ancestor].range { [extent, self[ancestor].step] } else {
            [self[ancestor].step]
          }
        return lengths.allSatisfy { $0 % step == 0 }
      }
  }
}

/// How an access divides a panel: two accesses that agree in this see the same elements in the same places. One may
/// step by a loop where the other has a dimension.
private struct PanelForm: Hashable {
  let constant: Int
  let steps: [Int]

  init(_ access: Access, in program: LoopProgram) {
    constant = access.start.constant
    let terms = access.start.terms.filter { !program.isSingle($0.loop) }
    let coefficients = terms.map(\.coefficient)
    let strides = access.dimensions.compactMap { dimension -> Int? in
      guard case .stride(let stride) = dimension.walk else { return nil }
      switch dimension.length {
      case .constant(1): return nil
      case .blocks(let loop):
        // The panels go on in the next block of the loop round them.
        let step = stride / max(program[loop].step, 1)
        let isKnown = terms.contains { program[loop].range == .block(of: $0.loop) && $0.coefficient == step }
        return isKnown || program.isSingle(loop) ? nil : step
      case .block(let loop) where program[loop].step == 1: return nil
      default: return stride
      }
    }
    steps = (coefficients + strides).sorted()
  }
}

extension Affine {
  /// The factor of a loop's variable, 0 if it does not occur. Blocks that are counted are none of a tensor.
  fileprivate func coefficient(of loop: LoopID) -> Int {
    terms.reduce(0) { $1.loop == loop && !$1.countsBlocks ? $0 + $1.coefficient : $0 }
  }
}
