import EinsumFiles
import EinsumIR
import EinsumSyntax
import Foundation
import Testing

/// What is read, and how what cannot be read is refused.
@Suite struct ReadingTests {
  @Test func otherBooleansAreOne() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      npy("{'descr': '|b1', 'fortran_order': False, 'shape': (4,)}", data: [0, 1, 2, 255]))
    #expect(try read(path).bytes == [0, 1, 1, 1])
  }

  @Test func fortranOrderIsALayout() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      npy("{'descr': '|i1', 'fortran_order': True, 'shape': (2, 3)}", data: [1, 2, 3, 4, 5, 6]))
    #expect(try read(path).layout == Layout(shape: [2, 3], strides: [1, 2]))
  }

  @Test func thingsThatAreNotFiles() throws {
    let folder = try TemporaryFolder()
    expectRefusal(path: folder.file("missing.npy"), "no such file or folder", code: "cannot-read")
    expectRefusal(path: "", "no such file or folder", code: "cannot-read")
    expectRefusal(path: folder.path, "a folder, not a regular file", code: "cannot-read")
    expectRefusal(path: "/dev/zero", "a device, not a regular file", code: "cannot-read")
    expectRefusal(path: try folder.write([1]) + "/x", "not a folder", code: "cannot-read")
    expectRefusal(path: folder.file("x.npy\0.txt"), "NUL", code: "cannot-read")
    expectRefusal(path: String(repeating: "x", count: 5000), "name too long", code: "cannot-read")
  }

  /// Opening must not wait for a writer that never comes.
  @Test func pipesAreRefusedAtOnce() throws {
    let folder = try TemporaryFolder()
    #expect(mkfifo(folder.file("pipe"), 0o600) == 0)
    expectRefusal(path: folder.file("pipe"), "a pipe, not a regular file", code: "cannot-read")
  }

  @Test(.enabled(if: geteuid() != 0, "root may read everything")) func unreadableFiles() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write([1])
    chmod(path, 0)
    expectRefusal(path: path, "permission denied", code: "cannot-read")
  }

  @Test func linksAreFollowed() throws {
    let folder = try TemporaryFolder()
    try write([1, 2], .uint8, [2], to: folder.file("x.npy"))
    symlink("x.npy", folder.file("link"))
    #expect(try read(folder.file("link")).bytes == [1, 2])
    symlink("loop", folder.file("loop"))
    expectRefusal(path: folder.file("loop"), "symbolic links", code: "cannot-read")
  }

  /// A file of a tebibyte, all of it a hole: opening it must not need memory for its data.
  @Test func openingAllocatesNothingForTheData() throws {
    let folder = try TemporaryFolder()
    let count = 1 << 40
    let header = npy("{'descr': '|u1', 'fortran_order': False, 'shape': (\(count),)}")
    let path = try folder.write(header)
    try #require(truncate(path, off_t(header.count + count)) == 0)
    let file = try NPYFile.open(path)
    #expect(file.byteCount == count)
  }

  @Test func filesThatShrink() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("x.npy")
    try write([UInt8](repeating: 7, count: 1000), .uint8, [1000], to: path)
    let file = try NPYFile.open(path)
    try #require(truncate(path, 900) == 0)
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: file.byteCount, alignment: 64)
    defer { memory.deallocate() }
    do {
      try file.read(into: memory)
      Issue.record("a file that shrank was read")
    } catch {
      #expect(error.code == "invalid-file")
      #expect(error.message.hasSuffix("became shorter while it was read; 228 bytes are missing"), "\(error)")
    }
  }

  /// Reading again gives the same, and descriptors are given back.
  @Test func filesAreClosed() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("x.npy")
    try write([1, 2, 3], .uint8, [3], to: path)
    for _ in 0..<3000 { #expect(try read(path).bytes == [1, 2, 3]) }
    for _ in 0..<3000 { expectRefusal(path: folder.path, "a folder", code: "cannot-read") }
  }
}
