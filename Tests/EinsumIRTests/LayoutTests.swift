import EinsumIR
import Testing

/// Shapes and strides: counts, reach, order.
@Suite struct LayoutTests {
  @Test func contiguous() {
    #expect(Layout(shape: [2, 3, 4]).strides == [12, 4, 1])
    #expect(Layout.columnMajor(shape: [2, 3, 4]).strides == [1, 2, 6])
    #expect(Layout(shape: []).strides == [])
    #expect(Layout(shape: [2, 0, 4]).strides == [4, 4, 1])
    #expect(Layout(shape: [2, 3]).rank == 2)
  }

  @Test func elementCount() {
    #expect(Layout(shape: []).elementCount == 1)
    #expect(Layout(shape: [2, 3]).elementCount == 6)
    #expect(Layout(shape: [2, 0]).elementCount == 0)
    #expect(Layout(shape: [0, Int.max, Int.max]).elementCount == 0)
    #expect(Layout(shape: [Int.max, 2]).elementCount == nil)
    #expect(Layout(shape: [-1, 2]).elementCount == nil)
    #expect(Layout(shape: [0, -1]).elementCount == nil)
  }

  @Test func span() {
    #expect(Layout(shape: []).span == 0..<1)
    #expect(Layout(shape: [3]).span == 0..<3)
    #expect(Layout(shape: [3, 2], strides: [-2, 5]).span == -4..<6)
    #expect(Layout(shape: [3, 4], strides: [0, 0]).span == 0..<1)
    #expect(Layout(shape: [0, 4]).span == 0..<0)
    #expect(Layout(shape: [3, 1], strides: [1, Int.max]).span == 0..<3)
    #expect(Layout(shape: [3], strides: [Int.max]).span == nil)
    #expect(Layout(shape: [2, 2], strides: [Int.max, 1]).span == nil)
    #expect(Layout(shape: [-2]).span == nil)
  }

  @Test func spanHoldsEveryElementAndNoMore() {
    for (shape, strides) in [
      ([3, 4], [7, -2]), ([2, 2, 3], [-1, 5, -9]), ([5], [-3]), ([1, 4], [100, 2]),
    ] {
      var places: [Int] = [0]
      for (extent, stride) in zip(shape, strides) {
        places = places.flatMap { place in (0..<extent).map { place + stride * $0 } }
      }
      let span = Layout(shape: shape, strides: strides).span
      #expect(span?.lowerBound == places.min())
      #expect(span.map { $0.upperBound - 1 } == places.max())
    }
  }

  @Test func rowMajor() {
    #expect(Layout(shape: [2, 3]).isRowMajor)
    #expect(Layout(shape: []).isRowMajor)
    #expect(!Layout.columnMajor(shape: [2, 3]).isRowMajor)
    #expect(Layout(shape: [2, 1, 3], strides: [3, 77, 1]).isRowMajor)
    #expect(Layout(shape: [2, 0], strides: [9, 9]).isRowMajor)
    #expect(!Layout(shape: [2, 3], strides: [4, 1]).isRowMajor)
    #expect(!Layout(shape: [3], strides: [0]).isRowMajor)
  }
}
