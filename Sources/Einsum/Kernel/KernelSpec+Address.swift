import CEinsumRuntime
import EinsumIR
import EinsumKernels

extension KernelSpec {
  /// The kernel's address in the library: of the version that suits this CPU best.
  var address: UnsafeRawPointer {
    let best = es_cpu().has_avx512_vnni ? withVNNI ?? self : self
    guard let address = es_kernel_lookup(best.symbol) else {
      preconditionFailure("internal: the kernel library has no \(best.symbol)")
    }
    return UnsafeRawPointer(address)
  }
}
