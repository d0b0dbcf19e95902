import Einsum

/// The figures that matter, and the tensors.
struct SummarySection {
  let explanation: Explanation

  var markup: Markup {
    """
    <section class="figures">
    \(figures)
    </section>
    <section class="tensors">
    <table>
    <tr><th>tensor</th><th>term</th><th>type</th><th>shape</th><th>strides</th><th>size</th></tr>
    \((explanation.operands + [explanation.output]).map(row))
    </table>
    </section>
    """
  }

  private var figures: [Markup] {
    let prediction = explanation.prediction
    var figures = [
      figure(Quantity.seconds(prediction.seconds), "predicted, \(prediction.bound.title)"),
      explanation.flop > 0
        ? figure(
          "\(Quantity.decimal(prediction.gflops)) GFLOP/s", "predicted, \(shareText(prediction.gflops))")
        : figure("\(Quantity.decimal(explanation.bytes / prediction.seconds * 1e-9)) GB/s", "predicted"),
    ]
    if let measurement = explanation.measurement {
      figures.append(
        figure(
          Quantity.seconds(measurement.minSeconds),
          "measured: quickest of \(measurement.calls) calls, median \(Quantity.seconds(measurement.medianSeconds))"
        ))
      figures.append(
        explanation.flop > 0
          ? figure(
            "\(Quantity.decimal(measurement.gflops)) GFLOP/s", "measured, \(shareText(measurement.gflops))")
          : figure("\(Quantity.decimal(measurement.gbPerS)) GB/s", "measured"))
    }
    figures += [
      figure("\(Quantity.count(explanation.flop)) flop", "multiplications and additions"),
      figure(Quantity.bytes(explanation.bytes), "operands and result, each once"),
      figure("\(Quantity.decimal(explanation.intensity)) flop/B", "arithmetic intensity"),
      figure(Quantity.bytes(Double(explanation.workspaceBytes)), "workspace"),
    ]
    return figures
  }

  private func shareText(_ gflops: Double) -> String {
    let peak = explanation.prediction.peakGflops
    return "\(Quantity.percent(gflops / peak)) of the peak of \(Quantity.decimal(peak))"
  }

  private func figure(_ value: String, _ name: String) -> Markup {
    "<div class=\"figure\"><b>\(value)</b><span>\(name)</span></div>"
  }

  private func row(_ tensor: Explanation.Tensor) -> Markup {
    // Names in braces may be wider than a narrow screen; terms of letters are kept whole.
    let style = tensor.term.contains("{") ? "named" : ""
    // Shapes of many axes take several lines there.
    let shape = tensor.shape.dropFirst().reduce("\(tensor.shape.first.map(String.init) ?? "scalar")") {
      (text: Markup, extent: Int) -> Markup in "\(text)×<wbr>\(extent)"
    }
    return """
      <tr><td>\(tensor.name)</td><td class="\(style)">\(tensor.term)</td><td>\(tensor.dtype)</td><td>\(shape)</td>
      <td>\(tensor.strides.map(String.init).joined(separator: " "))</td><td>\(Quantity.bytes(tensor.bytes))</td></tr>
      """
  }
}

extension Explanation.Tensor {
  /// `2×3`, or `scalar`.
  var shapeText: String { shape.isEmpty ? "scalar" : shape.map(String.init).joined(separator: "×") }
}

/// What is worth knowing.
struct NotesSection {
  let notes: [Explanation.Note]

  var markup: Markup {
    if notes.isEmpty { return "" }
    return """
      <section><h2>Notes</h2>
      <ul class="notes">
      \(notes.map { note -> Markup in "<li>\(note.text) <code>\(note.code)</code></li>" })
      </ul></section>
      """
  }
}
