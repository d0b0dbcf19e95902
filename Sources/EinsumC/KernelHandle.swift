import CEinsum
import CEinsumRuntime
import Einsum
import EinsumIR
import EinsumSyntax
import Synchronization

/// What a C program's `einsum_kernel *` points to.
final class KernelHandle: Sendable {
  let kernel: Kernel
  let shape: CArray
  let strides: CArray
  private let copiesOnOverlap: Bool
  /// Texts that were asked for.
  private let texts = Mutex<[KernelText: CText]>([:])
  /// For each operand, and last the output, what its address has to be a multiple of, less 1.
  private let addressMasks: [UInt]

  init(_ kernel: Kernel, _ options: einsum_options) {
    self.kernel = kernel
    shape = CArray(kernel.outputLayout.shape)
    strides = CArray(kernel.outputLayout.strides)
    copiesOnOverlap = options.flags & UInt32(EINSUM_COPY_ON_OVERLAP) != 0
    let types = kernel.request.operands.map(\.elementType) + [kernel.outputType]
    addressMasks = types.map { UInt($0.componentType.size) - 1 }
  }

  // MARK: References

  /// The handle that a C program has a reference to.
  static func at(_ pointer: OpaquePointer) -> KernelHandle {
    Unmanaged<KernelHandle>.fromOpaque(UnsafeRawPointer(pointer)).takeUnretainedValue()
  }

  /// A reference for a C program.
  func retained() -> OpaquePointer { OpaquePointer(Unmanaged.passRetained(self).toOpaque()) }

  /// Gives back a reference of a C program.
  static func release(_ pointer: OpaquePointer) {
    Unmanaged<KernelHandle>.fromOpaque(UnsafeRawPointer(pointer)).release()
  }

  /// A text that lives as long as this handle. Made when it is first asked for.
  func text(_ text: KernelText) -> UnsafePointer<CChar>? {
    es_work_begin()
    defer { es_work_end() }
    if let known = texts.withLock({ $0[text] }) { return known.pointer }
    let made = CText(text.made(for: kernel))
    return texts.withLock { texts in
      // Another thread may have been faster, and its text may be in use already.
      let kept = texts[text] ?? made
      texts[text] = kept
      return kept.pointer
    }
  }
}

// MARK: - Running

extension KernelHandle {
  func run(
    _ operands: UnsafePointer<UnsafeRawPointer?>?, _ output: UnsafeMutableRawPointer?,
    _ workspace: UnsafeMutableRawPointer?
  ) throws(EinsumError) {
    guard let operands else { throw invalid("operands", "it is NULL") }
    let count = kernel.operandSpans.count
    for number in 0..<count where !kernel.operandSpans[number].isEmpty {
      try check(operands[number], addressMasks[number]) { "operand \(number)" }
    }
    if !kernel.outputSpan.isEmpty { try check(output, addressMasks[count]) { "the output" } }
    if UInt(bitPattern: workspace) & UInt(WorkspaceAlignment.bytes - 1) != 0 {
      throw invalid("workspace", "its address is no multiple of \(WorkspaceAlignment.bytes)")
    }
    // Without elements there is nothing to write, and any address will do.
    guard let output = output ?? UnsafeMutableRawPointer(bitPattern: WorkspaceAlignment.bytes) else { return }
    if copiesOnOverlap && kernel.operand(overlapping: output, operands) != nil {
      return try runThroughTemporary(operands, output, workspace)
    }
    try kernel.run(operands, into: output, workspace: workspace)
  }

  private func check(
    _ address: UnsafeRawPointer?, _ mask: UInt, _ name: () -> String
  ) throws(EinsumError) {
    if address == nil { throw invalid(name(), "its address is NULL") }
    if UInt(bitPattern: address) & mask != 0 {
      throw invalid(name(), "its address is no multiple of \(mask + 1)")
    }
  }

  /// Computes into memory of its own, and then copies the elements, which leaves gaps between them as they are.
  private func runThroughTemporary(
    _ operands: UnsafePointer<UnsafeRawPointer?>, _ output: UnsafeMutableRawPointer,
    _ workspace: UnsafeMutableRawPointer?
  ) throws(EinsumError) {
    let span = kernel.outputSpan
    guard let memory = es_aligned_alloc(span.count, WorkspaceAlignment.bytes) else {
      throw EinsumError(.outOfMemory(bytes: span.count, what: "a temporary output"))
    }
    defer { es_aligned_free(memory) }
    let temporary = memory - span.lowerBound
    try kernel.run(operands, into: temporary, workspace: workspace)
    try copyKernel().run([UnsafeRawPointer(temporary)], into: output)
  }

  /// A kernel that copies from one tensor of the output's layout to another.
  private func copyKernel() throws(EinsumError) -> Kernel {
    es_work_begin()
    defer { es_work_end() }
    return try KernelCache.shared.kernel(
      for: CompileRequest(
        equation: Equation(parsing: "...->..."),
        operands: [OperandType(kernel.outputType, kernel.outputLayout)], outputLayout: kernel.outputLayout,
        threads: kernel.request.threads))
  }
}
