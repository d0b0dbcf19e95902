public import EinsumIR
public import EinsumSyntax

/// A multi-dimensional array of numbers: a shape, strides, and memory that views share.
///
/// A tensor is a value. Transposing, slicing and broadcasting give views on the same memory without copying; writing to
/// a tensor whose memory others use copies it first.
///
///     let a = Tensor<Float>(shape: [2, 3], elements: [1, 2, 3, 4, 5, 6])
///     let t = a.transposed()              // shape [3, 2], no copy
///     t[2, 0]                             // 3.0
public struct Tensor<Element: TensorElement>: Sendable {
  @usableFromInline package var storage: TensorStorage
  /// Where the elements lie in the memory.
  public private(set) var layout: Layout

  @usableFromInline
  package init(storage: TensorStorage, layout: Layout) {
    self.storage = storage
    self.layout = layout
  }

  /// The extent of each axis; empty for a scalar.
  public var shape: [Int] { layout.shape }
  /// The step in elements along each axis.
  public var strides: [Int] { layout.strides }
  /// The number of elements.
  public var count: Int { layout.elementCount ?? 0 }
}

extension Tensor {
  /// A tensor of the given elements in C order: the last axis runs fastest.
  ///
  /// - Precondition: as many elements as the shape has places, and memory for them.
  public init(shape: [Int], elements: some Collection<Element>) {
    let layout = Layout(shape: shape)
    precondition(
      layout.elementCount == elements.count,
      "a tensor of shape \(shape) does not have \(elements.count) elements")
    self.init(allocating: layout)
    withUnsafeMutableElements { _ = $0.initialize(from: elements) }
  }

  /// A tensor with the same element everywhere.
  ///
  /// - Precondition: extents are not negative, and there is memory for them.
  public init(shape: [Int], repeating element: Element) {
    self.init(allocating: Layout(shape: shape))
    withUnsafeMutableElements { $0.initialize(repeating: element) }
  }

  /// A tensor without axes: one element.
  public init(_ element: Element) { self.init(shape: [], repeating: element) }

  /// Uninitialised elements in C order.
  ///
  /// - Throws: `EinsumError` [out-of-memory] or [too-many-elements].
  @inlinable
  package init(uninitialized shape: [Int]) throws(EinsumError) {
    try self.init(uninitialized: Layout(shape: shape))
  }

  /// Uninitialised elements in C order.
  ///
  /// - Parameter layout: that of a shape, without offset.
  @inlinable
  package init(uninitialized layout: Layout) throws(EinsumError) {
    let storage = try TensorStorage(holding: layout, elementSize: MemoryLayout<Element>.stride)
    self.init(storage: storage, layout: layout)
  }

  private init(allocating layout: Layout) {
    do throws(EinsumError) {
      try self.init(uninitialized: layout.shape)
    } catch {
      preconditionFailure(error.message)
    }
  }
}

extension Tensor {
  /// The element at index zero of every axis. Whoever uses it keeps the tensor alive.
  @inlinable package var pointer: UnsafeMutablePointer<Element> {
    storage.base.assumingMemoryBound(to: Element.self) + layout.offset
  }

  private func withPointer<Result>(_ body: (UnsafeMutablePointer<Element>) -> Result) -> Result {
    withExtendedLifetime(storage) { body(pointer) }
  }

  /// The elements of a tensor that is contiguous from the start of memory that nobody else uses.
  private func withUnsafeMutableElements(_ body: (UnsafeMutableBufferPointer<Element>) -> Void) {
    withPointer { body(UnsafeMutableBufferPointer(start: $0, count: count)) }
  }

  /// The element at an index for each axis.
  ///
  /// - Precondition: one index per axis, each inside its extent.
  public subscript(indices: Int...) -> Element {
    get { withPointer { $0[place(indices)] } }
    set {
      makeUnique()
      withPointer { $0[place(indices)] = newValue }
    }
  }

  private func place(_ indices: [Int]) -> Int {
    precondition(
      indices.count == shape.count, "a tensor of shape \(shape) does not have \(indices.count) axes")
    var place = 0
    for (axis, index) in indices.enumerated() {
      precondition(0 <= index && index < shape[axis], "index \(index) is outside extent \(shape[axis])")
      place += index * strides[axis]
    }
    return place
  }

  /// All elements, in C order.
  public var elements: [Element] {
    withPointer { pointer in
      if layout.isRowMajor { return Array(UnsafeBufferPointer(start: pointer, count: count)) }
      var result: [Element] = []
      result.reserveCapacity(count)
      func append(_ axis: Int, _ place: Int) {
        if axis == shape.count { return result.append(pointer[place]) }
        for index in 0..<shape[axis] { append(axis + 1, place + index * strides[axis]) }
      }
      append(0, 0)
      return result
    }
  }

  /// Copies the elements to memory of their own, in C order, if others use this memory or broadcasting put several
  /// elements in one place.
  @inlinable
  package mutating func makeUnique() {
    if !layout.isBroadcast && isKnownUniquelyReferenced(&storage) { return }
    self = Tensor(shape: shape, elements: elements)
  }
}

extension Layout {
  /// Whether several elements are in one place.
  @usableFromInline var isBroadcast: Bool { zip(shape, strides).contains { $0 > 1 && $1 == 0 } }
}
