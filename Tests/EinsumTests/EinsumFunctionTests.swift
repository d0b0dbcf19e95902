import Einsum
import EinsumTestSupport
import Testing

/// The public functions: every element type, both notations, views as operands.
@Suite struct EinsumFunctionTests {
  /// A 2x3 by 3x2 product whose elements every type holds, bool aside.
  private func checkProduct<Element: TensorElement & Equatable>(_ element: (Int) -> Element) throws {
    let a = Tensor<Element>(shape: [2, 3], elements: [1, 2, 3, 0, 1, 2].map(element))
    let b = Tensor<Element>(shape: [3, 2], elements: [1, 0, 2, 1, 0, 3].map(element))
    #expect(try einsum("ij,jk->ik", a, b).elements == [5, 11, 2, 7].map(element), "\(Element.self)")
    #expect(try einsum("ij->j", a).elements == [1, 3, 5].map(element), "\(Element.self)")
    #expect(try einsum("ij,ji->", a, b).elements == [12].map(element), "\(Element.self)")
  }

  @Test func everyElementType() throws {
    try checkProduct { Int8($0) }
    try checkProduct { Int16($0) }
    try checkProduct { Int32($0) }
    try checkProduct { Int64($0) }
    try checkProduct { $0 }
    try checkProduct { UInt8($0) }
    try checkProduct { UInt16($0) }
    try checkProduct { UInt32($0) }
    try checkProduct { UInt64($0) }
    try checkProduct { UInt($0) }
    try checkProduct { Float16($0) }
    try checkProduct { BFloat16(Float($0)) }
    try checkProduct { Float($0) }
    try checkProduct { Double($0) }
    try checkProduct { Complex<Float>(Float($0)) }
    try checkProduct { Complex<Double>(Double($0)) }
  }

  @Test func boolIsOrOfAnds() throws {
    let a = Tensor<Bool>(shape: [2, 2], elements: [true, true, false, false])
    let b = Tensor<Bool>(shape: [2, 2], elements: [true, false, true, false])
    #expect(try einsum("ij,jk->ik", a, b).elements == [true, false, false, false])
    #expect(try einsum("ij->", a).elements == [true])
  }

  @Test func complexArithmetic() throws {
    let a = Tensor<Complex<Double>>(shape: [2], elements: [Complex(1, 2), Complex(0, -1)])
    let b = Tensor<Complex<Double>>(shape: [2], elements: [Complex(3, -1), Complex(2, 2)])
    #expect(try einsum("i,i->", a, b)[] == Complex(7, 3))
    let kernel = try Einsum.compile(
      "i,i->", operands: [(a.layout, .complex128), (b.layout, .complex128)], conjugated: [0])
    #expect(try kernel(a, b, as: Complex<Double>.self)[] == Complex(-1, -5))
  }

  @Test func integersWrap() throws {
    let a = Tensor<Int8>(shape: [3], elements: [100, 100, -56])
    #expect(try einsum("i->", a)[] == -112)
    #expect(try einsum("i,i->i", a, a).elements == [16, 16, 64])
    let wide = try Einsum.compile("i->", operands: [a.layout], elementType: .int8, accumulate: .int32)
    #expect(try wide(a, as: Int32.self)[] == 144)
  }

  @Test func interleavedForm() throws {
    let a = Tensor<Float>(shape: [2, 3], elements: [1, 2, 3, 4, 5, 6])
    let b = Tensor<Float>(shape: [3], elements: [1, 10, 100])
    #expect(try einsum((a, [0, 1]), (b, [1]), output: [0]).elements == [321, 654])
    #expect(try einsum((a, [0, 1]), (b, [1])).elements == [321, 654])
    #expect(try einsum((a, [.ellipsis, 7]), output: [7, .ellipsis]) == a.transposed())
  }

  @Test func viewsAsOperands() throws {
    let a = Tensor<Int32>(shape: [3, 4], elements: (0..<12).map { Int32($0) })
    let flipped = a.sliced(axis: 0, from: 2, count: 3, by: -1).sliced(axis: 1, from: 3, count: 2, by: -2)
    let copy = Tensor<Int32>(shape: flipped.shape, elements: flipped.elements)
    let ones = Tensor<Int32>(1).broadcast(to: [2, 5])
    #expect(try einsum("ij,jk->ik", flipped, ones) == einsum("ij,jk->ik", copy, ones))
    #expect(
      try einsum("ji,ki->jk", flipped.transposed().transposed(), a.sliced(axis: 1, from: 0, count: 2)).shape
        == [3, 3])
    #expect(try einsum("ij->ji", flipped) == copy.transposed())
    #expect(try einsum("ij->", ones)[] == 10)
  }

  @Test func movementCopiesBits() throws {
    let bits: [UInt32] = [0x8000_0000, 0x7FC0_1234, 0xFFC0_0001, 0x7F80_0000, 1, 0x7FA0_0001]
    let a = Tensor<Float>(shape: [2, 3], elements: bits.map { Float(bitPattern: $0) })
    #expect(try einsum("ij->ji", a).transposed().elements.map(\.bitPattern) == bits)
    #expect(try einsum("ij->ij", a).elements.map(\.bitPattern) == bits)
    let halves: [UInt16] = [0x8000, 0x7E01, 0x7D01, 0xFC00]
    let b = Tensor<Float16>(shape: [2, 2], elements: halves.map { Float16(bitPattern: $0) })
    #expect(try einsum("ij->ji", b).transposed().elements.map(\.bitPattern) == halves)
  }

  @Test func everyProductIsFormed() throws {
    let a = Tensor<Float>(shape: [2], elements: [0, 1])
    let b = Tensor<Float>(shape: [2], elements: [.infinity, 1])
    #expect(try einsum("i,i->", a, b)[].isNaN)
    let diagonal = Tensor<Float>(shape: [2, 2], elements: [1, .nan, .infinity, 2])
    #expect(try einsum("ii->", diagonal)[] == 3)
    for extent in [1, 5, 33] {
      let zeros = Tensor<Float>(shape: [extent, extent], repeating: 0)
      var large = zeros
      large[extent - 1, 0] = .infinity
      let product = try einsum("ij,jk->ik", zeros, large)
      for column in 0..<extent { #expect(product[0, column].isNaN == (column == 0)) }
    }
  }

  @Test func emptySumsArePositiveZero() throws {
    let empty = Tensor<Float>(shape: [2, 0], elements: [])
    let result = try einsum("ij->i", empty)
    #expect(result.elements.map(\.bitPattern) == [0, 0])
    #expect(
      try einsum("ij,jk->ik", empty, Tensor<Float>(shape: [0, 3], elements: [])).elements
        == [Float](repeating: 0, count: 6))
    #expect(try einsum("ij->ji", empty).shape == [0, 2])
  }

  static let hugeRequests: [(text: String, shapes: [[Int]])] = {
    let (k20, k21, k30) = (1 << 20, 1 << 21, 1 << 30)
    return [
      ("ij->ji", [[2, 1 << 60]]), ("i,i->", [[Int.max], [Int.max]]), ("i,j,k->ijk", [[k20], [k20], [k20]]),
      ("ij,jk->ik", [[k30, k30], [k30, k30]]),
      ("ab,cd,ac,bd->", [[k30, k30], [k30, k30], [k30, k30], [k30, k30]]),
      ("ai,bi,ci,abc->", [[k21, k21], [k21, k21], [k21, k21], [k21, k21, k20]]),
    ]
  }()

  /// Layouts that no memory can hold are refused or planned, never a crash.
  @Test(arguments: hugeRequests)
  func hugeShapes(text: String, shapes: [[Int]]) {
    do throws(EinsumError) {
      _ = try Einsum.compile(text, operands: shapes.map { Layout(shape: $0) }, elementType: .float64)
      _ = try Einsum.compile(text, operands: shapes.map { Layout(shape: $0) }, elementType: .int8)
    } catch {
      #expect(["too-many-elements", "out-of-memory", "extent-mismatch"].contains(error.code))
    }
  }

  /// Where nothing steps along an axis, its stride may be anything.
  @Test(arguments: [[1, 3], [0, 3], [3, 0], [1, 1]])
  func wildStrides(shape: [Int]) throws {
    let strides = shape.map { $0 == 3 && !shape.contains(0) ? 1 : Int.min }
    let layout = Layout(shape: shape, strides: strides)
    for text in ["ij->ji", "ij->i", "ij,ij->j", "ij,jk->ik", "ij->"] {
      let count = text.split(separator: "-")[0].split(separator: ",").count
      let operands = [layout, Layout(shape: text.contains("jk") ? [shape[1], 2] : shape)].prefix(count)
      let output: [Int] = try Einsum.compile(text, operands: Array(operands), elementType: .float64)
        .outputLayout.shape
      #expect(output.count == text.split(separator: ">").dropFirst().first?.count ?? 0)
    }
  }
}
