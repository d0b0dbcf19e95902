import Einsum

/// The order of steps as a tree: the result at the top, what it is made of below it.
struct ContractionTree {
  let explanation: Explanation

  /// Deeper levels are not indented further, so that long chains fit.
  private static let deepest = 12

  var markup: Markup {
    if explanation.steps.isEmpty { return "" }
    return """
      <section><h2>Contraction tree</h2>
      <ul class="tree">\(node(of: "out", before: explanation.steps.count, depth: 0))</ul>
      </section>
      """
  }

  /// A tensor, made by the last of its steps before a given one, and what that takes.
  private func node(of tensor: String, before end: Int, depth: Int) -> Markup {
    guard let number = explanation.steps[..<end].lastIndex(where: { $0.output == tensor }) else {
      return leaf(tensor)
    }
    let step = explanation.steps[number]
    let children = step.inputs.map { node(of: $0, before: number, depth: depth + 1) }
    let list: Markup =
      children.isEmpty ? "" : "<ul class=\"\(depth < Self.deepest ? "" : "flat")\">\(children)</ul>"
    return """
      <li><a class="node" href="#step\(number + 1)"><b>\(tensor)</b> \(step.kind)
      <small>\(Quantity.count(step.flop)) flop, \(Quantity.seconds(step.prediction.seconds))</small></a>
      \(list)</li>
      """
  }

  private func leaf(_ name: String) -> Markup {
    let operand = explanation.operands.first { $0.name == name }
    return """
      <li><span class="node leaf"><b>\(name)</b> \(operand?.term ?? "") <small>\(operand?.shapeText ?? "")</small></span></li>
      """
  }
}
