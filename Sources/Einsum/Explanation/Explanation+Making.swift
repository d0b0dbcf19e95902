package import EinsumIR
import EinsumPlanner
import EinsumSyntax

extension Explanation {
  /// Explains a compilation.
  ///
  /// - Parameters:
  ///   - machine: what the compilation was for.
  ///   - limits: what its rates are predicted with.
  package init(of compilation: Compilation, _ request: CompileRequest, on machine: Machine, limits: Limits) {
    let plan = compilation.plan
    let analysis = compilation.analysis
    let predictor = Predictor(plan: plan, machine: machine, limits: limits)
    let steps = plan.steps.indices.map { number in
      StepExplainer(compilation: compilation, number: number, machine: machine, predictor: predictor).step
    }
    self.init(
      expr: request.equation.text,
      dtype: request.typeCodes,
      machine: Processor(
        isa: machine.isa.rawValue, vectorBytes: machine.isa.vectorBytes, l1Bytes: machine.l1,
        l2Bytes: machine.l2,
        l3Bytes: machine.l3, threads: machine.threads),
      limits: limits,
      indices: Self.indices(of: analysis.contraction),
      operands: request.operands.enumerated().map { number, operand in
        let access = analysis.contraction.operands[number]
        return Tensor(
          name: "%\(number)", term: request.equation.inputs[number].description,
          dtype: operand.elementType.code, shape: operand.layout.shape, strides: operand.layout.strides,
          bytes: analysis.contraction.byteCount(of: access))
      },
      output: Tensor(
        name: "out", term: request.equation.output.description, dtype: analysis.outputType.code,
        shape: analysis.outputLayout.shape, strides: analysis.outputLayout.strides,
        bytes: analysis.contraction.byteCount(of: analysis.contraction.output)),
      flop: plan.flopCount, bytes: plan.byteCount, intensity: plan.flopCount / max(plan.byteCount, 1),
      workspaceBytes: plan.workspaceSize, singleNestFlop: Self.singleNestFlop(analysis.contraction),
      prediction: predictor.sum(steps.map(\.prediction)), steps: steps, notes: [])
    notes = NoteFinder(compilation: compilation, request: request, explanation: self).notes
  }

  private static func indices(of contraction: Contraction) -> [Index] {
    let summed = Set(contraction.summed)
    return contraction.indices.enumerated().map { number, index in
      Index(
        label: index.label.description, extent: index.extent, isSummed: summed.contains(number),
        operands: contraction.operands.indices.filter { contraction.operands[$0].indices.contains(number) })
    }
  }

  /// Operations if every point of the index space is visited once: a product of all operands, and a sum.
  private static func singleNestFlop(_ contraction: Contraction) -> Double {
    let points = contraction.points
    return points * Double(contraction.operands.count - (contraction.summed.isEmpty ? 1 : 0))
  }
}

extension CompileRequest {
  /// The operands' types by code: one if all are the same, else joined by commas.
  package var typeCodes: String {
    let codes = operands.map(\.elementType.code)
    return Set(codes).count == 1 ? codes[0] : codes.joined(separator: ",")
  }
}

extension Contraction {
  /// The bytes of the elements that one of its tensors has.
  func byteCount(of tensor: TensorAccess) -> Double {
    size(of: tensor.indices) * Double(tensor.elementType.size)
  }
}

extension Plan {
  /// What people see for one of its tensors: `%0`, or `out` for the result.
  func name(of tensor: Int) -> String {
    switch tensors[tensor].place {
    case .operand, .workspace: "%\(tensor)"
    case .output: "out"
    }
  }
}

extension Explanation.CacheLevel {
  init(holding bytes: Double, on machine: Machine) {
    self =
      bytes <= Double(machine.l1)
      ? .l1 : bytes <= Double(machine.l2) ? .l2 : bytes <= Double(machine.l3) ? .l3 : .memory
  }
}
