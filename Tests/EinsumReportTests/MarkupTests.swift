import EinsumReport
import Testing

/// Text enters markup escaped, whatever it holds.
@Suite struct MarkupTests {
  @Test func textIsEscaped() {
    let hostile = "</title><script>alert('1')</script>&\"\u{0}\u{1B}"
    let markup: Markup = "<b title=\"\(hostile)\">\(hostile)</b>"
    let escaped = "&lt;/title&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;&quot;\u{FFFD}\u{FFFD}"
    #expect(markup.text == "<b title=\"\(escaped)\">\(escaped)</b>")
  }

  @Test func otherValues() {
    let inner: Markup = "<i>\("<")</i>"
    let list: Markup = "\([inner, inner])"
    #expect(list.text == "<i>&lt;</i>\n<i>&lt;</i>")
    let numbers: Markup = "\(7) \(1.04) \(1.06) \(3.0) \(-0.25)"
    #expect(numbers.text == "7 1 1.1 3 -0.3")
  }

  @Test func codeIsColoredAndEscaped() {
    let markup = CHighlighter.markup(for: "for (long i = 0; i < 8; i++) f(x & 1); /* a <b> */")
    #expect(markup.text.contains("<span class=\"keyword\">for</span> (<span class=\"type\">long</span> i"))
    #expect(markup.text.contains("i &lt; <span class=\"number\">8</span>;"))
    #expect(markup.text.contains("<span class=\"function\">f</span>(x &amp; "))
    #expect(markup.text.hasSuffix("<span class=\"comment\">/* a &lt;b&gt; */</span>"))
  }

  @Test func axes() {
    let axis = LogAxis(low: 0.1, high: 1000, start: 100, end: 500)
    #expect(axis(0.1) == 100 && axis(1000) == 500 && abs(axis(10) - 300) < 1e-9)
    #expect(axis(1e-9) == 100 && axis(1e9) == 500)
    #expect(axis.ticks.count == 5)
    #expect(LogAxis(low: 1.5, high: 30, start: 0, end: 1).ticks == [2, 5, 10, 20])
    #expect(LogAxis(low: 3, high: 4, start: 0, end: 1).ticks.isEmpty)
  }
}
