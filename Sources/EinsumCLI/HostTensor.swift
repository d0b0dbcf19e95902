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
    try file.read(into: bytes)
  }

  /// The element at index zero of every axis.
  var base: UnsafeMutableRawPointer { storage.base }

  /// All elements.
  var bytes: UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(start: storage.base, count: storage.byteCount)
  }

  /// Shape and type in one line, as numpy writes them, and the values in the lines below.
  var text: String {
    let extents = layout.shape.map(String.init).joined(separator: ", ")
    let shape = layout.rank == 1 ? "(\(extents),)" : "(\(extents))"
    let values = ArrayPrinter.text(elementType: elementType, layout: layout, base: storage.base)
    return "shape \(shape), type \(elementType.rawValue)\n\(values)"
  }
}
