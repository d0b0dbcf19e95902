extension Equation {
  /// The equation of numpy's interleaved form: one list per operand, and one for the output unless it is
  /// implicit.
  ///
  /// The lists are written out as text with numbers for names, `{0}{1},{1}{2}->{0}{2}`, and parsed: both
  /// forms take the same way, and errors can point at a place.
  package init(interleaved inputs: [[Subscript]], output: [Subscript]?) throws(EinsumError) {
    guard !inputs.isEmpty else { throw EinsumError(.noOperands) }
    var text = ""
    for (operand, term) in inputs.enumerated() {
      if operand > 0 { text += "," }
      try Equation.write(term, to: &text)
    }
    if let output {
      text += "->"
      try Equation.write(output, to: &text)
    }
    try self.init(parsing: text)
  }

  /// Appends a term; a negative integer is refused with a caret on it.
  private static func write(_ term: [Subscript], to text: inout String) throws(EinsumError) {
    for entry in term {
      switch entry {
      case .ellipsis:
        text += "..."
      case .index(let number):
        let start = text.utf8.count  // the text is ASCII: bytes are scalars
        text += "{\(number)}"
        guard number >= 0 else {
          let range = SourceRange(start: start, end: text.utf8.count)
          throw EinsumError(.negativeLabel(number: number), in: text, at: range)
        }
      }
    }
  }
}
