import Einsum

/// The roofline plot: how fast the einsum and its steps are for their arithmetic intensity, and how fast the machine lets
/// them be.
///
/// Source: S. Williams, A. Waterman, D. Patterson, "Roofline: an insightful visual performance model", CACM 52(4), 2009.
struct RooflineSection {
  let explanation: Explanation

  private enum Mark { case predicted, step, measured }

  private struct Point {
    let mark: Mark
    let title: String
    let intensity: Double
    let gflops: Double
  }

  var markup: Markup {
    if explanation.steps.isEmpty { return "" }
    if explanation.flop == 0 { return bandwidth }
    return """
      <section><h2>Roofline</h2>
      <div class="plot">\(plot)<ul class="marks">\(points.map(legend))</ul></div>
      <p class="hint">Lines: the most that arithmetic and memory allow, \(explanation.limits.origin). A point above the slope has its data in
      the caches.</p>
      </section>
      """
  }

  private var points: [Point] {
    var points = [
      Point(
        mark: .predicted, title: "predicted", intensity: explanation.intensity,
        gflops: explanation.prediction.gflops)
    ]
    if let measurement = explanation.measurement {
      points.append(
        Point(
          mark: .measured, title: "measured", intensity: explanation.intensity, gflops: measurement.gflops))
    }
    if explanation.steps.count > 1 {
      for (number, step) in explanation.steps.enumerated() where step.flop > 0 {
        points.append(
          Point(
            mark: .step, title: "step \(number + 1), predicted", intensity: step.intensity,
            gflops: step.prediction.gflops))
      }
    }
    return points
  }

  // MARK: Drawing

  private static let size = (width: 440.0, height: 300.0)

  private var plot: Markup {
    let points = points
    let peak = explanation.prediction.peakGflops
    let slope = max(explanation.limits.readGbPerS, explanation.limits.copyGbPerS)
    let ridge = peak / slope
    let intensities = points.map(\.intensity) + [ridge]
    let speeds = points.map(\.gflops) + [peak]
    let x = LogAxis(
      low: (intensities.min() ?? 1) / 3, high: (intensities.max() ?? 1) * 5, start: 46,
      end: Self.size.width - 8)
    let y = LogAxis(
      low: (speeds.min() ?? 1) / 3, high: (speeds.max() ?? 1) * 2.5, start: Self.size.height - 40, end: 8)
    // The roof begins where it enters the frame: at the left, or at the bottom.
    let left = max(x.low, y.low / slope)
    let peakText = "\(Quantity.decimal(peak)) GFLOP/s"
    let slopeEnd = min(x(ridge), x.end - 7 * Double(peakText.count) - 8) - 4
    return """
      <svg viewBox="0 0 \(Self.size.width) \(Self.size.height)" role="img" aria-label="roofline plot">
      \(x.ticks.map { verticalTick($0, x($0), y) })
      \(y.ticks.map { horizontalTick($0, x, y($0)) })
      <path class="roof" d="M \(x(left)) \(y(left * slope)) L \(x(ridge)) \(y(peak)) L \(x.end) \(y(peak))"/>
      <text x="\(x.end - 4)" y="\(y(peak) - 7)" class="end roof-text">\(peakText)</text>
      <text x="\(slopeEnd)" y="\(y(peak) - 7)" class="end roof-text">\(Quantity.decimal(slope)) GB/s</text>
      <text x="\(x.end)" y="\(Self.size.height - 6)" class="end">flop per byte</text>
      <text x="50" y="20">GFLOP/s</text>
      \(points.reversed().map { mark($0.mark, $0.title, x($0.intensity), y($0.gflops)) })
      </svg>
      """
  }

  private func verticalTick(_ value: Double, _ x: Double, _ y: LogAxis) -> Markup {
    """
    <line class="grid" x1="\(x)" y1="\(y.start)" x2="\(x)" y2="\(y.end)"/>
    <text class="middle" x="\(x)" y="\(y.start + 16)">\(Quantity.count(value))</text>
    """
  }

  private func horizontalTick(_ value: Double, _ x: LogAxis, _ y: Double) -> Markup {
    """
    <line class="grid" x1="\(x.start)" y1="\(y)" x2="\(x.end)" y2="\(y)"/>
    <text class="end" x="\(x.start - 5)" y="\(y + 4)">\(Quantity.count(value))</text>
    """
  }

  private func mark(_ mark: Mark, _ title: String, _ x: Double, _ y: Double) -> Markup {
    switch mark {
    case .predicted:
      "<circle class=\"predicted\" cx=\"\(x)\" cy=\"\(y)\" r=\"6\"><title>\(title)</title></circle>"
    case .step: "<circle class=\"step\" cx=\"\(x)\" cy=\"\(y)\" r=\"4\"><title>\(title)</title></circle>"
    case .measured:
      """
      <path class="measured" d="M \(x) \(y - 7) L \(x + 7) \(y) L \(x) \(y + 7) L \(x - 7) \(y) Z"><title>\(title)</title></path>
      """
    }
  }

  private func legend(_ point: Point) -> Markup {
    """
    <li><svg viewBox="0 0 16 16" width="16" height="16">\(mark(point.mark, point.title, 8, 8))</svg>
    \(point.title): \(Quantity.decimal(point.gflops)) GFLOP/s at \(Quantity.decimal(point.intensity)) flop/B</li>
    """
  }

  // MARK: Without arithmetic

  /// Bars of bandwidth, for einsums that only move data.
  private var bandwidth: Markup {
    let limits = explanation.limits
    let predicted = explanation.bytes / explanation.prediction.seconds * 1e-9
    var bars = [(name: "predicted", value: predicted, style: "predicted")]
    if let measurement = explanation.measurement { bars.append(("measured", measurement.gbPerS, "measured")) }
    bars += [
      ("copy, at most", limits.copyGbPerS, "limit"), ("read, at most", limits.readGbPerS, "limit"),
      ("write, at most", limits.writeGbPerS, "limit"),
    ]
    let most = bars.map(\.value).max() ?? 1
    return """
      <section><h2>Bandwidth</h2>
      <p>Data are moved and nothing is computed, so memory alone sets the pace.</p>
      <div class="bars">
      \(bars.map { bar -> Markup in
        """
        <span class="name">\(bar.name)</span><span class="bar \(bar.style)" style="width:\(100 * bar.value / most)%"></span>
        <span>\(Quantity.decimal(bar.value)) GB/s</span>
        """
      })
      </div>
      <p class="hint">Limits are \(limits.origin). Data that stay in the caches move faster.</p>
      </section>
      """
  }
}
