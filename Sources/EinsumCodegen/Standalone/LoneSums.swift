import EinsumIR

/// Has compilers add to a lone sum by fused multiply-adds.
///
/// Where a loop adds products to one vector only, gcc tuned for some CPUs (`-march=native` on Zen 2 and 3) multiplies and
/// adds in two instructions, so that a pass waits for the addition alone. That rounds twice, and other bits than the
/// library's come out. It looks for sums that a pass hands on to the next; behind an empty `asm` it sees none. clang
/// has no such rule.
struct LoneSums {
  /// The types under which a function declares each name.
  private var types: [String: Set<String>] = [:]
  /// The types of vectors that fit a register; gcc divides larger ones, which then are no lone sums.
  private let registers: Set<String>

  private init(_ isa: ISA) {
    registers = Set(
      [8, 16, 32, 64].filter { $0 <= isa.vectorBytes }.flatMap { ["f32x\($0 / 4)", "f64x\($0 / 8)"] })
  }

  /// A function whose loops do so.
  static func applied(to function: CFunction, on isa: ISA) -> CFunction {
    var pass = LoneSums(isa)
    function.body.forEach { pass.collect($0) }
    var result = function
    result.body = function.body.map { $0.mapLoopBodies { pass.marked($0) } }
    return result
  }

  private mutating func collect(_ statement: CStatement) {
    switch statement {
    case .declaration(let variable): types[variable.name, default: []].insert(variable.type)
    case .loop(let loop): loop.body.forEach { collect($0) }
    case .block(let inner): inner.forEach { collect($0) }
    case .branch(_, let then, let otherwise): (then + otherwise).forEach { collect($0) }
    case .expression, .exit, .comment, .directive: break
    }
  }

  private func marked(_ statements: [CStatement]) -> [CStatement] {
    let sums = statements.compactMap { statement -> String? in
      guard case .expression(.assignment(.name(let sum), "+=", .binary(_, "*", _))) = statement,
        types[sum]?.isSubset(of: registers) == true
      else { return nil }
      return sum
    }
    guard let sum = sums.first, Set(sums).count == 1 else { return statements }
    let barrier: [CStatement] = [
      .directive("#ifndef __clang__ /* gcc may round products before it adds them to one sum */"),
      .expression(.literal("__asm__(\"\" : \"+x\"(\(sum)))")),
      .directive("#endif"),
    ]
    // A sum that a pass reads from memory and writes back is handed on too, once gcc keeps it in a register.
    let declaration = statements.firstIndex {
      if case .declaration(let variable) = $0 { variable.name == sum } else { false }
    }
    var result = statements
    result.insert(contentsOf: barrier, at: declaration.map { $0 + 1 } ?? 0)
    return result
  }
}

extension CStatement {
  /// This statement with the bodies of all its loops replaced, inner ones first.
  func mapLoopBodies(_ change: ([CStatement]) -> [CStatement]) -> CStatement {
    func all(_ statements: [CStatement]) -> [CStatement] { statements.map { $0.mapLoopBodies(change) } }
    switch self {
    case .loop(var loop):
      loop.body = change(all(loop.body))
      return .loop(loop)
    case .block(let inner): return .block(all(inner))
    case .branch(let condition, let then, let otherwise):
      return .branch(condition, then: all(then), else: all(otherwise))
    case .declaration, .expression, .exit, .comment, .directive: return self
    }
  }
}
