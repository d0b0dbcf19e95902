import CEinsumRuntime
import Einsum
import Testing

/// Memory of tensors that are gone. What counts it has a process of its own.
@Suite struct TensorMemoryTests {
  @Test func waitsUntilItIsReleased() async {
    await #expect(processExitsWith: .success) {
      for size in [4 << 20, 8 << 20] {
        let sum = try einsum("i->", Tensor<UInt8>(shape: [size], repeating: 0))
        #expect(sum.elements == [0])
      }
      #expect(es_pool_bytes() >= 12 << 20)
      Einsum.releaseMemory(keeping: 8 << 20)
      #expect(0 < es_pool_bytes() && es_pool_bytes() <= 8 << 20)
      Einsum.releaseMemory(keeping: -1)
      #expect(es_pool_bytes() == 0)
    }
  }
}
