import EinsumIR

/// What a `.npy` header says: the type, shape and order of the elements that follow it.
///
/// The format is numpy's, described in `numpy.lib.format`: a magic string, a version, a length, and a Python
/// dictionary as text, padded so that the data begin at a multiple of 64.
struct NPYHeader: Hashable {
  let elementType: ElementType
  let shape: [Int]

  /// Whether the first axis, not the last, is the one with stride 1 (`fortran_order`).
  let isColumnMajor: Bool

  /// The size of the elements in bytes.
  let byteCount: Int

  /// A header for a shape that fits: no negative extents, at most ``mostAxes`` axes, and a size in bytes
  /// below 2^63.
  ///
  /// An extent of zero does not excuse the others: like numpy, this multiplies all that are not zero, so that
  /// strides can be computed without overflow, too.
  init(elementType: ElementType, shape: [Int], isColumnMajor: Bool) throws(FileProblem) {
    if shape.count > NPYHeader.mostAxes {
      throw FileProblem.content("the shape has \(shape.count) axes, more than \(NPYHeader.mostAxes)")
    }
    var byteCount = elementType.size
    for extent in shape where extent != 0 {
      if extent < 0 { throw FileProblem.content("the shape has a negative extent, \(extent)") }
      let (product, overflow) = byteCount.multipliedReportingOverflow(by: extent)
      if overflow {
        throw FileProblem.content("the shape \(NPYHeader.tuple(shape)) has more bytes than Int64 can count")
      }
      byteCount = product
    }
    self.elementType = elementType
    self.shape = shape
    self.isColumnMajor = isColumnMajor
    self.byteCount = shape.contains(0) ? 0 : byteCount
  }

  /// Where the elements lie in the data.
  var layout: Layout { isColumnMajor ? .columnMajor(shape: shape) : Layout(shape: shape) }

  /// numpy's own limit.
  static let mostAxes = 64

  /// The longest dictionary that is read, the same as numpy's `max_header_size`.
  static let mostDictionaryBytes = 10_000

  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// A shape as Python writes it: `()`, `(3,)`, `(3, 4)`.
  static func tuple(_ shape: [Int]) -> String {
    "(" + shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? ",)" : ")")
  }
}
