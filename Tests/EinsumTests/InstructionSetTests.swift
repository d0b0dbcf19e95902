import Einsum
import EinsumIR
import Testing

/// Says which instruction sets the other tests can run on: on a CPU that lacks one, its test here counts as skipped.
@Suite struct InstructionSetTests {
  private static func has(_ isa: ISA) -> ConditionTrait {
    .enabled(
      if: Machine.available.contains(isa),
      "this CPU lacks \(isa.rawValue): no test runs its kernels, they are only compiled")
  }

  @Test(has(.avx2)) func avx2() { #expect(Machine.available.contains(.avx2)) }

  @Test(has(.avx512)) func avx512() { #expect(Machine.available.contains(.avx512)) }

  /// The CPU's best set is used unless `EINSUM_ISA` names another.
  @Test func chosen() throws {
    #expect(Machine.available.contains(try Machine.host().isa))
    #expect(Machine.available.contains(.baseline))
  }
}
