import EinsumSyntax
import Testing

/// Parses, and compares inputs and output with their shortest text form.
func expectParse(_ text: String, _ canonical: String, sourceLocation: SourceLocation = #_sourceLocation) {
  do {
    let equation = try Equation(parsing: text)
    let result = equation.canonicalText
    #expect(
      isSame(result, canonical), "\(result) for \(text.debugDescription)", sourceLocation: sourceLocation)
    #expect(isSame(equation.text, text), sourceLocation: sourceLocation)
  } catch {
    Issue.record("parsing \(text.debugDescription):\n\(error)", sourceLocation: sourceLocation)
  }
}

/// Expects a parse to fail, with exactly this rendering: message, code, and each caret's place.
func expectRefusal(_ text: String, _ rendering: String, sourceLocation: SourceLocation = #_sourceLocation) {
  expectRefusal(rendering, sourceLocation: sourceLocation) { () throws(EinsumError) in
    try Equation(parsing: text)
  }
}

/// Expects an equation to be refused, with exactly this rendering.
func expectRefusal(
  _ rendering: String, sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () throws(EinsumError) -> Equation
) {
  do {
    let equation = try body()
    Issue.record("accepted as \(equation.canonicalText)", sourceLocation: sourceLocation)
  } catch {
    let matches = isSame(error.description, rendering)
    #expect(matches, "refused with:\n\(error)\nand not:\n\(rendering)", sourceLocation: sourceLocation)
  }
}

/// Whether texts have the same scalars, which `==` does not tell: it takes U+2126 for U+03A9.
func isSame(_ a: String, _ b: String) -> Bool { a.utf8.elementsEqual(b.utf8) }

/// The piece of a text that a range covers.
func slice(_ text: String, _ range: SourceRange) -> String {
  let scalars = Array(text.unicodeScalars)[range.start..<range.end]
  return String(String.UnicodeScalarView(scalars))
}
