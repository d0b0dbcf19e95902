import Einsum
import Testing

/// Tensors as values: views, writing, equality.
@Suite struct TensorTests {
  private let a = Tensor<Int32>(shape: [2, 3], elements: [1, 2, 3, 4, 5, 6])

  @Test func elements() {
    #expect(a.shape == [2, 3])
    #expect(a.strides == [3, 1])
    #expect(a.count == 6)
    #expect(a[1, 2] == 6)
    #expect(a.elements == [1, 2, 3, 4, 5, 6])
    #expect(Tensor<Float>(7).elements == [7])
    #expect(Tensor<Float>(7)[] == 7)
    #expect(Tensor<Int8>(shape: [0, 3], elements: []).elements == [])
    #expect(Tensor<Bool>(shape: [2], repeating: true).elements == [true, true])
  }

  @Test func transposed() {
    let t = a.transposed()
    #expect(t.shape == [3, 2])
    #expect(t.elements == [1, 4, 2, 5, 3, 6])
    #expect(t.transposed() == a)
    #expect(t[2, 1] == 6)
  }

  @Test func permuted() {
    let cube = Tensor<Int>(shape: [2, 3, 4], elements: Array(0..<24))
    let turned = cube.permuted([2, 0, 1])
    #expect(turned.shape == [4, 2, 3])
    for i in 0..<2 {
      for j in 0..<3 {
        for k in 0..<4 { #expect(turned[k, i, j] == cube[i, j, k]) }
      }
    }
  }

  @Test func sliced() {
    #expect(a.sliced(axis: 1, from: 2, count: 3, by: -1).elements == [3, 2, 1, 6, 5, 4])
    #expect(a.sliced(axis: 1, from: 0, count: 2, by: 2).elements == [1, 3, 4, 6])
    #expect(a.sliced(axis: 0, from: 1, count: 1).elements == [4, 5, 6])
    #expect(a.sliced(axis: 0, from: 0, count: 0).shape == [0, 3])
    let twice = a.sliced(axis: 1, from: 2, count: 3, by: -1).sliced(axis: 1, from: 2, count: 2, by: -2)
    #expect(twice.elements == [1, 3, 4, 6])
  }

  @Test func broadcast() {
    let row = Tensor<Int32>(shape: [3], elements: [1, 2, 3]).broadcast(to: [2, 3])
    #expect(row.elements == [1, 2, 3, 1, 2, 3])
    #expect(Tensor<Int32>(5).broadcast(to: [2, 2]).elements == [5, 5, 5, 5])
    let column = Tensor<Int32>(shape: [2, 1], elements: [1, 2]).broadcast(to: [3, 2, 2])
    #expect(column.elements == [1, 1, 2, 2, 1, 1, 2, 2, 1, 1, 2, 2])
  }

  @Test func writingCopiesSharedMemory() {
    var b = a
    b[0, 0] = 100
    #expect(a[0, 0] == 1)
    #expect(b.elements == [100, 2, 3, 4, 5, 6])
    var view = b.transposed()
    view[2, 1] = 66
    #expect(b[1, 2] == 6)
    #expect(view[2, 1] == 66)
  }

  @Test func writingInPlaceWhenAlone() {
    var b = Tensor<Int32>(shape: [2, 2], repeating: 0).transposed()
    b[0, 1] = 5
    #expect(b.elements == [0, 5, 0, 0])
    #expect(b.strides == [1, 2])
  }

  /// Elements of a broadcast view share a place until one of them is written.
  @Test func writingABroadcastViewChangesOneElement() {
    var b = Tensor<Int32>(1).broadcast(to: [3])
    b[1] = 2
    #expect(b.elements == [1, 2, 1])
    // A unit axis may have stride zero without sharing anything.
    var c = Tensor<Int32>(shape: [1, 2], repeating: 0)
    c[0, 1] = 3
    #expect(c.elements == [0, 3])
  }

  @Test func equality() {
    #expect(a == Tensor<Int32>(shape: [2, 3], elements: [1, 2, 3, 4, 5, 6]))
    #expect(a != Tensor<Int32>(shape: [3, 2], elements: [1, 2, 3, 4, 5, 6]))
    #expect(a != a.sliced(axis: 0, from: 1, count: 2, by: -1))
  }

  @Test func description() {
    #expect(a.description == "Tensor<Int32> [2, 3] [1, 2, 3, 4, 5, 6]")
    #expect(Tensor<Int32>(shape: [65], repeating: 0).description == "Tensor<Int32> [65]")
  }

  @Test func bfloat16Rounding() {
    #expect(Float(BFloat16(1)) == 1)
    #expect(BFloat16(1.00390625).bitPattern == 0x3F80)  // a tie, to even
    #expect(BFloat16(1.01171875).bitPattern == 0x3F82)  // a tie, to even
    #expect(BFloat16(1.0040).bitPattern == 0x3F81)
    #expect(Float(BFloat16(.infinity)) == .infinity)
    #expect(Float(BFloat16(.greatestFiniteMagnitude)) == .infinity)
    #expect(Float(BFloat16(.nan)).isNaN)
    #expect(Float(BFloat16(Float(bitPattern: 0x7F80_0001))).isNaN)
    #expect(BFloat16(-0.0).bitPattern == 0x8000)
  }
}
