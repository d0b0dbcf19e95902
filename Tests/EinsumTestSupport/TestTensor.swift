package import EinsumIR

/// A tensor of any element type and any strides in memory of its own, with elements that belong to nobody at
/// both ends.
///
/// Memory is filled with a pattern first, so that a write to where it should not go changes a byte that tests
/// compare.
package final class TestTensor: @unchecked Sendable {
  package let elementType: ElementType
  /// Its offset counts from the start of the memory.
  package let layout: Layout
  package let byteCount: Int
  package let memory: UnsafeMutableRawPointer

  /// Elements before and behind the tensor.
  private static let margin = 16

  /// A tensor with the strides of `layout`; its offset is ignored.
  package init(_ elementType: ElementType, _ layout: Layout) {
    let span = layout.span ?? 0..<0
    self.elementType = elementType
    self.layout = Layout(
      shape: layout.shape, strides: layout.strides, offset: Self.margin - span.lowerBound)
    byteCount = (span.count + 2 * Self.margin) * elementType.size
    memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
    memory.initializeMemory(as: UInt8.self, repeating: 0xA5, count: byteCount)
  }

  /// A copy of another tensor, margins included.
  package init(copy other: TestTensor) {
    (elementType, layout, byteCount) = (other.elementType, other.layout, other.byteCount)
    memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
    memory.copyMemory(from: other.memory, byteCount: byteCount)
  }

  deinit { memory.deallocate() }

  /// The element at index zero of every axis.
  package var origin: UnsafeMutableRawPointer { memory + layout.offset * elementType.size }

  /// An element by its distance from the one at index zero.
  package subscript(place: Int) -> TestValue {
    get { TestValue(elementType, at: origin + place * elementType.size) }
    set { newValue.write(elementType, at: origin + place * elementType.size) }
  }

  /// What the analysis is told about this tensor.
  package func operandType(isConjugated: Bool = false) -> OperandType {
    OperandType(
      elementType, Layout(shape: layout.shape, strides: layout.strides), isConjugated: isConjugated)
  }

  /// The distances of all elements from the one at index zero, in C order.
  package var places: [Int] {
    zip(layout.shape, layout.strides).reduce([0]) { places, axis in
      places.flatMap { place in (0..<axis.0).map { place + axis.1 * $0 } }
    }
  }

  /// The elements in C order.
  package var values: [TestValue] { places.map { self[$0] } }

  /// Fills the elements with what `value` gives.
  package func fill(_ value: () -> TestValue) {
    for place in places { self[place] = value() }
  }

  /// Where this tensor differs from an expected one of the same layout, or nil if elements are equal and
  /// every byte between and round them is untouched.
  package func difference(from expected: TestTensor) -> String? {
    let places = places
    for place in places where !self[place].equals(expected[place]) {
      return "the element \(place) from the origin is \(self[place].text) and not \(expected[place].text)"
    }
    var isElement = [Bool](repeating: false, count: byteCount)
    for place in places {
      let start = (layout.offset + place) * elementType.size
      for byte in start..<(start + elementType.size) { isElement[byte] = true }
    }
    for byte in 0..<byteCount where !isElement[byte] {
      let (mine, other) = (
        memory.load(fromByteOffset: byte, as: UInt8.self),
        expected.memory.load(fromByteOffset: byte, as: UInt8.self)
      )
      if mine != other { return "byte \(byte) of \(byteCount), which is no element, was written" }
    }
    return nil
  }
}

extension TestValue {
  /// The parts that are not zero, for messages.
  var text: String { "(bits \(Int64(bitPattern: bits)), re \(re), im \(im))" }
}
