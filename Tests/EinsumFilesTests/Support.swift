import EinsumFiles
import EinsumIR
import EinsumSyntax
import Foundation
import Testing

/// A folder of its own for a test, removed with all it holds when the test ends.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "einsumc-files-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a file in the folder.
  func file(_ name: String) -> String { path + "/" + name }

  /// Writes a file as it is; returns its path.
  func write(_ bytes: [UInt8], to name: String = "x.npy") throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }

  /// The names of all files, hidden ones too.
  var names: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() } }
}

/// The bytes of a file.
func contents(_ path: String) throws -> [UInt8] { try [UInt8](Data(contentsOf: URL(fileURLWithPath: path))) }

/// What a `.npy` file holds.
struct Contents: Equatable {
  var elementType: ElementType
  var layout: Layout
  var bytes: [UInt8]
}

/// Opens and reads a file.
func read(_ path: String) throws(EinsumError) -> Contents {
  let file = try NPYFile.open(path)
  let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: file.byteCount, alignment: 64)
  defer { memory.deallocate() }
  try file.read(into: memory)
  return Contents(elementType: file.elementType, layout: file.layout, bytes: Array(memory))
}

/// Writes a file.
func write(
  _ bytes: [UInt8], _ elementType: ElementType, _ shape: [Int], columnMajor: Bool = false, to path: String
) throws {
  try bytes.withUnsafeBytes { buffer in
    try NPYFile.write(
      buffer, elementType: elementType, shape: shape, isColumnMajor: columnMajor, to: path)
  }
}

/// A file with the given dictionary, in any version, whether or not it makes sense.
func npy(_ dictionary: String, version: UInt8 = 1, data: [UInt8] = []) -> [UInt8] {
  npy(Array(dictionary.utf8), version: version, data: data)
}

func npy(_ dictionary: [UInt8], version: UInt8 = 1, data: [UInt8] = []) -> [UInt8] {
  let length = (0..<(version == 1 ? 2 : 4)).map { UInt8(dictionary.count >> (8 * $0) & 0xFF) }
  return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + dictionary + data
}

/// Expects a file with these bytes to be refused, with a message that contains this text.
func expectRefusal(
  _ bytes: [UInt8], _ text: String, code: String = "invalid-file",
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let folder = try TemporaryFolder()
  try expectRefusal(path: folder.write(bytes), text, code: code, sourceLocation: sourceLocation)
}

/// Expects opening a file to be refused, with a message of one line that contains this text.
func expectRefusal(
  path: String, _ text: String, code: String, sourceLocation: SourceLocation = #_sourceLocation
) {
  do {
    _ = try NPYFile.open(path)
    Issue.record("accepted instead of: \(text)", sourceLocation: sourceLocation)
  } catch {
    let isExpected = error.code == code && error.message.contains(text) && !error.message.contains("\n")
    #expect(isExpected, "\(error) instead of: \(text)", sourceLocation: sourceLocation)
  }
}
