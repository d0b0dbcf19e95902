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
    pass.isExplained = function.body.contains(where: \.explainsVolatile)
    var result = function
    result.body = function.body.map { $0.mapLoopBodies { pass.marked($0) } }
    return result
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

extension CStatement {
  /// Whether a comment says already why there are volatile loads.
  fileprivate var explainsVolatile: Bool {
    switch self {
    case .comment(let text): text.hasPrefix("volatile")
    case .loop(let loop): loop.body.contains(where: \.explainsVolatile)
    case .block(let inner): inner.contains(where: \.explainsVolatile)
    case .branch(_, let then, let otherwise): (then + otherwise).contains(where: \.explainsVolatile)
    case .declaration, .expression, .exit, .directive: false
    }
  }
}
