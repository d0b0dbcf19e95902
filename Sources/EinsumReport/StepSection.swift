import Einsum

/// One step: what it does, how it is blocked, its loops, and why.
struct StepSection {
  let explanation: Explanation
  let number: Int

  private var step: Explanation.Step { explanation.steps[number] }

  var markup: Markup {
    """
    <section id="step\(number + 1)"><h2>Step \(number + 1): \(step.formula(times: " · ")) <small>\(step.kind)</small></h2>
    <p>\(Quantity.count(step.flop)) flop on \(Quantity.bytes(step.bytes)), \(Quantity.decimal(step.intensity)) flop per byte.
    Predicted \(Quantity.seconds(step.prediction.seconds))\(rate).</p>
    <p>\(step.schedule.text).\(packing)</p>
    <div class="columns">
    <div>\(drawing)</div>
    <div><h3>Why this schedule</h3><p>\(sentence(step.reason)).</p>\(alternatives)</div>
    </div>
    <h3>Loops</h3>
    <p class="hint">With what one pass touches, and the cache that holds it; each leads to its line of the C.</p>
    <ul class="loops">\(step.loops.map(line))</ul>
    </section>
    """
  }

  private var rate: String {
    step.flop > 0
      ? ", \(Quantity.decimal(step.prediction.gflops)) GFLOP/s, \(Quantity.percent(step.prediction.share)) of the peak"
      : ""
  }

  private func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

  private var packing: Markup {
    let parts = step.schedule.packed.map { packed in
      "\(packed.tensor) is packed, \(Quantity.bytes(packed.bytes)) at a time, which stays in \(packed.level.title)"
    }
    return parts.isEmpty ? "" : " \(parts.joined(separator: "; "))."
  }

  private var drawing: Markup {
    guard let tile = step.schedule.tile else { return "" }
    func extent(_ group: [Explanation.Roles.Index]) -> Double { group.reduce(1) { $0 * Double($1.extent) } }
    return BlockDrawing(
      tile: tile, m: extent(tile.m), n: extent(tile.n), k: extent(tile.k),
      labels: (names(tile.m), names(tile.n), names(tile.k))
    ).markup
  }

  private func names(_ group: [Explanation.Roles.Index]) -> String {
    group.map(\.label).joined(separator: " ")
  }

  /// The schedules that were compared, with bars for their predicted times.
  private var alternatives: Markup {
    if step.alternatives.isEmpty { return "" }
    let shown = step.alternatives.prefix(6)
    let most = shown.map(\.ratio).max() ?? 1
    func bar(_ text: String, _ ratio: Double, _ style: String) -> Markup {
      """
      <span class="name">\(text)</span><span class="bar \(style)" style="width:\(100 * min(1, ratio / most))%"></span>
      <span>×\u{2009}\(Quantity.decimal(ratio))</span>
      """
    }
    return """
      <div class="bars">\(bar(step.schedule.text, 1, "predicted"))
      \(shown.map { bar($0.text, $0.ratio, "limit") })</div>
      """
  }

  // MARK: Loops

  private func line(_ statement: Explanation.Statement) -> Markup {
    switch statement {
    case .loop(let loop):
      """
      <li><a href="#L\(loop.line)">\(loop.title)</a> <small>\(loop.touched)</small>
      <ul>\(loop.body.map(line))</ul></li>
      """
    case .kernel(let call):
      """
      <li><a href="#L\(call.line)">\(call.text)</a> <small>\(Quantity.count(call.calls)) \(call.calls == 1 ? "call" : "calls"), \
      \(Quantity.bytes(call.bytes))</small></li>
      """
    case .table(let table): "<li><a href=\"#L\(table.line)\">\(table.title)</a></li>"
    case .barrier(let barrier): "<li><a href=\"#L\(barrier.line)\">wait for all threads</a></li>"
    }
  }
}
