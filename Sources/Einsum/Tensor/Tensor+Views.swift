extension Tensor {
  /// A view with the axes in reverse order.
  public func transposed() -> Tensor { permuted(shape.indices.reversed()) }

  /// A view with the axes in another order: axis `a` of the view is axis `axes[a]` of this tensor.
  ///
  /// - Precondition: `axes` holds each axis once.
  public func permuted(_ axes: [Int]) -> Tensor {
    precondition(axes.sorted() == Array(shape.indices), "\(axes) is not an order of \(shape.count) axes")
    return view(axes.map { shape[$0] }, axes.map { strides[$0] }, layout.offset)
  }

  /// A view of every `step`-th element along an axis, from `first` on, `count` of them. A negative step goes backwards.
  ///
  ///     a.sliced(axis: 0, from: 2, count: 3, by: -1)     // numpy: a[2::-1]
  ///
  /// - Precondition: all elements are inside the axis.
  public func sliced(axis: Int, from first: Int, count: Int, by step: Int = 1) -> Tensor {
    precondition(shape.indices.contains(axis), "a tensor of shape \(shape) has no axis \(axis)")
    precondition(count >= 0, "a slice has \(count) elements")
    if count > 0 {
      let last = first + (count - 1) * step
      let inside = 0..<shape[axis]
      precondition(
        inside.contains(first) && inside.contains(last),
        "a slice from \(first) to \(last) is outside \(inside)")
    }
    var (shape, strides) = (shape, strides)
    let offset = layout.offset + (count > 0 ? first * strides[axis] : 0)
    shape[axis] = count
    strides[axis] *= step
    return view(shape, strides, offset)
  }

  /// A view of a larger shape, as numpy broadcasts: aligned at the right, axes of extent 1 and missing ones repeat.
  ///
  /// - Precondition: each extent is this tensor's, or this tensor's is 1 or missing.
  public func broadcast(to newShape: [Int]) -> Tensor {
    let missing = newShape.count - shape.count
    precondition(missing >= 0, "shape \(shape) does not broadcast to \(newShape)")
    let strides = newShape.indices.map { axis -> Int in
      guard axis >= missing else { return 0 }
      let extent = shape[axis - missing]
      precondition(
        extent == newShape[axis] || extent == 1, "shape \(shape) does not broadcast to \(newShape)")
      return extent == newShape[axis] ? self.strides[axis - missing] : 0
    }
    return view(newShape, strides, layout.offset)
  }

  private func view(_ shape: [Int], _ strides: [Int], _ offset: Int) -> Tensor {
    Tensor(storage: storage, layout: Layout(shape: shape, strides: strides, offset: offset))
  }
}

extension Tensor: Equatable where Element: Equatable {
  /// Whether shapes and elements are equal; strides do not matter.
  public static func == (a: Tensor, b: Tensor) -> Bool { a.shape == b.shape && a.elements == b.elements }
}

extension Tensor: CustomStringConvertible {
  /// Type, shape and, for small tensors, the elements in C order.
  public var description: String {
    let head = "Tensor<\(Element.self)> \(shape)"
    return count <= 64 ? "\(head) \(elements)" : head
  }
}
