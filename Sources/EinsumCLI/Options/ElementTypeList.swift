import EinsumIR
import EinsumSyntax

/// Reads element types by numpy's names or by their codes: `float32`, `f32`.
enum ElementTypeList {
  /// One type.
  ///
  /// - Throws: `EinsumError` [unknown-element-type].
  static func type(_ name: String) throws(EinsumError) -> ElementType {
    guard let type = ElementType(named: name) else {
      throw EinsumError(
        .unknownElementType(name: name),
        notes: [.init("known are " + ElementType.allCases.map(\.code).joined(separator: ", "))])
    }
    return type
  }

  /// The type of each operand: one for all, or a list with one for each.
  ///
  /// - Throws: `EinsumError` [unknown-element-type], or [invalid-argument] for a list of another length.
  static func types(_ list: String, count: Int) throws(EinsumError) -> [ElementType] {
    var types: [ElementType] = []
    for name in list.split(separator: ",", omittingEmptySubsequences: false) {
      types.append(try type(String(trimmed(name))))
    }
    if types.count == 1 { return Array(repeating: types[0], count: count) }
    if types.count != count {
      throw EinsumError(
        .invalidArgument(what: "--dtype", why: "\(types.count) types are given, and \(count) operands"))
    }
    return types
  }
}
