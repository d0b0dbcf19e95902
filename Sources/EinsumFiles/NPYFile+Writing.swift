package import EinsumIR
package import EinsumSyntax

extension NPYFile {
  /// Writes elements that lie one after the other in C order, or in Fortran order if so said, as a `.npy`
  /// file.
  ///
  /// The file is the one that `numpy.save` writes, byte for byte, and replaces what was there at once or not
  /// at all; see ``OutputFile``. Throws if a shape has more than 64 axes, which numpy could not read, or if
  /// the file cannot be written.
  ///
  /// - Precondition: `bytes` holds exactly as many elements as `shape` has.
  package static func write(
    _ bytes: UnsafeRawBufferPointer, elementType: ElementType, shape: [Int], isColumnMajor: Bool = false,
    to path: String
  ) throws(EinsumError) {
    let header: NPYHeader
    do {
      header = try NPYHeader(elementType: elementType, shape: shape, isColumnMajor: isColumnMajor)
    } catch {
      throw error.writing(path)
    }
    precondition(bytes.count == header.byteCount, "the data must have the size that the shape says")
    let start = header.encoded()
    var failure: EinsumError?
    start.withUnsafeBytes { start in
      do throws(EinsumError) {
        try OutputFile.write([start, bytes], to: path)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }
}
