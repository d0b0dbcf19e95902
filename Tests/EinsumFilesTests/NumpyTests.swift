import EinsumFiles
import EinsumIR
import EinsumTestSupport
import Foundation
import Testing

/// numpy itself reads our files, writes the same ones, and prints the same text.
@Suite(.enabled(if: Numpy.isUsable, "needs python3 with numpy 2.3 or later")) struct NumpyTests {
  /// Prints each array behind a line with its number, and saves it again.
  private static let script = """
    import sys, numpy
    for number in range(int(sys.argv[2])):
        path = f'{sys.argv[1]}/{number}.npy'
        array = numpy.load(path)
        numpy.save(path + '.again.npy', array)
        if array.dtype == numpy.dtype('V2'):
            bits = array.view(numpy.uint16).astype(numpy.uint32) << 16
            array = bits.view(numpy.float32)
        print(f'#{number}')
        print(str(array))
    """

  @Test(arguments: 1...3) func randomArrays(seed: Int) throws {
    let folder = try TemporaryFolder()
    var generator = SplitMix64(seed: seed)
    let arrays = (0..<300).map { number in
      randomArray(ElementType.allCases[number % ElementType.allCases.count], using: &generator)
    }
    for (number, array) in arrays.enumerated() {
      let isColumnMajor = !array.layout.isRowMajor
      try write(
        array.bytes, array.elementType, array.layout.shape, columnMajor: isColumnMajor,
        to: folder.file("\(number).npy"))
    }
    let printed = try Numpy.run(NumpyTests.script, folder.path, String(arrays.count))
    let texts = printed.split(separator: "#")
    try #require(texts.count == arrays.count)
    for (number, array) in arrays.enumerated() {
      let ours = "\(number)\n\(text(array.bytes, array.elementType, array.layout))\n"
      #expect(ours == texts[number], "seed \(seed), \(array.elementType) \(array.layout.shape)")
      // numpy does not know bfloat16, and saves it as opaque bytes.
      if array.elementType != .bfloat16 {
        let file = try contents(folder.file("\(number).npy"))
        let again = try contents(folder.file("\(number).npy.again.npy"))
        #expect(file == again, "seed \(seed), \(array.elementType) \(array.layout.shape)")
      }
    }
  }

  private func randomArray(_ elementType: ElementType, using generator: inout SplitMix64) -> Contents {
    var shape = (0..<Int.random(in: 0...4, using: &generator)).map { _ in
      Int.random(in: 1...4, using: &generator)
    }
    if Int.random(in: 0..<8, using: &generator) == 0 {
      shape = [[1200], [40, 30], [7, 8, 20], [2, 600], [0, 3]].randomElement(using: &generator) ?? []
    }
    let layout = Bool.random(using: &generator) ? Layout.columnMajor(shape: shape) : Layout(shape: shape)
    let style = Style.allCases.randomElement(using: &generator) ?? .bits
    let bytes = (0..<(layout.elementCount ?? 0)).flatMap { _ in
      style.element(of: elementType, using: &generator)
    }
    return Contents(elementType: elementType, layout: layout, bytes: bytes)
  }
}

/// What kind of numbers a random array has.
private enum Style: CaseIterable {
  case bits, integers, eighths, reals, magnitudes, special

  func element(of elementType: ElementType, using generator: inout SplitMix64) -> [UInt8] {
    switch elementType.numberClass {
    case .bool: [UInt8.random(in: 0...1, using: &generator)]
    case .signed, .unsigned, .real:
      switch self {
      case .bits: (0..<elementType.size).map { _ in UInt8.random(in: 0...255, using: &generator) }
      default: encode([number(isInteger: elementType.numberClass != .real, &generator)], as: elementType)
      }
    case .complex:
      element(of: elementType.componentType, using: &generator)
        + element(of: elementType.componentType, using: &generator)
    }
  }

  private func number(isInteger: Bool, _ generator: inout SplitMix64) -> String {
    if isInteger { return String(Int.random(in: 0...120, using: &generator)) }
    switch self {
    case .bits, .integers: return String(Int.random(in: -20...20, using: &generator))
    case .eighths: return String(Double(Int.random(in: -80...80, using: &generator)) / 8)
    case .reals: return String(Double.random(in: -10...10, using: &generator))
    case .magnitudes:
      let power = Int.random(in: -6...8, using: &generator)
      return "\(Double.random(in: 1...10, using: &generator))e\(power)"
    case .special:
      let numbers = ["0", "-0.0", "1", "-1.5", "nan", "inf", "-inf", "1e-4", "1e3", "1e6", "1e8", "0.1"]
      return numbers.randomElement(using: &generator) ?? "0"
    }
  }
}

/// The numpy of the machine, as a process.
private enum Numpy {
  /// Whether there is one that prints as ours does: older ones gave small float types exponents later.
  static let isUsable: Bool = {
    let script = "import numpy; print(tuple(map(int, numpy.__version__.split('.')[:2])) >= (2, 3))"
    return (try? run(script)) == "True\n"
  }()

  /// The standard output of a Python script.
  static func run(_ script: String, _ arguments: String...) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-W", "ignore", "-c", script] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: bytes, as: UTF8.self)
  }
}
