extension CElement {
  /// What a count of elements is multiplied by to count components: nothing, or `2 * `.
  var scale: String { isComplex ? "2 * " : "" }

  /// A pointer to elements as one to components.
  func components(_ pointer: String, const: Bool) -> String {
    guard isComplex else { return pointer }
    return "(\(const ? "const " : "")\(component) *)" + (pointer.contains(" ") ? "(\(pointer))" : pointer)
  }
}
