/// Tokens to an ``Equation``, one function for each rule of the grammar:
///
///     equation = inputs [ "->" term ]
///     inputs   = term { "," term }
///     term     = { label | "..." }        at most one "..."
struct Parser {
  private var lexer: Lexer
  /// How often each label occurs in the inputs.
  private var occurrences: [Label: Int] = [:]

  init(_ text: String) { lexer = Lexer(text) }

  mutating func equation() throws(EinsumError) -> Equation {
    let (inputs, end) = try inputs()
    for item in inputs.lazy.flatMap(\.items) {
      if let label = item.label { occurrences[label, default: 0] += 1 }
    }
    let output = end.isArrow ? try output(after: end.range) : implicitOutput(of: inputs, at: end.range)
    return Equation(text: lexer.text, inputs: inputs, output: output, isImplicit: !end.isArrow)
  }

  /// All terms up to an arrow or the text's end, and which of the two it is.
  private mutating func inputs() throws(EinsumError) -> (
    terms: [Equation.Term], end: (isArrow: Bool, range: SourceRange)
  ) {
    var terms: [Equation.Term] = []
    while true {
      let (term, delimiter, range) = try term()
      terms.append(term)
      switch delimiter {
      case .comma: continue
      case .arrow: return (terms, (isArrow: true, range))
      case .end: return (terms, (isArrow: false, range))
      }
    }
  }

  /// The explicit output: one term, whose labels the inputs have.
  private mutating func output(after arrow: SourceRange) throws(EinsumError) -> Equation.Term {
    let (output, delimiter, range) = try term()
    switch delimiter {
    case .comma: throw error(.outputComma, at: range)
    case .arrow: throw error(.secondArrow, at: range, notes: [.init("the first arrow is here", at: arrow)])
    case .end: break
    }
    for item in output.items {
      if let label = item.label, occurrences[label] == nil {
        throw error(.outputLabel(label: label.description), at: item.range)
      }
    }
    return output
  }

  /// Labels and at most one ellipsis, and the delimiter behind them.
  private mutating func term() throws(EinsumError) -> (
    term: Equation.Term, delimiter: Token.Delimiter, range: SourceRange
  ) {
    var items: [Equation.Item] = []
    var ellipsis: SourceRange?
    while true {
      let token = try lexer.next()
      switch token.kind {
      case .label(let label):
        items.append(Equation.Item(.label(label), at: token.range))
      case .ellipsis:
        if let ellipsis {
          let note = EinsumError.Note("the first ellipsis is here", at: ellipsis)
          throw error(.repeatedEllipsis, at: token.range, notes: [note])
        }
        ellipsis = token.range
        items.append(Equation.Item(.ellipsis, at: token.range))
      case .delimiter(let delimiter):
        let start = items.first?.range.start ?? token.range.start
        let range = SourceRange(start: start, end: items.last?.range.end ?? start)
        return (Equation.Term(items: items, range: range), delimiter, token.range)
      }
    }
  }

  /// numpy's rule: the ellipsis if an input has one, then the labels that occur exactly once, sorted.
  private func implicitOutput(of inputs: [Equation.Term], at end: SourceRange) -> Equation.Term {
    let items = inputs.lazy.flatMap(\.items)
    let ellipsis = items.first { $0.kind == .ellipsis }
    let labels =
      items
      .compactMap { item in item.label.map { (label: $0, item: item) } }
      .filter { occurrences[$0.label] == 1 }
      .sorted { $0.label < $1.label }
      .map(\.item)
    return Equation.Term(items: (ellipsis.map { [$0] } ?? []) + labels, range: end)
  }

  private func error(
    _ reason: EinsumError.Reason, at range: SourceRange, notes: [EinsumError.Note] = []
  ) -> EinsumError {
    EinsumError(reason, in: lexer.text, at: range, notes: notes)
  }
}
