/// Turns generic C functions into ones for known extents and strides.
///
/// A partial evaluator for what the emitters write: arguments that are integers are carried out of the text, with all
/// arithmetic, branches and loops that depend on nothing else. What remains computes the same, operation by operation
/// and in the same order, so results keep every bit. Functions that become short are put where they are called; long
/// ones become functions of their own, one for each set of known arguments.
struct Specializer {
  /// Generic functions by name.
  let library: [String: CFunction]
  /// A better function for arguments that are known, or nil: the part of a register tile that exists.
  let exact: (String, [CExpression]) -> CFunction?
  /// The name that a function of the library gets in the result.
  let rename: (String) -> String
  /// The specialised functions, each behind those that it calls.
  private(set) var functions: [CFunction] = []
  /// The text of a call of which it is not known what function it calls, if there is one.
  var unknownCall: String?
  private var made: [Key: (name: String, isUsed: [Bool])] = [:]
  private var copied: Set<String> = []
  /// Names that no new variable or function may have.
  private var functionNames: Set<String>

  var simplifier = CSimplifier()
  /// The variables of the function in the making, by scope.
  private var scopes: [Set<String>] = [[]]
  /// The parameters of the function in the making, and the variables of it that are assigned to.
  var ownParameters: Set<String> = []
  var mutable: Set<String> = []

  private struct Key: Hashable {
    let function: String
    let known: [Int?]
  }

  /// A function whose text is longer than this, in statements, is not put where it is called.
  private static let longestInlined = 24

  init(
    library: [CFunction], reserved: Set<String>, exact: @escaping (String, [CExpression]) -> CFunction?,
    rename: @escaping (String) -> String
  ) {
    self.exact = exact
    self.library = Dictionary(library.map { ($0.name, $0) }) { first, _ in first }
    self.rename = rename
    functionNames = reserved
  }

  // MARK: Functions

  /// Adds a function for values of its parameters: known ones, or names under which they stay parameters.
  ///
  /// - Returns: its name, and for each parameter whether it still is one.
  mutating func add(
    _ function: CFunction, known: [Int?], name: String, keepsParameters: Bool = false
  ) -> (name: String, isUsed: [Bool]) {
    let outer = (simplifier, scopes, ownParameters, mutable)
    ownParameters = []
    mutable = []
    simplifier = CSimplifier()
    scopes = [[]]
    var frame = Frame(isInlined: false)
    var parameters: [CDeclaration] = []
    var names: [String?] = []
    for (parameter, value) in zip(function.parameters, known) {
      if let value {
        frame.declare(parameter.name, parameter.type, .known(value))
        names.append(nil)
      } else {
        let name = declare(parameter.name, parameter.type)
        frame.declare(parameter.name, parameter.type, .alias(.name(name)))
        ownParameters.insert(name)
        var residual = parameter
        residual.name = name
        parameters.append(residual)
        names.append(name)
      }
    }
    var body = run(function.body, &frame)
    if body.last == .exit(nil) { body.removeLast() }
    body = CleanUp.unusedVariables(
      of: CleanUp.withoutCopies(PointerFolding.fold(body, parameters: parameters)))
    body = CleanUp.joiningDeclarations(of: body)
    (simplifier, scopes, ownParameters, mutable) = outer
    let used = CleanUp.names(in: body)
    if keepsParameters {
      let unused = parameters.filter { !used.contains($0.name) }
      body.insert(
        contentsOf: unused.map { .expression(.cast(type: "void", .name($0.name))) }, at: 0)
    }
    let isUsed = names.map { $0.map(used.contains) ?? false }
    functions.append(
      CFunction(
        type: keepsParameters || function.type.hasPrefix("static")
          ? function.type : "static " + function.type,
        name: name, parameters: keepsParameters ? parameters : parameters.filter { used.contains($0.name) },
        comment: function.comment, body: body))
    return (name, isUsed)
  }

  /// A call of a library function that returns nothing: its text, or a call of a function for the known arguments.
  mutating func call(
    _ function: CFunction, _ arguments: [CExpression], _ caller: inout Frame, _ output: inout [CStatement]
  ) {
    // A variable whose address is handed on needs a place only if the callee stays a function.
    let values = arguments.filter { if case .prefix("&", .name) = $0 { false } else { true } }
    materializeSteps(in: values, &caller, &output)
    let function = exact(function.name, arguments.map { evaluate($0, caller) }) ?? function
    let hasDirectives = function.body.contains(where: \.hasDirectives)
    var attempt = self
    var attemptCaller = caller
    if !hasDirectives, let body = attempt.inline(function, arguments, &attemptCaller),
      body.reduce(0, { $0 + $1.size }) <= Self.longestInlined
    {
      self = attempt
      caller = attemptCaller
      output += body
      return
    }
    materializeSteps(in: arguments, &caller, &output)
    let handed = arguments.map { evaluate($0, caller) }
    if hasDirectives { return output.append(.expression(.call(copy(function), handed))) }
    let known = zip(function.parameters, handed).map { parameter, value -> Int? in
      if case .integer(let number) = value, CSimplifier.kind(of: parameter.type) == .integer {
        number
      } else {
        nil
      }
    }
    let key = Key(function: function.name, known: known)
    let target = made[key] ?? add(function, known: known, name: freshFunctionName(function.name))
    made[key] = target
    output.append(
      .expression(.call(target.name, zip(handed, target.isUsed).compactMap { $1 ? $0 : nil })))
  }

  private mutating func freshFunctionName(_ original: String) -> String {
    let base = rename(original)
    var name = base
    var number = 2
    while !functionNames.insert(name).inserted {
      name = "\(base)_\(number)"
      number += 1
    }
    return name
  }

  /// The text of a call; nil if the function ends early in a way that text in another function cannot.
  private mutating func inline(
    _ function: CFunction, _ arguments: [CExpression], _ caller: inout Frame
  ) -> [CStatement]? {
    var frame = Frame(isInlined: true)
    var references: [(inner: String, outer: String)] = []
    var result: [CStatement] = []
    for (parameter, argument) in zip(function.parameters, arguments) {
      if case .prefix("&", .name(let outer)) = argument, let variable = caller[outer] {
        if case .variable = variable.value { return nil }
        frame.declare("*" + parameter.name, variable.type, variable.value)
        references.append(("*" + parameter.name, outer))
        continue
      }
      let value = evaluate(argument, caller)
      if case .integer(let number) = value, CSimplifier.kind(of: parameter.type) == .integer {
        frame.declare(parameter.name, parameter.type, .known(number))
      } else if simplifier.linear(value) != nil, simplifier.hasType(value, parameter.type) {
        frame.declare(parameter.name, parameter.type, .alias(value))
      } else {
        let name = declare(parameter.name, parameter.type)
        let type = parameter.type.replacing("restrict", with: "const")
        result.append(.declaration(CDeclaration(type: type, name: name, initial: value)))
        frame.declare(parameter.name, parameter.type, .alias(.name(name)))
      }
    }
    result += run(function.body, &frame)
    for (inner, outer) in references {
      if let value = frame[inner]?.value { caller.set(outer, value) }
    }
    return result
  }

  /// Adds a library function that returns a value as it is, with those that it calls; gives its name.
  mutating func copy(_ function: CFunction) -> String {
    let name = rename(function.name)
    guard copied.insert(name).inserted else { return name }
    functionNames.insert(name)
    var result = function
    result.name = name
    result.body = function.body.map { statement in
      CleanUp.mapExpressions(statement) { value in
        if case .call(let callee, let items) = value, let inner = library[callee] {
          return .call(copy(inner), items)
        }
        return value
      }
    }
    functions.append(result)
    return name
  }

  // MARK: Names

  /// A new variable of the function in the making.
  mutating func declare(_ wanted: String, _ type: String) -> String {
    var name = wanted
    var number = 2
    while functionNames.contains(name) || scopes.contains(where: { $0.contains(name) }) {
      name = "\(wanted)\(wanted.last?.isNumber == true ? "_" : "")\(number)"
      number += 1
    }
    scopes[scopes.count - 1].insert(name)
    simplifier.note(CDeclaration(type: type, name: name))
    simplifier.ranges[name] = nil
    return name
  }

  mutating func openScope() { scopes.append([]) }
  mutating func closeScope() { scopes.removeLast() }
}
