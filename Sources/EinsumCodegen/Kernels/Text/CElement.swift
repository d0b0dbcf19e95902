import EinsumIR

/// How the elements of one type are spelled and computed in the vector dialect, for one instruction set.
///
/// Emitters work on *components*: a complex number is two of them, real and imaginary part, side by side in memory.
/// A `lanes` of 1 stands for a scalar, more for a GNU vector of that many components.
struct CElement {
  let type: ElementType
  let isa: ISA

  /// The C type of an element.
  var name: String { CType.name(of: type) }
  /// The C type of a component.
  var component: String { CType.name(of: type.componentType) }
  var isComplex: Bool { type.numberClass == .complex }
  var componentCount: Int { type.componentCount }
  /// Components in a vector register.
  var lanes: Int { isa.vectorBytes / type.componentType.size }

  /// `code_isa`, the end of a helper's name.
  var suffix: String { "\(type.code)_\(isa.rawValue)" }

  /// The vector widths that loops over rows use, widest first, down to one element.
  ///
  /// Vectors below 8 bytes are no registers, so after 8 bytes come single elements.
  var strips: [Int] {
    let size = type.componentType.size
    var widths = Array(sequence(first: lanes) { $0 / 2 }.prefix { $0 > 1 && $0 * size >= 8 })
    if !isComplex { widths.append(1) }
    return widths
  }

  /// The lanes of one element: 1, or 2 if complex.
  var elementLanes: Int { componentCount }

  /// The name of a vector of components, defined in the unit: `f32x8`. For one lane, the component's type.
  ///
  /// The type is aligned as its component is and may alias, so that any operand can be read through it.
  func vector(_ lanes: Int, in unit: inout CUnit) -> String {
    guard lanes > 1 else { return component }
    let part = type.componentType
    let code = part == .bool ? ElementType.uint8.code : part.code
    let bytes = lanes * part.size
    unit.define(
      type: "typedef \(component) \(code)x\(lanes) "
        + "__attribute__((vector_size(\(bytes)), aligned(\(part.size)), may_alias));")
    return "\(code)x\(lanes)"
  }

  /// `lanes` components at an address, as a value or a place.
  func at(_ pointer: String, _ offset: String = "0", lanes: Int, const: Bool = true, in unit: inout CUnit)
    -> String
  {
    guard lanes > 1 else { return "\(pointer)[\(offset)]" }
    let address = offset == "0" ? pointer : "(\(pointer) + \(offset))"
    return "*(\(const ? "const " : "")\(vector(lanes, in: &unit)) *)\(address)"
  }

  /// `sum += x` in the type's addition.
  func add(_ sum: String, _ x: String) -> String {
    type == .bool ? "\(sum) |= \(x);" : "\(sum) += \(x);"
  }

  /// `x + y` in the type's addition.
  func sum(_ x: String, _ y: String) -> String {
    type == .bool ? "\(x) | \(y)" : "\(x) + \(y)"
  }

  /// `x * y` of real components; `lanes` tells scalars, which C promotes, from vectors, which it does not.
  ///
  /// uint16 scalars would be promoted to int, whose overflow is undefined.
  func product(_ x: String, _ y: String, lanes: Int) -> String {
    if type == .bool { return "\(x) & \(y)" }
    return type == .uint16 && lanes == 1 ? "1u * \(x) * \(y)" : "\(x) * \(y)"
  }

  /// `sum += x * y` of real components, fused in the same way by every compiler.
  ///
  /// One expression does that for vectors. A scalar sum in a loop is not safe: gcc multiplies in vectors and then adds
  /// in order, unfused. So scalars say what they mean, where the machine has the instruction.
  func addProduct(_ sum: String, _ x: String, _ y: String, lanes: Int) -> String {
    if lanes == 1 && isa != .baseline {
      if type == .float32 { return "\(sum) = __builtin_fmaf(\(x), \(y), \(sum));" }
      if type == .float64 { return "\(sum) = __builtin_fma(\(x), \(y), \(sum));" }
    }
    return add(sum, product(x, y, lanes: lanes))
  }
}
