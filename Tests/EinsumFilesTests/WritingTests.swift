import EinsumFiles
import EinsumIR
import EinsumSyntax
import Foundation
import Testing

/// What is written is numpy's file, all of it or nothing.
@Suite struct WritingTests {
  /// The headers that `numpy.save` writes.
  @Test(arguments: [
    (ElementType.float32, [2, 3], false, "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", 118),
    (.bool, [], false, "{'descr': '|b1', 'fortran_order': False, 'shape': (), }", 118),
    (.bfloat16, [3], false, "{'descr': '<V2', 'fortran_order': False, 'shape': (3,), }", 118),
    (.complex128, [0, 5], true, "{'descr': '<c16', 'fortran_order': True, 'shape': (0, 5), }", 118),
    (
      // Just too long for one block less: 64 blanks of padding.
      .float32, [Int](repeating: 1, count: 36), false,
      "{'descr': '<f4', 'fortran_order': False, 'shape': ("
        + repeatElement("1", count: 36).joined(separator: ", ") + "), }", 246
    ),
    (
      .uint8, [Int](repeating: 1, count: 64), false,
      "{'descr': '|u1', 'fortran_order': False, 'shape': ("
        + repeatElement("1", count: 64).joined(separator: ", ") + "), }", 310
    ),
  ])
  func headersAreNumpys(
    type: ElementType, shape: [Int], isColumnMajor: Bool, dictionary: String, length: Int
  ) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("x.npy")
    let count = shape.reduce(type.size, *)
    let data = (0..<count).map { UInt8($0 & 1) }
    try write(data, type, shape, columnMajor: isColumnMajor, to: path)
    let padding = String(repeating: " ", count: length - 1 - dictionary.utf8.count) + "\n"
    #expect(try contents(path) == npy(dictionary + padding, data: data))
  }

  @Test(arguments: ElementType.allCases) func roundTrips(elementType: ElementType) throws {
    let folder = try TemporaryFolder()
    for shape in [[], [1], [7], [2, 3], [0], [3, 0, 2], [2, 3, 4, 5]] {
      for isColumnMajor in [false, true] {
        let count = shape.reduce(elementType.size, *)
        let data = (0..<count).map {
          elementType == .bool ? UInt8($0 & 1) : UInt8(truncatingIfNeeded: $0 * 37)
        }
        let path = folder.file("x.npy")
        try write(data, elementType, shape, columnMajor: isColumnMajor, to: path)
        let layout = isColumnMajor ? Layout.columnMajor(shape: shape) : Layout(shape: shape)
        #expect(try read(path) == Contents(elementType: elementType, layout: layout, bytes: data))
      }
    }
    #expect(try folder.names == ["x.npy"])
  }

  @Test func filesAreReplaced() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write([UInt8](repeating: 9, count: 5000))
    chmod(path, 0o640)
    let reader = try #require(FileHandle(forReadingAtPath: path))
    try write([1, 2], .uint8, [2], to: path)
    #expect(try read(path).bytes == [1, 2])
    #expect(try permissions(path) == 0o640)
    #expect(try folder.names == ["x.npy"])
    // Whoever had the old file open still sees all of it.
    #expect(try reader.readToEnd()?.count == 5000)
  }

  @Test func newFilesHaveDefaultPermissions() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("x.npy")
    try write([1], .uint8, [1], to: path)
    let mask = try #require(
      String(contentsOfFile: "/proc/self/status", encoding: .utf8).split(separator: "\n")
        .first { $0.hasPrefix("Umask:") }?.split(separator: "\t").last)
    #expect(try permissions(path) == 0o666 & ~(Int(mask, radix: 8) ?? 0))
  }

  private func permissions(_ path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }

  @Test func linksStayLinks() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write([9], to: "target")
    symlink("target", folder.file("link"))
    try write([1], .uint8, [1], to: folder.file("link"))
    #expect(try read(folder.file("target")).bytes == [1])
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.file("link")) == "target")
  }

  @Test func longNames() throws {
    let folder = try TemporaryFolder()
    let name = String(repeating: "n", count: 255)
    try write([1], .uint8, [1], to: folder.file(name))
    #expect(try folder.names == [name])
  }

  @Test func placesThatCannotBeWritten() throws {
    let folder = try TemporaryFolder()
    expectFailure(folder.path, "it is a folder")
    expectFailure(folder.file("x/"), "it is a folder's name")
    expectFailure(folder.file("no/x.npy"), "no file can be created in its folder: no such file or folder")
    expectFailure(try folder.write([9]) + "/x.npy", "a part of the path is not a folder")
    expectFailure("", "the path is empty")
    expectFailure(folder.file("a\0b"), "NUL")
    expectFailure("/dev/fd/987654", "bad file descriptor")
    #expect(try contents(folder.file("x.npy")) == [9])
    #expect(try folder.names == ["x.npy"])
  }

  @Test(.enabled(if: geteuid() != 0, "root may write everything")) func readOnlyFiles() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write([9])
    chmod(path, 0o444)
    expectFailure(path, "permission denied")
    #expect(try contents(path) == [9])
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"))) func fullDisk() {
    expectFailure("/dev/full", "no space left on the device")
  }

  /// Memory that the system cannot read makes the write fail half way: the old file stays, and nothing else.
  @Test func failedWritesLeaveTheOldFile() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write([9])
    let pageAtZero = UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: 8), count: 4096)
    do {
      try [UInt8](repeating: 1, count: 100).withUnsafeBytes { start in
        try OutputFile.write([start, pageAtZero], to: path)
      }
      Issue.record("the write was to fail")
    } catch {
      #expect((error as? EinsumError)?.message.hasSuffix("bad address") == true, "\(error)")
    }
    #expect(try contents(path) == [9])
    #expect(try folder.names == ["x.npy"])
  }

  @Test func devicesAreNotReplaced() throws {
    try write([1], .uint8, [1], to: "/dev/null")
    #expect(
      try FileManager.default.attributesOfItem(atPath: "/dev/null")[.type] as? FileAttributeType
        == .typeCharacterSpecial)
  }

  @Test func pipesAndOpenFilesGetTheBytes() throws {
    let pipe = Pipe()
    try write([1, 2, 3], .uint8, [3], to: "/dev/fd/\(pipe.fileHandleForWriting.fileDescriptor)")
    try pipe.fileHandleForWriting.close()
    let bytes = try #require(try pipe.fileHandleForReading.readToEnd())
    #expect(bytes.count == 131 && Array(bytes.suffix(3)) == [1, 2, 3])
  }

  @Test func tooManyAxes() throws {
    let folder = try TemporaryFolder()
    do {
      try write([1], .uint8, [Int](repeating: 1, count: 65), to: folder.file("x.npy"))
      Issue.record("65 axes were written")
    } catch {
      #expect((error as? EinsumError)?.code == "cannot-write", "\(error)")
    }
    #expect(try folder.names.isEmpty)
  }

  private func expectFailure(
    _ path: String, _ text: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    do {
      try write([1], .uint8, [1], to: path)
      Issue.record("\(path) was written", sourceLocation: sourceLocation)
    } catch {
      let isExpected = (error as? EinsumError).map { $0.code == "cannot-write" && $0.message.contains(text) }
      #expect(isExpected == true, "\(error) instead of: \(text)", sourceLocation: sourceLocation)
    }
  }
}
