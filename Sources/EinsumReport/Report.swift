package import Einsum

/// An explanation as one HTML page: no other file, no network, no script.
///
/// It shows the einsum with its indices, cost and prediction, the contraction tree, a roofline plot, each step with its
/// blocks, loops and reasons, and the C, to whose lines the loops lead. It follows the reader's light or dark setting and
/// fits a phone.
package struct Report {
  package var explanation: Explanation
  package var cSource: String
  /// The compiler's own texts, by the names of its stages.
  package var stages: [(name: String, text: String)]
  /// Machine code, by the names of functions; may be empty.
  package var assembly: [(symbol: String, text: String)]
  /// The explanation for tools, to be part of the page; nil to leave it out.
  package var json: String?
  package var version: String

  package init(
    explanation: Explanation, cSource: String, stages: [(name: String, text: String)],
    assembly: [(symbol: String, text: String)], json: String?, version: String
  ) {
    self.explanation = explanation
    self.cSource = cSource
    self.stages = stages
    self.assembly = assembly
    self.json = json
    self.version = version
  }

  /// The report on a compilation by this version.
  package init(
    _ explanation: Explanation, _ trace: CompilationTrace,
    assembly: [(symbol: String, text: String)] = [], json: String? = nil
  ) {
    self.init(
      explanation: explanation, cSource: trace.text(of: .c),
      stages: Stage.allCases.filter { $0 != .c }.map { ($0.rawValue, trace.text(of: $0)) },
      assembly: assembly, json: json, version: Einsum.version)
  }

  /// The page's text, in UTF-8.
  package var page: String {
    let page: Markup = """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
      <link rel="icon" href="data:,">
      <title>\(explanation.expr) · einsumc</title>
      <style>\(Stylesheet.markup)</style>
      </head>
      <body>
      <main>
      \(header)
      \(SummarySection(explanation: explanation).markup)
      \(NotesSection(notes: explanation.notes).markup)
      \(ContractionTree(explanation: explanation).markup)
      \(RooflineSection(explanation: explanation).markup)
      \(explanation.steps.indices.map { StepSection(explanation: explanation, number: $0).markup })
      \(CodeSection(source: cSource, explanation: explanation).markup)
      \(texts)
      </main>
      \(footer)
      \(data)
      </body>
      </html>
      """
    return page.text
  }

  private var header: Markup {
    """
    <header>
    <h1>\(IndexColors(explanation).expression)</h1>
    <p class="legend">\(IndexColors(explanation).legend)</p>
    </header>
    """
  }

  private var texts: Markup {
    let stages = stages.map { stage -> Markup in
      "<details><summary>The compiler’s text: \(stage.name)</summary><pre>\(stage.text)</pre></details>"
    }
    let assembly = assembly.map { function -> Markup in
      "<details><summary>Machine code: \(function.symbol)</summary><pre>\(function.text)</pre></details>"
    }
    return "<section>\(assembly + stages)</section>"
  }

  private var footer: Markup {
    let machine = explanation.machine
    return """
      <footer>einsumc \(version), \(machine.isa), \(machine.threads) \(machine.threads == 1 ? "thread" : "threads"),
      L1 \(Quantity.bytes(Double(machine.l1Bytes))), L2 \(Quantity.bytes(Double(machine.l2Bytes))),
      L3 \(Quantity.bytes(Double(machine.l3Bytes))). Limits are \(explanation.limits.origin). \(dataHint)</footer>
      """
  }

  private var dataHint: Markup {
    json == nil
      ? ""
      : "The explanation for tools is part of this page, as JSON in the element <code>#explanation</code>."
  }

  private var data: Markup {
    guard let json else { return "" }
    // Nothing in it may end the element. In JSON `<` only stands in strings, where it may be written so.
    let inert = json.split(separator: "<", omittingEmptySubsequences: false).joined(separator: "\\u003c")
    return "<script type=\"application/json\" id=\"explanation\">\(Markup(stringLiteral: inert))</script>"
  }
}
