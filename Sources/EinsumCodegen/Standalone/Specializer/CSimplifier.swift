/// Folds constants in expressions and brings addresses in linear form.
struct CSimplifier {
  enum Kind { case integer, pointer, other }

  /// What the names of variables stand for.
  var kinds: [String: Kind] = [:]
  /// What pointers point to.
  var pointees: [String: String] = [:]
  /// The values that the variables of loops take.
  var ranges: [String: ClosedRange<Int>] = [:]

  /// The kind of a variable that is declared with a type.
  static func kind(of type: String) -> Kind {
    if type.contains("*") { return .pointer }
    return type == "long" || type == "const long" ? .integer : .other
  }

  /// What a pointer type points to, without qualifiers: `float` for `const float *restrict`.
  static func pointee(of type: String) -> String? {
    guard let star = type.firstIndex(of: "*") else { return nil }
    return unqualified(type[..<star])
  }

  private static func unqualified(_ type: Substring) -> String {
    type.split(separator: " ").filter { $0 != "const" && $0 != "volatile" }.joined(separator: " ")
  }

  /// Notes what a variable is: an array is a pointer to its elements.
  mutating func note(_ variable: CDeclaration) {
    let isArray = variable.count != nil
    kinds[variable.name] = isArray ? .pointer : Self.kind(of: variable.type)
    pointees[variable.name] = isArray ? Self.unqualified(variable.type[...]) : Self.pointee(of: variable.type)
  }

  /// Whether an address, or a number, has a type but for qualifiers: what a conversion changes counts otherwise.
  func hasType(_ value: CExpression, _ type: String) -> Bool {
    guard let pointee = Self.pointee(of: type) else { return true }
    guard let form = linear(value) else { return false }
    let pointers = form.terms.filter { kinds[$0.variable] == .pointer }
    return pointers.allSatisfy { pointees[$0.variable] == pointee }
  }

  /// The expression, whose parts are simplified already, as simple as possible.
  func simplified(_ value: CExpression) -> CExpression {
    switch value {
    case .binary(let x, let sign, let y): binary(x, sign, y)
    case .prefix(let sign, let x): prefix(sign, x)
    case .conditional(let condition, let x, let y):
      if case .integer(let truth) = condition { truth != 0 ? x : y } else { value }
    case .element(let base, let index): element(base, index)
    case .cast("long", .integer(let number)): .integer(number)
    case .cast(let type, .cast("char *", let x)) where type.hasSuffix("*"): .cast(type: type, x)
    default: value
    }
  }

  // MARK: Linear forms

  /// The linear form of an expression, or nil if it is no sum of integers, `long` variables and pointers.
  func linear(_ value: CExpression) -> CLinear? {
    switch value {
    case .integer(let number): return CLinear(number)
    case .name(let name):
      return kinds[name, default: .other] == .other
        ? nil : CLinear(0, [.init(variable: name, coefficient: 1)])
    case .prefix("-", let x): return linear(x).map { CLinear(0).adding($0, times: -1) }
    case .binary(let x, "+", let y):
      guard let left = linear(x), let right = linear(y) else { return nil }
      return left.adding(right)
    case .binary(let x, "-", let y):
      guard let left = linear(x), let right = linear(y) else { return nil }
      return left.adding(right, times: -1)
    case .binary(let x, "*", let y):
      guard let left = linear(x), let right = linear(y) else { return nil }
      if left.terms.isEmpty { return CLinear(0).adding(right, times: left.constant) }
      return right.terms.isEmpty ? CLinear(0).adding(left, times: right.constant) : nil
    default: return nil
    }
  }

  func expression(_ linear: CLinear) -> CExpression {
    linear.expression { kinds[$0] == .pointer }
  }

  /// The least and the greatest value of a linear form, if the ranges of its variables are known.
  private func bounds(_ linear: CLinear) -> ClosedRange<Int>? {
    var low = linear.constant, high = linear.constant
    for term in linear.terms {
      guard let range = ranges[term.variable] else { return nil }
      let ends = [range.lowerBound * term.coefficient, range.upperBound * term.coefficient]
      low += min(ends[0], ends[1])
      high += max(ends[0], ends[1])
    }
    return low...high
  }

  // MARK: Operators

  private func binary(_ x: CExpression, _ sign: String, _ y: CExpression) -> CExpression {
    let value = CExpression.binary(x, sign, y)
    switch sign {
    case "+", "-", "*":
      if let form = linear(value) { return expression(form) }
      if y == .integer(0), sign != "*", case .cast = x { return x }
      return value
    case "<", "<=", ">", ">=", "==", "!=": return comparison(x, sign, y)
    case "&&", "||": return logical(x, sign, y)
    case "%":
      // Bits above those of the remainder do not change it.
      if case .binary(let low, "|", .integer(let high)) = x, case .integer(let size) = y, size > 0,
        size & (size - 1) == 0, high % size == 0
      {
        return .binary(low, "%", y)
      }
      guard case .integer(let a) = x, case .integer(let b) = y, b != 0 else { return value }
      return .integer(a % b)
    default:
      guard case .integer(let a) = x, case .integer(let b) = y else { return value }
      switch sign {
      case "/" where b != 0: return .integer(a / b)
      case "|": return .integer(a | b)
      case "&": return .integer(a & b)
      case "<<" where (0..<Int.bitWidth).contains(b): return .integer(a << b)
      case ">>" where (0..<Int.bitWidth).contains(b): return .integer(a >> b)
      default: return value
      }
    }
  }

  private func comparison(_ x: CExpression, _ sign: String, _ y: CExpression) -> CExpression {
    let value = CExpression.binary(x, sign, y)
    if sign == "!=", y == .integer(0), case .binary(let a, "|", let b) = x {
      let numbers = [a, b].compactMap { if case .integer(let number) = $0 { number } else { nil } }
      if numbers.contains(where: { $0 != 0 }) { return .integer(1) }
    }
    guard let left = linear(x), let right = linear(y), let range = bounds(left.adding(right, times: -1))
    else {
      return turned(x, sign, y) ?? value
    }
    let truth: Bool? =
      switch sign {
      case "<": range.upperBound < 0 ? true : range.lowerBound >= 0 ? false : nil
      case "<=": range.upperBound <= 0 ? true : range.lowerBound > 0 ? false : nil
      case ">": range.lowerBound > 0 ? true : range.upperBound <= 0 ? false : nil
      case ">=": range.lowerBound >= 0 ? true : range.upperBound < 0 ? false : nil
      default:
        range == 0...0 ? sign == "==" : range.contains(0) ? nil : sign == "!="
      }
    return truth.map { .integer($0 ? 1 : 0) } ?? turned(x, sign, y) ?? value
  }

  /// `n - v >= c` as `v <= n - c`, which says where a loop ends.
  private func turned(_ x: CExpression, _ sign: String, _ y: CExpression) -> CExpression? {
    let signs = ["<": ">", "<=": ">=", ">": "<", ">=": "<="]
    guard let form = linear(x), form.terms.count == 1, form.terms[0].coefficient == -1,
      case .integer(let bound) = y, let turnedSign = signs[sign]
    else { return nil }
    return .binary(.name(form.terms[0].variable), turnedSign, .integer(form.constant - bound))
  }

  private func logical(_ x: CExpression, _ sign: String, _ y: CExpression) -> CExpression {
    let decides = sign == "||"
    if case .integer(let truth) = x { return (truth != 0) == decides ? .integer(decides ? 1 : 0) : y }
    if case .integer(let truth) = y { return (truth != 0) == decides ? .integer(decides ? 1 : 0) : x }
    return .binary(x, sign, y)
  }

  private func prefix(_ sign: String, _ x: CExpression) -> CExpression {
    switch (sign, x) {
    case ("!", .integer(let number)): .integer(number == 0 ? 1 : 0)
    case ("-", .integer(let number)): .integer(-number)
    case ("*", .prefix("&", let y)): y
    default: .prefix(sign, x)
    }
  }

  /// `(p + offset)[index]` as `p[offset + index]`; an item of a table whose items are known.
  private func element(_ base: CExpression, _ index: CExpression) -> CExpression {
    if case .braces(let items) = base, case .integer(let place) = index, items.indices.contains(place) {
      return items[place]
    }
    guard let form = linear(base),
      let place = form.terms.firstIndex(where: { kinds[$0.variable] == .pointer })
    else { return .element(base, index) }
    var offset = form
    let pointer = offset.terms.remove(at: place)
    guard pointer.coefficient == 1 else { return .element(base, index) }
    let name = CExpression.name(pointer.variable)
    if let rest = linear(index) { return .element(name, expression(offset.adding(rest))) }
    return .element(name, offset == CLinear(0) ? index : .binary(expression(offset), "+", index))
  }
}
