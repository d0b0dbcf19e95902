import EinsumFiles
import EinsumIR
import EinsumSyntax
import EinsumTestSupport
import Testing

/// Damaged files are refused, or are consistent.
@Suite struct FuzzTests {
  private func golden(version: UInt8) -> [UInt8] {
    npy(
      "{'descr': '<i2', 'fortran_order': False, 'shape': (2, 3), }\n", version: version, data: Array(0..<12))
  }

  @Test(arguments: 1...3 as ClosedRange<UInt8>) func everyTruncationIsRefused(version: UInt8) throws {
    let bytes = golden(version: version)
    let folder = try TemporaryFolder()
    for count in 0..<bytes.count {
      let path = try folder.write(Array(bytes.prefix(count)))
      expectRefusal(path: path, "the ", code: "invalid-file")
    }
    expectRefusal(path: try folder.write(bytes + [0]), "but the file has 13", code: "invalid-file")
    #expect(try read(folder.write(bytes)).bytes == Array(0..<12))
  }

  @Test(arguments: 1...6) func changedHeaders(seed: Int) throws {
    let folder = try TemporaryFolder()
    var generator = SplitMix64(seed: seed)
    let syntax = Array("{}()[]'\",: \n0123456789-LTrueFalse<>|=ifucbVO\\\0".utf8)
    var accepted = 0
    for _ in 0..<500 {
      var bytes = golden(version: UInt8.random(in: 1...3, using: &generator))
      let header = bytes.count - 12
      for _ in 0..<Int.random(in: 0...3, using: &generator) {
        let place = Int.random(in: 0..<header, using: &generator)
        let byte = syntax.randomElement(using: &generator) ?? 0
        switch Int.random(in: 0..<4, using: &generator) {
        case 0: bytes[place] = byte
        case 1: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 2: bytes.insert(byte, at: place)
        default: bytes.remove(at: place)
        }
      }
      let path = try folder.write(bytes)
      do {
        let contents = try read(path)
        accepted += 1
        let size = contents.layout.elementCount.map { $0 * contents.elementType.size }
        #expect(size == contents.bytes.count, "seed \(seed): \(bytes)")
        #expect(bytes.suffix(contents.bytes.count).count == contents.bytes.count, "seed \(seed): \(bytes)")
        _ = text(contents.bytes, contents.elementType, contents.layout)
      } catch {
        #expect(error.code == "invalid-file" && !error.message.contains("\n"), "seed \(seed): \(error)")
      }
    }
    #expect(100..<250 ~= accepted, "seed \(seed): \(accepted) were accepted")
  }

  @Test(arguments: 1...4) func anyBitsPrint(seed: Int) {
    var generator = SplitMix64(seed: seed)
    for elementType in ElementType.allCases {
      for _ in 0..<10 {
        let shape = (0..<Int.random(in: 0...3, using: &generator)).map { _ in
          Int.random(in: 0...5, using: &generator)
        }
        let layout = Layout(shape: shape)
        let bytes = (0..<(layout.elementCount ?? 0) * elementType.size).map { _ in
          UInt8.random(in: 0...255, using: &generator)
        }
        let printed = text(bytes, elementType, layout)
        let lines = printed.split(separator: "\n").map(\.count)
        #expect(!printed.isEmpty && lines.allSatisfy { $0 <= 75 }, "seed \(seed):\n\(printed)")
      }
    }
  }
}
