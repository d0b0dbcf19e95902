import Einsum
import EinsumFiles
import EinsumIR
import EinsumSyntax

/// A tensor whose element type is known only at run time, in memory of the library.
struct HostTensor {
  let elementType: ElementType
  /// Contiguous, in C or in Fortran order, without an offset.
  let layout: Layout
  private let storage: TensorStorage

  /// Uninitialised elements for a contiguous layout.
  ///
  /// - Throws: `EinsumError` [out-of-memory] naming `what`.
  init(_ elementType: ElementType, _ layout: Layout, for what: String) throws(EinsumError) {
    self.elementType = elementType
    self.layout = layout
    let (size, overflow) = (layout.elementCount ?? .max).multipliedReportingOverflow(by: elementType.size)
    storage = try TensorStorage(byteCount: overflow ? .max : size, for: what)
  }

  /// The tensor in a `.npy` file, read straight into its place.
  ///
  /// - Throws: `EinsumError` [cannot-read], [invalid-file] or [out-of-memory].
  init(reading path: String) throws(EinsumError) {
    let file = try NPYFile.open(path)
    try self.init(file.elementType, file.layout, for: path)
    defer { withExtendedLifetime(storage) {} }
    try file.read(into: UnsafeMutableRawBufferPointer(start: storage.base, count: storage.byteCount))
  }

  /// Calls `body` with all elements, of which the first is the one at index zero of every axis.
  ///
  /// Memory is only ever reached through this: the optimiser may give it back as soon as no tensor is used any more,
  /// whatever pointers there are.
  func withBytes<Result>(_ body: (UnsafeMutableRawBufferPointer) -> Result) -> Result {
    withExtendedLifetime(storage) {
      body(UnsafeMutableRawBufferPointer(start: storage.base, count: storage.byteCount))
    }
  }

  /// Replaces the file at `path` by one that holds this tensor.
  ///
  /// - Throws: `EinsumError` [cannot-write].
  func write(to path: String) throws(EinsumError) {
    defer { withExtendedLifetime(storage) {} }
    try NPYFile.write(
      UnsafeRawBufferPointer(start: storage.base, count: storage.byteCount), elementType: elementType,
      shape: layout.shape, to: path)
  }

  /// Shape and type in one line, as numpy writes them, and the values in the lines below.
  var text: String {
    let extents = layout.shape.map(String.init).joined(separator: ", ")
    let shape = layout.rank == 1 ? "(\(extents),)" : "(\(extents))"
    let values = withExtendedLifetime(storage) {
      ArrayPrinter.text(elementType: elementType, layout: layout, base: storage.base)
    }
    return "shape \(shape), type \(elementType.rawValue)\n\(values)"
  }
}

extension HostTensor {
  /// The address of the element at index zero of every axis, which does not keep the memory.
  fileprivate var address: UnsafeMutableRawPointer { storage.base }

  /// The value of some type that has a place in memory.
  ///
  /// - Parameter place: counts values of that type.
  func load<Value: BitwiseCopyable>(_ place: Int, as type: Value.Type) -> Value {
    withExtendedLifetime(storage) {
      storage.base.load(fromByteOffset: place * MemoryLayout<Value>.size, as: type)
    }
  }
}

extension Kernel {
  /// Computes on tensors of the types and layouts that this kernel is for.
  ///
  /// - Throws: `EinsumError` [out-of-memory] for the workspace.
  func run(_ operands: [HostTensor], into output: HostTensor) throws(EinsumError) {
    try withCall(operands, output) { call throws(EinsumError) in try call() }
  }

  /// Calls `body` with a function that computes on the given tensors each time that it is called.
  ///
  /// The addresses are looked up once, so that who measures calls does not measure that.
  func withCall<Result>(
    _ operands: [HostTensor], _ output: HostTensor,
    _ body: (_ call: () throws(EinsumError) -> Void) throws(EinsumError) -> Result
  ) throws(EinsumError) -> Result {
    defer { withExtendedLifetime((operands, output)) {} }
    let addresses = operands.map { UnsafeRawPointer($0.address) }
    let target = output.address
    return try body { () throws(EinsumError) in try run(addresses, into: target) }
  }
}
