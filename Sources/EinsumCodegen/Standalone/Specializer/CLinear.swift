/// An address or an offset: `constant + the sum of coefficient * variable`.
///
/// A pointer is a variable of coefficient 1 that stands first. Only variables that are known to be pointers or of type
/// `long` are put in this form, as it changes the order of additions.
struct CLinear: Hashable {
  struct Term: Hashable {
    var variable: String
    var coefficient: Int
  }

  var constant: Int
  var terms: [Term]

  init(_ constant: Int, _ terms: [Term] = []) {
    self.constant = constant
    self.terms = terms
  }

  /// `self + factor * other`.
  func adding(_ other: CLinear, times factor: Int = 1) -> CLinear {
    var result = self
    result.constant += factor * other.constant
    for term in other.terms {
      if let place = result.terms.firstIndex(where: { $0.variable == term.variable }) {
        result.terms[place].coefficient += factor * term.coefficient
      } else {
        result.terms.append(Term(variable: term.variable, coefficient: factor * term.coefficient))
      }
    }
    result.terms.removeAll { $0.coefficient == 0 }
    return result
  }

  /// The expression, pointers first, then the other variables in their order, then the constant.
  func expression(isPointer: (String) -> Bool) -> CExpression {
    let ordered = terms.filter { isPointer($0.variable) } + terms.filter { !isPointer($0.variable) }
    var result: CExpression?
    for term in ordered {
      let size = term.coefficient.magnitude
      let variable = CExpression.name(term.variable)
      let value = size == 1 ? variable : .binary(.integer(Int(size)), "*", variable)
      if let left = result {
        result = .binary(left, term.coefficient < 0 ? "-" : "+", value)
      } else if term.coefficient > 0 {
        result = value
      } else {
        result = size == 1 ? .prefix("-", variable) : .binary(.integer(term.coefficient), "*", variable)
      }
    }
    guard let sum = result else { return .integer(constant) }
    if constant == 0 { return sum }
    return .binary(sum, constant < 0 ? "-" : "+", .integer(abs(constant)))
  }
}
