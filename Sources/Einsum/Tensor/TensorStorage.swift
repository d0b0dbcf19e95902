internal import CEinsumRuntime
package import EinsumSyntax

/// The memory of one or more tensors, aligned to 64 bytes; big blocks ask for huge pages.
///
/// It is written only by whoever holds the one reference to it, which `Tensor` sees to before it writes.
package final class TensorStorage: @unchecked Sendable {
  package let base: UnsafeMutableRawPointer
  package let byteCount: Int

  /// Uninitialised memory.
  ///
  /// - Throws: `EinsumError` [out-of-memory].
  package init(byteCount: Int, for what: String) throws(EinsumError) {
    guard byteCount >= 0, let base = es_aligned_alloc(max(byteCount, 1), 64) else {
      throw EinsumError(.outOfMemory(bytes: byteCount, what: what))
    }
    self.base = base
    self.byteCount = byteCount
  }

  deinit { es_aligned_free(base) }
}
