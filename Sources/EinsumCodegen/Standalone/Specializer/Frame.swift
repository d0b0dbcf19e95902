/// The variables of a generic function while it is specialised.
struct Frame {
  enum Value: Hashable {
    /// A `long` whose value is known here.
    case known(Int)
    /// The same as an expression of the specialised function that does not change.
    case alias(CExpression)
    /// A variable of the specialised function.
    case variable(String)
  }

  struct Variable {
    var type: String
    var value: Value
  }

  private var scopes: [[String: Variable]] = [[:]]
  /// Whether the function's text goes into its caller's.
  let isInlined: Bool
  /// Whether a `return` has been reached on every way to here.
  var hasReturned = false

  init(isInlined: Bool) { self.isInlined = isInlined }

  subscript(name: String) -> Variable? {
    scopes.last { $0[name] != nil }?[name]
  }

  mutating func declare(_ name: String, _ type: String, _ value: Value) {
    scopes[scopes.count - 1][name] = Variable(type: type, value: value)
  }

  mutating func set(_ name: String, _ value: Value) {
    guard let place = scopes.lastIndex(where: { $0[name] != nil }) else { return }
    scopes[place][name]?.value = value
  }

  /// Whether a variable belongs to the innermost scope.
  func isInnermost(_ name: String) -> Bool { scopes[scopes.count - 1][name] != nil }

  /// Whether another variable than `name` stands for an expression with a variable of the specialised function.
  func isAliased(_ residual: String, besides name: String) -> Bool {
    scopes.contains { scope in
      scope.contains { key, variable in
        guard key != name, case .alias(let value) = variable.value else { return false }
        return CleanUp.names(in: value).contains(residual)
      }
    }
  }

  mutating func open() { scopes.append([:]) }
  mutating func close() { scopes.removeLast() }
}
