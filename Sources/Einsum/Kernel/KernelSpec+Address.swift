import CEinsumRuntime
package import EinsumIR
import EinsumKernels

extension KernelSpec {
  /// The kernel's address in the library: of the version that suits this CPU best.
  var address: UnsafeRawPointer {
    let best = versions.first { version in version.uses.map(\.isAvailable) ?? true } ?? self
    guard let address = es_kernel_lookup(best.symbol) else {
      preconditionFailure("internal: the kernel library has no \(best.symbol)")
    }
    return UnsafeRawPointer(address)
  }
}

extension Extension {
  /// Whether this CPU has it.
  package var isAvailable: Bool {
    let cpu = es_cpu()
    return switch self {
    case .vnni: cpu.has_avx512_vnni
    case .bf16: cpu.has_avx512_bf16
    case .amx: cpu.has_amx_bf16
    }
  }
}
