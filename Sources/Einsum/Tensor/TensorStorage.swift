internal import CEinsumRuntime
public import EinsumIR
public import EinsumSyntax

/// The memory of one or more tensors, aligned to 64 bytes; big blocks ask for huge pages and are reused.
///
/// It is written only by whoever holds the one reference to it, which `Tensor` sees to before it writes.
@usableFromInline
package final class TensorStorage: @unchecked Sendable {
  @usableFromInline package let base: UnsafeMutableRawPointer
  package let byteCount: Int
  /// The size of the block, which may be larger.
  private let capacity: Int

  /// Uninitialised memory.
  ///
  /// - Throws: `EinsumError` [out-of-memory].
  package init(byteCount: Int, for what: String) throws(EinsumError) {
    var capacity = 0
    guard byteCount >= 0, let base = es_pool_take(max(byteCount, 1), &capacity) else {
      throw EinsumError(.outOfMemory(bytes: byteCount, what: what))
    }
    self.base = base
    self.byteCount = byteCount
    self.capacity = capacity
  }

  /// Uninitialised memory for the elements of a contiguous tensor.
  ///
  /// - Throws: `EinsumError` [out-of-memory] or [too-many-elements].
  @usableFromInline
  convenience init(holding layout: Layout, elementSize: Int) throws(EinsumError) {
    guard let count = layout.elementCount, count <= Int.max / elementSize else {
      throw EinsumError(.elementCountOverflow(shape: layout.shape, what: "a tensor"))
    }
    try self.init(byteCount: count * elementSize, for: "a tensor")
  }

  deinit { es_pool_give(base, capacity) }
}
