import EinsumIR
import EinsumSyntax

/// Finds what is worth knowing about an einsum: what the compiler did that the text does not show, and what costs time.
struct NoteFinder {
  let compilation: Compilation
  let request: CompileRequest
  let explanation: Explanation

  private var contraction: Contraction { compilation.analysis.contraction }

  var notes: [Explanation.Note] {
    notation + order + explanation.steps.flatMap(notes) + cost
  }

  private func note(_ code: String, _ text: String) -> Explanation.Note { .init(code: code, text: text) }

  private func isOperand(_ name: String) -> Bool { explanation.operands.contains { $0.name == name } }

  /// `operand 1` for `%1`, and `%5` for an intermediate.
  private func title(_ tensor: String) -> String {
    isOperand(tensor) ? "operand \(tensor.dropFirst())" : tensor
  }

  // MARK: What the notation means

  private var notation: [Explanation.Note] {
    var notes: [Explanation.Note] = []
    if let empty = explanation.indices.first(where: { $0.extent == 0 }) {
      notes.append(note("empty", "index \(empty.label) has extent 0: sums are empty, so nothing is computed"))
    }
    for (number, operand) in request.operands.enumerated() {
      let term = request.equation.inputs[number]
      for label in repeated(term) {
        let stride = contraction.operands[number].indices
          .firstIndex { contraction.indices[$0].label == label }
          .map { ", in steps of \(contraction.operands[number].strides[$0])" }
        notes.append(
          note(
            "diagonal",
            "operand \(number) has \(label) more than once: only its diagonal is read\(stride ?? "")"))
      }
      for index in explanation.indices where index.extent != 1 && !index.operands.contains(number) {
        let isNamed = term.labels.contains { $0.description == index.label }
        if isNamed || (term.hasEllipsis && index.label.hasPrefix("{.") && operand.layout.shape.contains(1)) {
          let partners = index.operands.map { "operand \($0)" }.joined(separator: " and ")
          notes.append(
            note(
              "broadcast",
              "operand \(number) has extent 1 along \(index.label): it is repeated to the \(index.extent) of \(partners)"
            ))
        }
      }
    }
    if contraction.clearedOutput != nil {
      let labels = repeated(request.equation.output).map(\.description).joined(separator: " and ")
      notes.append(
        note("output-diagonal", "the result has \(labels) more than once: off that diagonal it is zero"))
    }
    return notes
  }

  private func repeated(_ term: Equation.Term) -> [Label] {
    var seen = Set<Label>()
    var found: [Label] = []
    for label in term.labels where !seen.insert(label).inserted && !found.contains(label) {
      found.append(label)
    }
    return found
  }

  // MARK: Order and folding

  private var order: [Explanation.Note] {
    var notes: [Explanation.Note] = []
    if contraction.operands.count > 1 {
      for index in explanation.indices where index.isSummed && index.operands.count == 1 && index.extent > 1 {
        notes.append(
          note(
            "summed-first", "index \(index.label) is only in operand \(index.operands[0]): it is summed first"
          ))
      }
    }
    let simplified = compilation.plan.contraction
    let before = Set(contraction.indices.map(\.label))
    for index in simplified.indices where !before.contains(index.label) {
      notes.append(
        note(
          "folded",
          "index \(index.label) is several that follow each other in memory wherever they occur: they run as one of "
            + "extent \(index.extent)"))
    }
    let (flop, nest) = (explanation.flop, explanation.singleNestFlop)
    if flop > 0, nest / flop >= 2 {
      notes.append(
        note(
          "path",
          "contracted in pairs: \(Quantity.count(flop)) operations, where one loop nest over all indices has "
            + "\(Quantity.count(nest)), \(Quantity.decimal(nest / flop)) times as many"))
    }
    return notes
  }

  // MARK: Steps

  private func notes(on step: Explanation.Step) -> [Explanation.Note] {
    var notes: [Explanation.Note] = []
    if step.kind.hasSuffix("outer product") {
      notes.append(
        note(
          "outer-product",
          "\(step.output) is an outer product: nothing is summed, so writing the result takes most of the time"
        ))
    }
    if step.operation == "convert", let source = step.inputs.first, isOperand(source) {
      notes.append(
        note("conversion", "\(title(source)) is converted before use, into \(step.output) in the workspace"))
    }
    if step.kind == "transpose", step.output == "out", let source = step.inputs.first,
      explanation.steps.contains(where: { $0.output == source && $0.operation == "contract" })
    {
      notes.append(
        note(
          "transposed-result",
          "\(source) is formed in the order in which the largest operand is read along its rows, and transposed then: "
            + "it is the smaller of the two"))
    }
    notes += step.schedule.packed.compactMap(packing)
    if let tile = step.schedule.tile, tile.fill < 0.7 {
      notes.append(
        note(
          "padding",
          "\(Quantity.percent(1 - tile.fill)) of the arithmetic of \(step.output) is padding: its extents fill tiles of "
            + "\(tile.mr)x\(tile.nr) badly"))
    }
    let largest = explanation.operands.map(\.bytes).reduce(explanation.output.bytes, max)
    if step.operation == "contract", step.output != "out",
      let planned = compilation.plan.steps.first(where: { name($0) == step.output })
    {
      let bytes = planned.contraction.byteCount(of: planned.contraction.output)
      if bytes > largest {
        notes.append(
          note(
            "large-intermediate",
            "\(step.output) takes \(Quantity.bytes(bytes)), more than any operand and the result"))
      }
    }
    return notes
  }

  private func name(_ step: EinsumIR.Step) -> String { compilation.plan.name(of: step.output) }

  private func packing(_ packed: Explanation.Packed) -> Explanation.Note? {
    let block = "\(Quantity.bytes(packed.bytes)) at a time"
    switch packed.access {
    case .copy: return nil
    case .offsets:
      return note(
        "offset-tables",
        "no single stride steps through \(title(packed.tensor)): it is packed through offset tables, \(block)"
      )
    case .across:
      return note(
        "packing-across",
        "\(title(packed.tensor)) is contiguous along an index that panels do not run along: they are packed together, "
          + block)
    case .transpose:
      return note(
        "packing",
        "\(title(packed.tensor)) is contiguous along the sum: packing it transposes it in registers, \(block)"
      )
    case .gather:
      return note(
        "packing",
        "\(title(packed.tensor)) is read with stride \(smallestStride(packed.tensor)): packing it, \(block)")
    }
  }

  /// The smallest stride of an operand or an intermediate along any index.
  private func smallestStride(_ tensor: String) -> Int {
    let strides = compilation.plan.steps.flatMap { step in
      zip(step.inputs, step.contraction.operands)
        .filter { compilation.plan.name(of: $0.0) == tensor }
        .flatMap { $0.1.strides.map { abs($0) } }
    }
    return strides.min() ?? 0
  }

  // MARK: Cost

  private var cost: [Explanation.Note] {
    let prediction = explanation.prediction
    if explanation.steps.isEmpty { return [] }
    if prediction.seconds < 2e-6 {
      return [
        note(
          "small",
          "a call does little more than start and end: many of them are quicker as one with a batch index")
      ]
    }
    if prediction.bound == .memory {
      let rate = explanation.bytes / prediction.seconds * 1e-9
      return [
        note(
          "memory-bound",
          "\(Quantity.decimal(explanation.intensity)) operations for each byte: memory sets the time, at "
            + "\(Quantity.decimal(rate)) GB/s, not arithmetic")
      ]
    }
    return []
  }
}
