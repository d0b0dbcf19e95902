package import EinsumIR

/// The values of a tensor as text, the way Python's `print` shows them as a numpy array.
///
/// With numpy's default options: lines of 75 columns, at most 8 digits behind the decimal point, and of more
/// than 1000 elements only the first and last 3 of each axis. numpy has no bfloat16; its values print as
/// float32.
package enum ArrayPrinter {
  /// The text, without a newline at the end.
  ///
  /// Reads only the elements that are shown. Their number is bounded for tensors whose elements are all in
  /// memory; a broadcast view with dozens of axes of extents below 7 is printed as a whole, as by numpy.
  ///
  /// - Parameter base: the start of the memory that `layout` describes; no alignment is needed.
  /// - Precondition: the layout's elements can be counted, and are all in memory.
  package static func text(elementType: ElementType, layout: Layout, base: UnsafeRawPointer) -> String {
    guard let count = layout.elementCount else {
      preconditionFailure("internal: a tensor with more elements than Int64 can count")
    }
    if count == 0 { return "[]" }
    let memory = ElementReader(elementType: elementType, base: base)
    if layout.rank == 0 { return memory.scalar(at: layout.offset) }

    let axes = layout.shape.map { PrintedAxis(extent: $0, isSummarized: count > summaryThreshold) }
    let words = memory.words(at: offsets(of: axes, in: layout))
    return lines(of: words, axes: axes)
  }

  /// Tensors with more elements are summarised.
  private static let summaryThreshold = 1000

  /// The offsets of the elements that are shown, in C order.
  private static func offsets(of axes: [PrintedAxis], in layout: Layout) -> [Int] {
    var offsets = [layout.offset]
    for (axis, stride) in zip(axes, layout.strides) where axis.extent != 1 {
      offsets = offsets.flatMap { offset in axis.shownIndices.map { offset + $0 * stride } }
    }
    return offsets
  }
}

/// Which indices of an axis are shown.
struct PrintedAxis {
  let extent: Int

  /// Whether `...` stands for the indices in the middle.
  let hasGap: Bool

  /// How many indices are shown at each end of a gap.
  static let edgeCount = 3

  init(extent: Int, isSummarized: Bool) {
    self.extent = extent
    hasGap = isSummarized && extent > 2 * PrintedAxis.edgeCount
  }

  var shownCount: Int { hasGap ? 2 * PrintedAxis.edgeCount : extent }

  var shownIndices: [Int] {
    hasGap
      ? Array(0..<PrintedAxis.edgeCount) + Array(extent - PrintedAxis.edgeCount..<extent) : Array(0..<extent)
  }
}
