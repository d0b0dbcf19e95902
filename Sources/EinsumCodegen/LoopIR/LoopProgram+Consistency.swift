import EinsumIR

extension LoopProgram {
  /// What is wrong with how accesses step from block to block, which bounds alone do not show.
  ///
  /// - A tensor's stride inside a block is also its step from one block to the next, along the whole chain of loops;
  ///   and a table is looked up one entry after the other. Else blocks would overlap or leave gaps.
  /// - All accesses to a panel see it in the same form.
  func verifyConsistency() -> [String] {
    steps.flatMap { step -> [String] in
      let tensors = Set(step.reaches.map(\.buffer))
      var panels: [BufferID: PanelForm] = [:]
      var violations: [String] = []
      for access in accesses(in: step.body) {
        let name = self[access.buffer].name
        if tensors.contains(access.buffer) {
          if !isEven(access) { violations.append("\(name) has a gap or an overlap between blocks") }
        } else if self[access.buffer].storage.isWorkspace {
          let form = PanelForm(access, in: self)
          if panels[access.buffer, default: form] != form { violations.append("\(name) has two forms") }
          panels[access.buffer] = form
        }
      }
      return violations
    }
  }

  private func accesses(in statements: [Statement]) -> [Access] {
    statements.flatMap { statement -> [Access] in
      switch statement {
      case .loop(_, let body): accesses(in: body)
      case .fillTable, .barrier: []
      case .call(let call): [call.output] + call.inputs
      }
    }
  }

  private func isEven(_ access: Access) -> Bool {
    access.dimensions.allSatisfy { dimension in
      guard case .block(let loop) = dimension.length else { return true }
      let chain = BoundsAnalysis(program: self).ancestors(of: loop)
      switch dimension.walk {
      case .stride(let stride): return chain.allSatisfy { access.start.coefficient(of: $0) == stride }
      case .table(_, let position): return chain.allSatisfy { position.coefficient(of: $0) == 1 }
      }
    }
  }
}

/// How an access divides a panel: two accesses that agree in this see the same elements in the same places.
private struct PanelForm: Hashable {
  let constant: Int
  let coefficients: [Int]
  let walks: [Walk]

  init(_ access: Access, in program: LoopProgram) {
    constant = access.start.constant
    coefficients = access.start.terms.filter { !program.isSingle($0.loop) }.map(\.coefficient)
    walks = access.dimensions.map(\.walk)
  }
}

extension Affine {
  /// The factor of a loop's variable, 0 if it does not occur.
  fileprivate func coefficient(of loop: LoopID) -> Int {
    terms.reduce(0) { $1.loop == loop ? $0 + $1.coefficient : $0 }
  }
}
