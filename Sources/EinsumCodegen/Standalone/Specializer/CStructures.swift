/// Turns structs of numbers that helpers hand on into a variable for each member.
///
/// The kernels for many small products hand their strides from function to function in a struct. Where all of these are
/// known, the struct should go as well: `s->k` becomes `s_k`, a parameter `const struct es_columns *s` one for each
/// member, and an argument `&s` all of them.
struct CStructures {
  private let members: [String: [String]]
  /// The structs of the function in hand, by variable.
  private var variables: [String: [String]] = [:]

  static func flattened(_ source: CSource) -> [CFunction] {
    source.functions.map { function in
      var structures = CStructures(members: source.structures)
      return structures.flatten(function)
    }
  }

  private init(members: [String: [String]]) { self.members = members }

  /// The members of the struct that a type names, with or without a star.
  private func members(of type: String) -> [String]? {
    let words = type.split(separator: " ")
    guard let place = words.firstIndex(of: "struct"), place + 1 < words.count else { return nil }
    return members[String(words[place + 1])]
  }

  private mutating func flatten(_ function: CFunction) -> CFunction {
    var result = function
    result.parameters = []
    for parameter in function.parameters {
      if let members = members(of: parameter.type) {
        variables[parameter.name] = members
        result.parameters += members.map { CDeclaration(type: "long", name: "\(parameter.name)_\($0)") }
      } else {
        result.parameters.append(parameter)
      }
    }
    result.body = flatten(function.body)
    return result
  }

  private mutating func flatten(_ statements: [CStatement]) -> [CStatement] {
    statements.flatMap { flatten($0) }
  }

  private mutating func flatten(_ statement: CStatement) -> [CStatement] {
    switch statement {
    case .declaration(let variable):
      guard let members = members(of: variable.type) else {
        return [CleanUp.mapExpressions(statement, replaced)]
      }
      variables[variable.name] = members
      return members.enumerated().map { number, member in
        let initial: CExpression? =
          switch variable.initial {
          case .braces(let items): number < items.count ? items[number] : .integer(0)
          case .name(let other): .name("\(other)_\(member)")
          case let value: value
          }
        return .declaration(
          CDeclaration(type: "long", name: "\(variable.name)_\(member)", initial: initial))
      }
    case .block(let inner): return [.block(flatten(inner))]
    case .branch(let condition, let then, let otherwise):
      return [.branch(mapped(condition), then: flatten(then), else: flatten(otherwise))]
    case .loop(var loop):
      loop.condition = mapped(loop.condition)
      loop.steps = loop.steps.map(mapped)
      loop.body = flatten(loop.body)
      return [.loop(loop)]
    case .expression, .exit, .comment, .directive: return [CleanUp.mapExpressions(statement, replaced)]
    }
  }

  private func mapped(_ value: CExpression) -> CExpression { replaced(value.mapParts(mapped)) }

  /// An expression whose parts have no structs any more.
  private func replaced(_ value: CExpression) -> CExpression {
    switch value {
    case .member(.name(let name), let member), .member(.prefix("*", .name(let name)), let member):
      variables[name] == nil ? value : .name("\(name)_\(member)")
    case .call(let name, let items): .call(name, items.flatMap(expanded))
    case .invoke(let callee, let items): .invoke(callee, items.flatMap(expanded))
    default: value
    }
  }

  /// An argument, or those for each member of a struct.
  private func expanded(_ argument: CExpression) -> [CExpression] {
    switch argument {
    case .name(let name), .prefix("&", .name(let name)):
      variables[name]?.map { .name("\(name)_\($0)") } ?? [argument]
    default: [argument]
    }
  }
}
