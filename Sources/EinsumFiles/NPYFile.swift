package import EinsumIR
package import EinsumSyntax

/// A `.npy` file that is open for reading: its header is read and checked, its data are not.
///
/// Opening allocates nothing for the data, and succeeds only if the file is exactly as long as its header
/// says. So ``byteCount`` can be trusted, and the caller chooses where the data go:
///
///     let file = try NPYFile.open("x.npy")
///     let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: file.byteCount, alignment: 64)
///     try file.read(into: memory)          // elements of file.elementType, at file.layout
package struct NPYFile: ~Copyable, Sendable {
  package let path: String
  package let elementType: ElementType

  /// Where the elements lie in the data: contiguous, in C or in Fortran order, without an offset.
  package let layout: Layout

  /// The size of the data in bytes.
  package let byteCount: Int

  private let dataOffset: Int
  private let file: FileDescriptor

  /// Opens a file and checks its header.
  ///
  /// Versions 1.0, 2.0 and 3.0 are read; of the element types only our own, little-endian. Only regular files
  /// are, so that this never waits and the length is known.
  package static func open(_ path: String) throws(EinsumError) -> NPYFile {
    do throws(FileProblem) {
      let file = try FileDescriptor.forReading(path)
      let status = try file.status()
      if status.kind != .regular { throw FileProblem.access("it is \(status.kind.name), not a regular file") }
      let (header, dataOffset) = try readHeader(of: file, size: status.size)
      let (size, overflow) = dataOffset.addingReportingOverflow(header.byteCount)
      if overflow || size != status.size {
        throw FileProblem.content(
          "the header promises \(header.byteCount) bytes of data (\(header.elementType.rawValue), shape "
            + "\(NPYHeader.tuple(header.shape))), but the file has \(status.size - dataOffset)")
      }
      return NPYFile(
        path: path, elementType: header.elementType, layout: header.layout, byteCount: header.byteCount,
        dataOffset: dataOffset, file: file)
    } catch {
      throw error.reading(path)
    }
  }

  /// Reads all data into memory of exactly ``byteCount`` bytes.
  ///
  /// Bytes of a `bool` other than 0 and 1 become 1. Fails if the system does, or if the file has become
  /// shorter since it was opened; the memory then holds part of the data.
  package borrowing func read(into memory: UnsafeMutableRawBufferPointer) throws(EinsumError) {
    precondition(memory.count == byteCount, "the memory must have the size of the data")
    do throws(FileProblem) {
      try file.read(into: memory, at: dataOffset)
    } catch {
      throw error.reading(path)
    }
    if elementType == .bool {
      for index in memory.indices where memory[index] > 1 { memory[index] = 1 }
    }
  }

  /// Reads the header of a file of this size; returns where the data begin, too.
  private static func readHeader(
    of file: borrowing FileDescriptor, size: Int
  ) throws(FileProblem) -> (header: NPYHeader, dataOffset: Int) {
    if size == 0 { throw FileProblem.content("the file is empty") }
    let start = try bytes(of: file, at: 0, count: min(size, 12))
    if start.starts(with: "PK".utf8) {
      throw FileProblem.content("it is a zip archive (.npz); only .npy files are read")
    }
    if !start.starts(with: NPYHeader.magic.prefix(size)) {
      throw FileProblem.content("it is not a .npy file")
    }
    if start.count < 10 { throw FileProblem.content("the file ends inside its header") }

    // The length has two bytes in version 1.0 and four in the others.
    let length: Int
    let prefixSize: Int
    switch (start[6], start[7]) {
    case (1, 0):
      (length, prefixSize) = (Int(start[8]) | Int(start[9]) << 8, 10)
    case (2, 0), (3, 0):
      if start.count < 12 { throw FileProblem.content("the file ends inside its header") }
      length = Int(start[8]) | Int(start[9]) << 8 | Int(start[10]) << 16 | Int(start[11]) << 24
      prefixSize = 12
    default:
      throw FileProblem.content("the format version is \(start[6]).\(start[7]); 1.0, 2.0 and 3.0 are read")
    }
    if length > NPYHeader.mostDictionaryBytes {
      throw FileProblem.content(
        "the header has \(length) bytes, and at most \(NPYHeader.mostDictionaryBytes) are read")
    }
    if length > size - prefixSize { throw FileProblem.content("the file ends inside its header") }
    let header = try NPYHeader(parsing: bytes(of: file, at: prefixSize, count: length))
    return (header, prefixSize + length)
  }

  private static func bytes(
    of file: borrowing FileDescriptor, at offset: Int, count: Int
  ) throws(FileProblem) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var problem: FileProblem?
    bytes.withUnsafeMutableBytes { buffer in
      do throws(FileProblem) {
        try file.read(into: buffer, at: offset)
      } catch {
        problem = error
      }
    }
    if let problem { throw problem }
    return bytes
  }
}
