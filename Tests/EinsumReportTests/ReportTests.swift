import Einsum
import EinsumIR
import EinsumReport
import EinsumSyntax
import EinsumTestSupport
import Testing

/// Pages: whole, with links that lead somewhere, and without anything from elsewhere.
@Suite struct ReportTests {
  private func page(
    _ request: CompileRequest, on machine: Machine = .reference,
    change: (inout Explanation) -> Void = { _ in }
  ) throws -> String {
    let compilation = try Compilation(request, on: machine)
    var explanation = Explanation(of: compilation, request, on: machine, limits: .assumed(for: machine))
    change(&explanation)
    return Report(
      explanation: explanation, cSource: compilation.source, stages: [("plan", "<plan>")],
      assembly: [("es_<f>", "vmulps & vaddps")], json: "{\"expr\":\"</script><b>\"}", version: "1 < 2"
    ).page
  }

  private func page(
    _ text: String, _ shapes: [[Int]], on machine: Machine = .reference,
    change: (inout Explanation) -> Void = { _ in }
  ) throws -> String {
    let request = CompileRequest(
      equation: try Equation(parsing: text), operands: shapes.map { OperandType(.float32, Layout(shape: $0)) }
    )
    return try page(request, on: machine, change: change)
  }

  /// What is wrong with a page: elements that do not close in order, links to nowhere, ids that occur twice.
  private func faults(in page: String) -> [String] {
    var faults: [String] = []
    let ids = page.matches(of: /\sid="([^"]*)"/).map { String($0.output.1) }
    if Set(ids).count < ids.count { faults.append("an id occurs twice") }
    for match in page.matches(of: /href="#([^"]*)"/) where !ids.contains(String(match.output.1)) {
      faults.append("a link leads to #\(match.output.1), which is not there")
    }
    var open: [Substring] = []
    for match in page.matches(of: /<(\/?)([a-zA-Z0-9]+)([^>]*)>/) {
      let (_, slash, name, rest) = match.output
      if ["meta", "link", "wbr", "br"].contains(name) || rest.hasSuffix("/") { continue }
      if slash.isEmpty {
        open.append(name)
      } else if open.popLast() != name {
        faults.append("</\(name)> closes another element")
      }
    }
    if !open.isEmpty { faults.append("open elements: \(open)") }
    return faults
  }

  @Test func randomEinsums() throws {
    for seed in 0..<60 {
      let problem = try Problem.random(seed: seed, points: 4000)
      let request = CompileRequest(
        equation: problem.equation, operands: problem.operands.map { $0.operandType() },
        outputLayout: problem.analysis.outputLayout)
      #expect(faults(in: try page(request)) == [], "\(problem)")
    }
  }

  @Test func sections() throws {
    let page = try page("bij,bjk->bik", [[7, 264, 265], [7, 265, 266]]) {
      $0.measurement = .init(times: [1e-3], flop: $0.flop, bytes: $0.bytes)
    }
    #expect(faults(in: page) == [])
    for words in [
      "Contraction tree", "Roofline", "Step 1", "Why this schedule", "Loops", "<h2>C</h2>", "measured",
    ] {
      #expect(page.contains(words), "\(words)")
    }
    #expect(page.contains("class=\"measured\"") && page.contains("class=\"predicted\""))
    #expect(page.contains("class=\"tile\"") && page.contains("href=\"#L"))
    #expect(page.contains("prefers-color-scheme: dark"))
  }

  @Test func dataMovesAreBars() throws {
    let page = try page("ij->ji", [[300, 200]])
    #expect(faults(in: page) == [])
    #expect(page.contains("<h2>Bandwidth</h2>") && !page.contains("<h2>Roofline</h2>"))
  }

  @Test func nothingToDo() throws {
    #expect(faults(in: try page("ij->ij", [[2, 0]])) == [])
    #expect(faults(in: try page(",->", [[], []])) == [])
  }

  /// A chain that starts at a vector is a tree as deep as it is long; the page shows its lower part flat.
  @Test func deepTreesAreFlat() throws {
    let labels = "abcdefghijklmnopqrstuvwxyz".map(String.init)
    let terms = ["a"] + zip(labels, labels.dropFirst()).map { $0 + $1 }
    // Falling extents make the path along the chain the cheapest at every step.
    let shapes = [[27]] + (1...25).map { [28 - $0, 27 - $0] }
    let page = try page(terms.joined(separator: ","), shapes)
    #expect(faults(in: page) == [])
    #expect(page.contains("class=\"flat\""))
    #expect(page.matches(of: /<ul class="">/).count == 12)
  }

  /// Pages need no network and run nothing.
  @Test func isSelfContained() throws {
    let page = try page("ij,jk->ik", [[50, 60], [60, 70]])
    for words in ["http:", "https:", "@import", "url(", " src=", "<script>", "onload"] {
      #expect(!page.contains(words), "\(words)")
    }
    #expect(page.contains("<script type=\"application/json\" id=\"explanation\">"))
  }

  @Test func userTextIsEscaped() throws {
    let hostile = "</title></script><script>alert(1)</script>"
    let page = try page("ij,jk->ik", [[50, 60], [60, 70]]) {
      $0.expr = hostile
      $0.operands[0].term = hostile
      $0.operands[0].name = hostile
      $0.indices[0].label = hostile
      $0.notes.append(.init(code: "x", text: hostile))
      $0.steps[0].reason = hostile
    }
    #expect(faults(in: page) == [])
    #expect(!page.contains("<script>alert") && !page.contains("</title></script>"))
    #expect(page.contains("\\u003c/script>\\u003cb>"))
    #expect(
      page.contains("es_&lt;f&gt;") && page.contains("vmulps &amp; vaddps") && page.contains("1 &lt; 2"))
  }
}
