import EinsumFiles
import EinsumIR
import EinsumTestSupport
import Testing

/// The text of tensors is numpy's.
@Suite struct PrintingTests {
  @Test(arguments: printingCases.indices) func arraysPrintAsInNumpy(index: Int) {
    check(printingCases[index])
  }

  @Test(arguments: scalarPrintingCases.indices) func scalarsPrintAsInNumpy(index: Int) {
    check(scalarPrintingCases[index])
  }

  private func check(_ recorded: PrintingCase) {
    let shape = recorded.shape
    let layout = recorded.isColumnMajor ? Layout.columnMajor(shape: shape) : Layout(shape: shape)
    let bytes = recorded.values.flatMap { encode($0, as: recorded.elementType) }
    let printed = text(bytes, recorded.elementType, layout)
    #expect(printed == recorded.text, "\(recorded.elementType) \(shape) \(recorded.values)")
  }

  @Test func stridesMayBeAnything() {
    let bytes = encode(["1", "2", "3", "4", "5", "6"], as: .int16)
    let reversed = Layout(shape: [2, 3], strides: [-3, -1], offset: 5)
    #expect(text(bytes, .int16, reversed) == "[[6 5 4]\n [3 2 1]]")
    let broadcast = Layout(shape: [2, 2], strides: [0, 2], offset: 1)
    #expect(text(bytes, .int16, broadcast) == "[[2 4]\n [2 4]]")
  }

  @Test func elementsNeedNotBeAligned() {
    let bytes = [0xFF] + encode(["1.5", "-2"], as: .float64)
    let printed = bytes.withUnsafeBytes { buffer in
      ArrayPrinter.text(elementType: .float64, layout: Layout(shape: [2]), base: buffer.baseAddress! + 1)
    }
    #expect(printed == "[ 1.5 -2. ]")
  }

  /// Tensors of the library may have more axes than numpy's, and than a thread's stack has room for.
  @Test func thousandsOfAxesPrint() {
    let rank = 10_000
    let layout = Layout(shape: [Int](repeating: 1, count: rank))
    let brackets = (String(repeating: "[", count: rank), String(repeating: "]", count: rank))
    #expect(text([7], .uint8, layout) == brackets.0 + "7" + brackets.1)
  }

  /// Only what is shown is read: the memory of this one ends after the first element.
  @Test func hugeTensorsPrintTheirEdges() {
    let layout = Layout(shape: [1 << 40], strides: [0])
    #expect(text([7], .uint8, layout) == "[7 7 7 ... 7 7 7]")
  }

  /// Digits at their most: each number is printed so that it can be read back.
  @Test(arguments: 1...4) func scalarsAreReadBack(seed: Int) {
    var generator = SplitMix64(seed: seed)
    for _ in 0..<500 {
      let double = Double(bitPattern: generator.next())
      if double.isFinite {
        let printed = text(withUnsafeBytes(of: double) { Array($0) }, .float64, Layout(shape: []))
        #expect(Double(printed) == double, "seed \(seed): \(double)")
      }
      let float = Float(bitPattern: UInt32(truncatingIfNeeded: generator.next()))
      if float.isFinite {
        let printed = text(withUnsafeBytes(of: float) { Array($0) }, .float32, Layout(shape: []))
        #expect(Float(printed) == float, "seed \(seed): \(float)")
      }
    }
  }
}

/// The text of a tensor with these bytes.
func text(_ bytes: [UInt8], _ elementType: ElementType, _ layout: Layout) -> String {
  // One more byte, so that there is a base address even without elements.
  (bytes + [0]).withUnsafeBytes { buffer in
    ArrayPrinter.text(elementType: elementType, layout: layout, base: buffer.baseAddress!)
  }
}

/// The bytes of numbers that are given as text; complex ones as two numbers with a blank between.
func encode(_ values: [String], as elementType: ElementType) -> [UInt8] {
  values.flatMap { encode($0, as: elementType) }
}

private func encode(_ value: String, as elementType: ElementType) -> [UInt8] {
  let parts = value.split(separator: " ").map { Double($0) ?? .nan } + [0]
  func bytes<Value>(_ value: Value) -> [UInt8] { withUnsafeBytes(of: value) { Array($0) } }
  return switch elementType {
  case .bool: [value == "0" ? 0 : 1]
  case .int8, .int16, .int32, .int64: Array(bytes(Int64(value)!).prefix(elementType.size))
  case .uint8, .uint16, .uint32, .uint64: Array(bytes(UInt64(value)!).prefix(elementType.size))
  case .float16: bytes(Float16(parts[0]))
  case .bfloat16: bytes(roundedToBFloat16(Float(parts[0])))
  case .float32: bytes(Float(parts[0]))
  case .float64: bytes(parts[0])
  case .complex64: bytes(Float(parts[0])) + bytes(Float(parts[1]))
  case .complex128: bytes(parts[0]) + bytes(parts[1])
  }
}

/// The upper half of a float's bits, rounded half to even.
private func roundedToBFloat16(_ value: Float) -> UInt16 {
  if value.isNaN { return 0x7FC0 }
  let bits = value.bitPattern
  return UInt16((bits + 0x7FFF + (bits >> 16 & 1)) >> 16)
}
