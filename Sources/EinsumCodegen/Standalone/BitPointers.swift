import EinsumIR

/// Lets kernels that copy elements as unsigned integers of their size read and write tensors of other types.
///
/// In a library no compiler sees both sides. In one file it may take for granted that memory which is written as `unsigned`
/// is not what is read as `float`, and leave out or reorder such accesses. So pointers to these integers become pointers to
/// types that may alias, as the vector types do.
struct BitPointers {
  /// A type that may alias.
  private struct Bits {
    let integer: ElementType
    var type: String { CType.name(of: integer) }
    var name: String { "es_bits\(8 * integer.size)" }

    /// Complex numbers are only aligned as their parts are.
    var definition: String {
      let attributes = integer == .uint64 ? "aligned(4), may_alias" : "may_alias"
      return "typedef \(type) \(name) __attribute__((\(attributes)));"
    }
  }

  private let replaced: [Bits]

  /// - Parameter elementTypes: those of all tensors.
  init(for elementTypes: [ElementType]) {
    replaced = [ElementType.uint32, .uint64].filter { integer in
      elementTypes.contains {
        $0.size == integer.size && ($0.numberClass == .real || $0.numberClass == .complex)
      }
    }.map(Bits.init)
  }

  /// The definitions of the types that may be used.
  var definitions: [String] { replaced.map(\.definition) }

  /// A function with all its pointers replaced, but for its parameters if others declare it.
  func replacing(in function: CFunction, keepsParameters: Bool) -> CFunction {
    var result = function
    if !keepsParameters { result.parameters = function.parameters.map(replacing) }
    result.body = function.body.map { statement in
      CleanUp.mapExpressions(statement, declaring: replacing) { value in
        if case .cast(let type, let operand) = value { .cast(type: replacing(type), operand) } else { value }
      }
    }
    return result
  }

  private func replacing(_ variable: CDeclaration) -> CDeclaration {
    var result = variable
    result.type = replacing(variable.type)
    return result
  }

  private func replacing(_ type: String) -> String {
    guard type.contains("*") else { return type }
    return replaced.reduce(type) { $0.replacing($1.type, with: $1.name) }
  }
}
