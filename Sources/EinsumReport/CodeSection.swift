import Einsum

/// The C with line numbers, to which loops lead, and in colours.
struct CodeSection {
  let source: String
  let explanation: Explanation

  var markup: Markup {
    let ended = source.hasSuffix("\n") ? source.dropLast() : source[...]
    let lines = ended.split(separator: "\n", omittingEmptySubsequences: false)
    let numbered = lines.enumerated().map { number, line -> Markup in
      "<span class=\"line\" id=\"L\(number + 1)\">\(CHighlighter.markup(for: line))\n</span>"
    }
    let text = numbered.map(\.text).joined()
    return """
      <section><h2>C</h2>
      <p class="hint">The driver that runs; the functions that it calls are einsumc’s kernels.</p>
      <pre class="code">\(Markup(stringLiteral: text))</pre></section>
      """
  }
}
