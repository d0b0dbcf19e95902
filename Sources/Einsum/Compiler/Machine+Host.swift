import CEinsumRuntime
package import EinsumIR
package import EinsumSyntax
import Glibc

extension Machine {
  /// The machine that this process runs on, with the best instruction set of its CPU, or the one that the environment
  /// variable `EINSUM_ISA` names.
  ///
  /// - Throws: `EinsumError` [invalid-argument] if `EINSUM_ISA` is not a known set or the CPU lacks it.
  package static func host() throws(EinsumError) -> Machine { try detected.get() }

  private static let detected: Result<Machine, EinsumError> = detect()

  private static func detect() -> Result<Machine, EinsumError> {
    let cpu = es_cpu()
    var isa: ISA = cpu.has_avx512 ? .avx512 : cpu.has_avx2 ? .avx2 : .baseline
    if let name = getenv("EINSUM_ISA").map({ String(cString: $0) }), !name.isEmpty {
      let all = ISA.allCases.map(\.rawValue).joined(separator: ", ")
      guard let forced = ISA(rawValue: name) else {
        return .failure(
          EinsumError(.invalidArgument(what: "EINSUM_ISA", why: "'\(name)' is not one of \(all)")))
      }
      guard available.contains(forced) else {
        return .failure(
          EinsumError(
            .invalidArgument(
              what: "EINSUM_ISA", why: "this CPU does not have \(name), its best is \(isa.rawValue)")))
      }
      isa = forced
    }
    return .success(
      Machine(
        isa: isa, fmasPerCycle: isa == .avx512 && cpu.is_zen4 ? 1 : 2, fetchesWrites: cpu.is_zen4,
        l1: Int(cpu.l1d_bytes), l2: Int(cpu.l2_bytes), l3: Int(max(cpu.l3_bytes, cpu.l2_bytes)),
        threads: Int(cpu.core_count),
        halfProducts: isa == .avx512 ? [.amx, .bf16].first(where: \.isAvailable) : nil))
  }

  /// The instruction sets that this CPU runs.
  package static let available: [ISA] = {
    let cpu = es_cpu()
    return ISA.allCases.filter { isa in
      switch isa {
      case .baseline: true
      case .avx2: cpu.has_avx2
      case .avx512: cpu.has_avx512
      }
    }
  }()
}
