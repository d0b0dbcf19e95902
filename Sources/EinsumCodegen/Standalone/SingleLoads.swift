import EinsumIR

/// Has compilers read a vector once where several multiply-adds use it.
///
/// With 16 registers gcc 12 may make the load an operand of each multiply-add, above all where it inlines the loop. Such
/// a register tile of 6 x 16 loads 18 times for 12 multiply-adds and takes 1.35 times as long, as in
/// `fbea,cedf->dcba`. It does not repeat a volatile load.
struct SingleLoads {
  /// The registers that sums and what stays beside them may take; one or two more hold what is used at once.
  private static let registers = 14

  /// Whether the function says already why it has volatile loads.
  private var isExplained = false

  /// A function whose loops do so.
  static func applied(to function: CFunction) -> CFunction {
    var pass = SingleLoads()
    var result = function
    result.body = pass.applied(to: function.body)
    return result
  }

  private mutating func applied(to statements: [CStatement]) -> [CStatement] {
    statements.map { applied(to: $0) }
  }

  private mutating func applied(to statement: CStatement) -> CStatement {
    switch statement {
    case .loop(var loop):
      loop.body = marked(applied(to: loop.body))
      return .loop(loop)
    case .block(let inner): return .block(applied(to: inner))
    case .branch(let condition, let then, let otherwise):
      return .branch(condition, then: applied(to: then), else: applied(to: otherwise))
    case .comment(let text):
      if text.hasPrefix("volatile") { isExplained = true }
      return statement
    case .declaration, .expression, .exit, .directive: return statement
    }
  }

  /// The statements of one pass of a loop, with as many of the loads volatile as there are registers for.
  private mutating func marked(_ statements: [CStatement]) -> [CStatement] {
    var sums: Set<String> = []
    var uses: [String: Int] = [:]
    for statement in statements {
      guard case .expression(.assignment(.name(let sum), "+=", .binary(let left, "*", let right))) = statement
      else { continue }
      sums.insert(sum)
      for case .name(let factor) in [left, right] { uses[factor, default: 0] += 1 }
    }
    let loads = statements.indices.filter { place in
      guard case .declaration(let variable) = statements[place] else { return false }
      return uses[variable.name, default: 0] > 1 && Self.volatileLoad(variable.initial) != nil
    }
    let chosen = loads.suffix(max(0, Self.registers - sums.count))
    var result = statements
    for place in chosen {
      guard case .declaration(var variable) = statements[place] else { continue }
      variable.initial = Self.volatileLoad(variable.initial)
      result[place] = .declaration(variable)
    }
    if let first = chosen.first, !isExplained {
      result.insert(.comment("volatile: read once, and not by each multiply-add."), at: first)
      isExplained = true
    }
    return result
  }

  /// The load of a constant vector, `*(const f32x8 *)b`, as a volatile one; nil for all else.
  private static func volatileLoad(_ value: CExpression?) -> CExpression? {
    guard case .prefix("*", .cast(let type, let pointer))? = value, type.hasPrefix("const "),
      !type.contains("volatile"), type.contains("x")
    else { return nil }
    return .prefix("*", .cast(type: "const volatile " + type.dropFirst("const ".count), pointer))
  }
}
