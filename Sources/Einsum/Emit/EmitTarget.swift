import EinsumIR
import EinsumSyntax

/// What a standalone C file is written for.
public enum EmitTarget: String, CaseIterable, Sendable {
  /// The instruction set and the caches of this machine.
  case native
  /// x86-64 with AVX-512 F, BW, DQ and VL.
  case x86_64_v4 = "x86-64-v4"
  /// x86-64 with AVX2, FMA and F16C.
  case x86_64_v3 = "x86-64-v3"
  /// 64-bit ARM.
  case aarch64
  /// x86-64: a version for each level in one file, the best of which is chosen at run time.
  case multi
  /// Any CPU and any C99 compiler: plain loops without extensions.
  case portable
}

extension EmitTarget {
  /// The machines that the target's versions are planned for, the best first.
  func machines() throws(EinsumError) -> [Machine] {
    func typical(_ isa: ISA) -> Machine {
      let reference = Machine.reference
      return Machine(isa: isa, l1: reference.l1, l2: reference.l2, l3: reference.l3)
    }
    let machines =
      switch self {
      case .native: [try Machine.host()]
      case .x86_64_v4: [typical(.avx512)]
      case .x86_64_v3: [typical(.avx2)]
      case .aarch64, .portable: [typical(.baseline)]
      case .multi: [typical(.avx512), typical(.avx2), typical(.baseline)]
      }
    return machines.map { $0.forStandalone }
  }

  /// Flags that suit the target, for the comment in the file.
  var compilerFlags: String {
    switch self {
    case .native: "-O3 -march=native"
    case .x86_64_v4, .x86_64_v3: "-O3 -march=\(rawValue)"
    case .aarch64, .multi: "-O3"
    case .portable: "-std=c99 -O3 -march=native"
    }
  }
}
