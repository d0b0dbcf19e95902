/// Where the elements of a tensor lie in memory: a shape, and a stride for each axis.
///
/// Strides and the offset count elements, not bytes; strides may be zero or negative. `offset` is the place of the
/// element at index zero of every axis, from the start of the memory.
///
///     Layout(shape: [2, 3])                        // strides [3, 1]: C order
///     Layout(shape: [2, 3], strides: [1, 2])       // Fortran order
public struct Layout: Hashable, Sendable {
  public let shape: [Int]
  public let strides: [Int]
  public let offset: Int

  /// A layout with the given strides, in elements.
  ///
  /// - Precondition: as many strides as axes.
  public init(shape: [Int], strides: [Int], offset: Int = 0) {
    precondition(shape.count == strides.count, "a layout needs one stride for each axis")
    self.shape = shape
    self.strides = strides
    self.offset = offset
  }

  /// A contiguous layout in C order: the last axis has stride 1.
  public init(shape: [Int]) {
    self.init(shape: shape, strides: Layout.contiguousStrides(shape))
  }

  /// A contiguous layout in Fortran order: the first axis has stride 1.
  public static func columnMajor(shape: [Int]) -> Layout {
    Layout(shape: shape, strides: contiguousStrides(shape.reversed()).reversed())
  }

  /// Strides of a contiguous tensor in C order. Extents of 0 count as 1; overflow wraps, as such shapes are refused
  /// before their strides are used.
  private static func contiguousStrides(_ shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    var step = 1
    for axis in shape.indices.reversed() {
      strides[axis] = step
      step = step &* max(shape[axis], 1)
    }
    return strides
  }

  /// The number of axes.
  public var rank: Int { shape.count }

  /// The number of elements, or nil if that is past `Int64` or an extent is negative.
  public var elementCount: Int? {
    if shape.contains(0) { return shape.contains { $0 < 0 } ? nil : 0 }
    var count = 1
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      if overflow || extent < 0 { return nil }
      count = product
    }
    return count
  }

  /// The offsets of all elements lie in this range, relative to the element at index zero of every axis; empty if
  /// there are none, nil if an offset is past `Int64`.
  package var span: Range<Int>? {
    guard let count = elementCount else { return nil }
    if count == 0 { return 0..<0 }
    var low = 0
    var high = 0
    for (extent, stride) in zip(shape, strides) {
      let (reach, overflow) = stride.multipliedReportingOverflow(by: extent - 1)
      if overflow { return nil }
      let (sum, sumOverflow) = (reach < 0 ? low : high).addingReportingOverflow(reach)
      if sumOverflow { return nil }
      if reach < 0 { low = sum } else { high = sum }
    }
    let (end, overflow) = high.addingReportingOverflow(1)
    return overflow ? nil : low..<end
  }

  /// More than any machine addresses, and small enough that products of a stride, an extent and an element's size do not
  /// overflow.
  package static let mostBytes = 1 << 56

  /// Whether a machine might have the memory from the first to the last element, and that of as many elements next to
  /// each other; of a tensor without elements, what there would be with extents of 1 in place of 0.
  package func isAddressable(elementSize: Int) -> Bool {
    let layout = shape.contains(0) ? Layout(shape: shape.map { max($0, 1) }) : self
    guard let count = layout.elementCount, let span = layout.span else { return false }
    let (reach, overflow) = span.upperBound.subtractingReportingOverflow(span.lowerBound)
    return !overflow && max(count, reach) <= Self.mostBytes / elementSize
  }

  /// The strides in their range: where nothing steps along them, they may be anything. Without elements they are those of
  /// C order, and along axes of extent 1 zero if they are out of range.
  package var usedStrides: [Int] {
    if shape.contains(0) { return Layout.contiguousStrides(shape) }
    return zip(shape, strides).map { $0 == 1 && $1.magnitude > Self.mostBytes ? 0 : $1 }
  }

  /// Whether the elements lie one after the other in C order. Axes of extent 1 do not matter.
  public var isRowMajor: Bool {
    if shape.contains(0) { return true }
    var step = 1
    for axis in shape.indices.reversed() where shape[axis] != 1 {
      if strides[axis] != step { return false }
      step *= shape[axis]
    }
    return true
  }
}
