import CEinsum
import Einsum
import EinsumIR
import EinsumSyntax
import Glibc

/// The arguments of `einsum_compile`, checked as far as it takes to read them.
///
/// It refers to the caller's memory, and does not outlive the call.
struct CompileArguments {
  let equation: UnsafePointer<CChar>
  let operands: UnsafeBufferPointer<einsum_tensor>
  let output: einsum_tensor?
  let options: einsum_options

  init(
    _ equation: UnsafePointer<CChar>?, _ operandCount: Int, _ operands: UnsafePointer<einsum_tensor>?,
    _ output: UnsafePointer<einsum_tensor>?, _ options: UnsafePointer<einsum_options>?
  ) throws(EinsumError) {
    guard let equation else { throw invalid("equation", "it is NULL") }
    // A number that has nothing to do with the equation would have memory read that is not there.
    guard 0...strlen(equation) + 1 ~= operandCount else {
      throw invalid("operand_count", "\(operandCount) is more than the equation can have")
    }
    if operands == nil && operandCount > 0 { throw invalid("operands", "it is NULL") }
    self.equation = equation
    self.operands = UnsafeBufferPointer(start: operands, count: operandCount)
    self.output = output?.pointee
    self.options = try Self.checked(options)
    for (number, operand) in self.operands.enumerated() {
      try Self.check(operand, knownFlags: EINSUM_BYTE_STRIDES | EINSUM_CONJUGATE) { "operand \(number)" }
      if operand.shape == nil && operand.rank > 0 { throw invalid("operand \(number)", "its shape is NULL") }
    }
    if let output = self.output {
      try Self.check(output, knownFlags: EINSUM_BYTE_STRIDES) { "the output" }
      if output.shape == nil && (output.rank > 0 || output.strides != nil) {
        throw invalid("the output", "its shape is NULL, but not its strides and rank")
      }
    }
  }

  private static func check(
    _ tensor: einsum_tensor, knownFlags: Int, _ name: () -> String
  ) throws(EinsumError) {
    if tensor.rank < 0 { throw invalid(name(), "its rank is \(tensor.rank)") }
    if tensor.flags & ~UInt32(knownFlags) != 0 {
      throw invalid(name(), "its flags are \(tensor.flags), and only \(knownFlags) may be set")
    }
    if tensor.reserved != 0 { throw invalid(name(), "its reserved field is \(tensor.reserved), not 0") }
  }

  private static func checked(_ options: UnsafePointer<einsum_options>?) throws(EinsumError) -> einsum_options
  {
    let known = MemoryLayout<einsum_options>.size
    guard let options else {
      return einsum_options(
        size: known, threads: 0, tier: einsum_tier(EINSUM_TIER_AUTO), accumulate: einsum_type(EINSUM_DEFAULT),
        flags: 0, memory_limit: 0)
    }
    let size = UnsafeRawPointer(options).load(as: Int.self)
    // Programs of a later header may have fields that this library does not know, if they do not use them.
    guard known...known + largestExtension ~= size else {
      throw invalid("options", "their size is \(size), not that of einsum_options, \(known)")
    }
    if UnsafeRawBufferPointer(start: options, count: size).dropFirst(known).contains(where: { $0 != 0 }) {
      throw invalid(
        "options", "a field behind the first \(known) bytes is set, which this library does not know")
    }
    let values = options.pointee
    if values.threads < 0 { throw invalid("threads", "\(values.threads) is not a number of threads") }
    if values.flags & ~UInt32(EINSUM_COPY_ON_OVERLAP) != 0 {
      throw invalid(
        "options", "their flags are \(values.flags), and only \(EINSUM_COPY_ON_OVERLAP) may be set")
    }
    switch Int(values.tier) {
    case EINSUM_TIER_AUTO, EINSUM_TIER_TCC: break
    case EINSUM_TIER_CC: throw invalid("tier", "this build has no cc tier; auto and tcc are there")
    default: throw invalid("tier", "there is no tier \(values.tier)")
    }
    return values
  }

  /// More bytes than a later header's options are ever going to add.
  private static let largestExtension = 4096
}

extension CompileArguments {
  /// What the compiler is asked for.
  func request() throws(EinsumError) -> CompileRequest {
    guard let text = String(validatingCString: equation) else { throw invalid("equation", "it is not UTF-8") }
    var types: [OperandType] = []
    for (number, operand) in operands.enumerated() {
      let name = "operand \(number)"
      guard let type = ElementType(operand.type) else {
        throw invalid(name, "there is no type \(operand.type)")
      }
      types.append(
        OperandType(
          type, try layout(of: operand, type, name),
          isConjugated: operand.flags & UInt32(EINSUM_CONJUGATE) != 0))
    }
    return CompileRequest(
      equation: try Equation(parsing: text), operands: types, accumulate: try accumulate(),
      threads: options.threads == 0 ? nil : Int(options.threads))
  }

  private func accumulate() throws(EinsumError) -> ElementType? {
    if options.accumulate == EINSUM_DEFAULT { return nil }
    guard let type = ElementType(options.accumulate) else {
      throw invalid("accumulate", "there is no type \(options.accumulate)")
    }
    return type
  }

  /// The output's layout, if the caller has given one.
  ///
  /// - Parameter type: the result's type.
  func outputLayout(_ type: ElementType) throws(EinsumError) -> Layout? {
    guard let output else { return nil }
    if output.type != EINSUM_DEFAULT {
      guard let given = ElementType(output.type) else {
        throw invalid("the output", "there is no type \(output.type)")
      }
      if given != type { throw EinsumError(.outputType(expected: type.rawValue, given: given.rawValue)) }
    }
    return output.shape == nil ? nil : try layout(of: output, type, "the output")
  }

  private func layout(
    of tensor: einsum_tensor, _ type: ElementType, _ name: String
  ) throws(EinsumError) -> Layout {
    let shape = UnsafeBufferPointer(start: tensor.shape, count: Int(tensor.rank)).map { Int($0) }
    guard let given = tensor.strides else { return Layout(shape: shape) }
    let unit = tensor.flags & UInt32(EINSUM_BYTE_STRIDES) != 0 ? type.size : 1
    var strides: [Int] = []
    for (axis, extent) in shape.enumerated() {
      let (stride, rest) = Int(given[axis]).quotientAndRemainder(dividingBy: unit)
      if rest != 0 && extent > 1 {
        throw invalid(
          name,
          "its stride of \(given[axis]) bytes along axis \(axis) is no multiple of the element size \(unit)")
      }
      strides.append(stride)
    }
    return Layout(shape: shape, strides: strides)
  }
}
