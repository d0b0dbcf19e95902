/// The CPU as a table: what schedules are chosen by.
package struct Machine: Hashable, Sendable {
  package let isa: ISA
  /// Cache sizes in bytes; the last level is shared by all cores.
  package let l1: Int
  package let l2: Int
  package let l3: Int
  /// How many threads a step may be shared among.
  package let threads: Int
  /// Whether it runs a standalone file, whose one thread has no use for sums in parts.
  package let isStandalone: Bool

  package init(
    isa: ISA, l1: Int, l2: Int, l3: Int, threads: Int = 1, isStandalone: Bool = false
  ) {
    self.isa = isa
    self.l1 = l1
    self.l2 = l2
    self.l3 = l3
    self.threads = threads
    self.isStandalone = isStandalone
  }

  /// This machine, of which only so many threads may be used.
  package func with(threads: Int) -> Machine {
    Machine(isa: isa, l1: l1, l2: l2, l3: l3, threads: threads, isStandalone: isStandalone)
  }

  /// This machine, running a standalone file.
  package var forStandalone: Machine { Machine(isa: isa, l1: l1, l2: l2, l3: l3, isStandalone: true) }

  /// The fixed machine of golden files: AVX-512 with 1 MiB of L2 and one thread, never the host.
  package static let reference = Machine(isa: .avx512, l1: 32 << 10, l2: 1 << 20, l3: 16 << 20)

  /// The register tiles for a type, best first.
  package func tiles(for type: ElementType) -> [Tile] { KernelSpec.tiles(for: type.kernelType, on: isa) }
}
