/// Prints C trees: the one place that knows where parentheses go.
enum CWriter {
  // MARK: Expressions

  /// An expression, in parentheses if it binds less tightly than `least`.
  static func text(_ value: CExpression, atLeast least: Int = 0) -> String {
    let (text, level) = spelled(value)
    return level < least ? "(\(text))" : text
  }

  private static func spelled(_ value: CExpression) -> (String, Int) {
    switch value {
    case .integer(let number): return ("\(number)", number < 0 ? CPrecedence.unary : CPrecedence.postfix)
    case .literal(let text), .name(let text): return (text, CPrecedence.postfix)
    case .prefix(let sign, let x):
      let inner = text(x, atLeast: CPrecedence.unary)
      return (inner.hasPrefix(sign) ? "\(sign)(\(inner))" : sign + inner, CPrecedence.unary)
    case .postfix(let x, let sign): return (text(x, atLeast: CPrecedence.postfix) + sign, CPrecedence.postfix)
    case .binary(let x, let sign, let y):
      let level = CPrecedence.binary[sign] ?? 0
      let left = text(x, atLeast: isClear(x, inside: sign) ? level : CPrecedence.unary)
      let right = text(y, atLeast: isClear(y, inside: sign) ? level + 1 : CPrecedence.unary)
      return ("\(left) \(sign) \(right)", level)
    case .assignment(let x, let sign, let y):
      return (
        "\(text(x, atLeast: CPrecedence.unary)) \(sign) \(text(y, atLeast: CPrecedence.assignment))",
        CPrecedence.assignment
      )
    case .conditional(let x, let y, let z):
      let parts = [(x, 3), (y, 1), (z, 2)].map { text($0, atLeast: $1) }
      return ("\(parts[0]) ? \(parts[1]) : \(parts[2])", CPrecedence.conditional)
    case .call(let name, let items): return ("\(name)(\(list(items)))", CPrecedence.postfix)
    case .invoke(let x, let items):
      return ("\(text(x, atLeast: CPrecedence.postfix))(\(list(items)))", CPrecedence.postfix)
    case .element(let x, let y):
      return ("\(text(x, atLeast: CPrecedence.postfix))[\(text(y))]", CPrecedence.postfix)
    case .member(let x, let name):
      return ("\(text(x, atLeast: CPrecedence.postfix)).\(name)", CPrecedence.postfix)
    case .cast(let type, let x): return ("(\(type))" + text(x, atLeast: CPrecedence.unary), CPrecedence.unary)
    case .compound(let type, let items): return ("(\(type)){\(list(items))}", CPrecedence.postfix)
    case .braces(let items): return ("{\(list(items))}", CPrecedence.postfix)
    }
  }

  private static func list(_ items: [CExpression]) -> String {
    items.map { text($0, atLeast: CPrecedence.assignment) }.joined(separator: ", ")
  }

  /// Whether a reader, and a compiler that warns, sees without parentheses what binds first: not where bits,
  /// shifts or `&&` in `||` mix with other operators.
  private static func isClear(_ value: CExpression, inside sign: String) -> Bool {
    guard case .binary(_, let inner, _) = value else { return true }
    if sign == inner { return true }
    if sign == "||" && CPrecedence.comparisons.contains(inner) { return true }
    let murky: Set<String> = ["||", "|", "&", "^", "<<", ">>"]
    return !murky.contains(sign) && !["|", "&", "^", "<<", ">>"].contains(inner)
  }

  // MARK: Declarations

  static func text(_ variable: CDeclaration) -> String {
    let gap = variable.type.hasSuffix("*") ? "" : " "
    var text = variable.type + gap + variable.name
    if let count = variable.count { text += "[\(self.text(count))]" }
    if !variable.attributes.isEmpty { text += " " + variable.attributes }
    if let initial = variable.initial { text += " = " + self.text(initial, atLeast: CPrecedence.assignment) }
    return text
  }

  /// The declarators behind the first of a list that shares one type.
  private static func text(_ variables: [CDeclaration]) -> String {
    guard let first = variables.first else { return "" }
    return variables.dropFirst().reduce(text(first)) { list, variable in
      var next = variable
      next.type = ""
      return list + "," + text(next)
    }
  }

  // MARK: Statements

  static func write(_ function: CFunction, _ text: inout CText) {
    let parameters = function.parameters.map { Self.text($0) }.joined(separator: ", ")
    let head = "\(function.type) \(function.name)(\(parameters.isEmpty ? "void" : parameters))"
    text.function(function.comment, head) { write(function.body, &$0) }
  }

  static func write(_ statements: [CStatement], _ text: inout CText) {
    var place = 0
    while place < statements.count {
      if case .declaration(let first) = statements[place], first.count == nil,
        first.type.hasSuffix("]") == false
      {
        place += writeDeclarations(statements[place...], first, &text)
      } else if case .directive(let line) = statements[place], line.hasPrefix(OpenMP.region),
        place + 1 < statements.count, case .loop(var loop) = statements[place + 1], loop.isShared
      {
        loop.isShared = false
        text.line(OpenMP.guarded(OpenMP.withLoop(line)))
        write(.loop(loop), &text)
        place += 2
      } else {
        write(statements[place], &text)
        place += 1
      }
    }
  }

  /// Declarations of accumulators share a line, up to a sensible width; returns how many were written.
  private static func writeDeclarations(
    _ statements: ArraySlice<CStatement>, _ first: CDeclaration, _ text: inout CText
  ) -> Int {
    var group = [first]
    if first.initial == .braces([.integer(0)]) {
      for case .declaration(let next) in statements.dropFirst().prefix(while: {
        if case .declaration(let next) = $0 {
          return next.type == first.type && next.initial == first.initial
        }
        return false
      }) {
        if Self.text(group + [next]).count > 96 { break }
        group.append(next)
      }
    }
    text.wrappedLine(Self.text(group) + ";")
    return group.count
  }

  private static func write(_ statement: CStatement, _ text: inout CText) {
    switch statement {
    case .declaration(let variable): text.wrappedLine(Self.text(variable) + ";")
    case .expression(let value): text.wrappedLine(Self.text(value) + ";")
    case .block(let statements): text.block("") { write(statements, &$0) }
    case .exit(let value): text.line(value.map { "return \(Self.text($0));" } ?? "return;")
    case .comment(let comment): text.line("/* \(comment) */")
    case .directive(let line): text.line(line.hasPrefix("#pragma omp") ? OpenMP.guarded(line) : line)
    case .branch(let condition, let then, let otherwise):
      writeBranch("if", condition, then, otherwise, &text)
    case .loop(let loop):
      let steps = loop.steps.map { Self.text($0) }.joined(separator: ", ")
      let head =
        loop.initial.isEmpty && loop.steps.isEmpty
        ? "while (\(Self.text(loop.condition)))"
        : "for (\(Self.text(loop.initial)); \(Self.text(loop.condition)); \(steps))"
      if loop.isShared { text.line(OpenMP.guarded(loop.hasRest ? OpenMP.loopWithRest : OpenMP.loop)) }
      text.block(head) { write(loop.body, &$0) }
    }
  }

  /// A branch; one that is alone behind `else` joins it.
  private static func writeBranch(
    _ word: String, _ condition: CExpression, _ then: [CStatement], _ otherwise: [CStatement],
    _ text: inout CText
  ) {
    text.block("\(word) (\(Self.text(condition)))") { write(then, &$0) }
    if otherwise.count == 1, case .branch(let condition, let then, let otherwise) = otherwise[0] {
      writeBranch("else if", condition, then, otherwise, &text)
    } else if !otherwise.isEmpty {
      text.block("else") { write(otherwise, &$0) }
    }
  }
}
