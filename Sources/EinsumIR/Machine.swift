/// The CPU as a table: what schedules are chosen by.
package struct Machine: Hashable, Sendable {
  package let isa: ISA
  /// How many multiply-adds of whole vectors begin in a cycle: one where units take them in two halves.
  package let fmasPerCycle: Int
  /// Whether lines that are written in order come from memory in time: to write past the caches is no quicker then, unless
  /// much is read as well.
  package let fetchesWrites: Bool
  /// Cache sizes in bytes; the last level is shared by all cores.
  package let l1: Int
  package let l2: Int
  package let l3: Int
  /// How many threads a step may be shared among.
  package let threads: Int
  /// Whether it runs a standalone file, whose one thread has no use for sums in parts.
  package let isStandalone: Bool
  /// The instructions for products of bfloat16, if it has any that are used.
  package let halfProducts: Extension?

  package init(
    isa: ISA, fmasPerCycle: Int = 2, fetchesWrites: Bool = false, l1: Int, l2: Int, l3: Int, threads: Int = 1,
    isStandalone: Bool = false, halfProducts: Extension? = nil
  ) {
    self.isa = isa
    self.fmasPerCycle = fmasPerCycle
    self.fetchesWrites = fetchesWrites
    self.l1 = l1
    self.l2 = l2
    self.l3 = l3
    self.threads = threads
    self.isStandalone = isStandalone
    self.halfProducts = halfProducts
  }

  /// The largest tensor that is better written to the caches if it is read soon after: half of the last cache, but no more than
  /// a core gets of one that it shares with many others.
  ///
  /// Measured on Sapphire Rapids (2 MB of L2, 300 of L3), one core, writing and then reading a tensor in GB/s, past the caches
  /// in brackets: 2 MB 28 (5), 4 MB 8.8 (6.5), 8 MB 6.9 (7.5), 16 MB 6.3 (8.8), 32 MB 1.5 (8.4).
  /// On Zen 3 (512 KiB and 32 MiB, for few cores), `i,j->ij` of 8, 12 and 16 MB, past the caches and through them, in us: 376 and
  /// 197, 570 and 597, 797 and 723.
  package var keptBytes: Int {
    let part = l3 <= 32 << 20 ? l3 * 3 / 8 : 0
    return min(l3 / 2, max(4 * l2, 8 << 20, part))
  }

  /// This machine, of which only so many threads may be used.
  package func with(threads: Int) -> Machine {
    Machine(
      isa: isa, fmasPerCycle: fmasPerCycle, fetchesWrites: fetchesWrites, l1: l1, l2: l2, l3: l3,
      threads: threads, isStandalone: isStandalone, halfProducts: halfProducts)
  }

  /// This machine, running a standalone file.
  package var forStandalone: Machine {
    Machine(
      isa: isa, fmasPerCycle: fmasPerCycle, fetchesWrites: fetchesWrites, l1: l1, l2: l2, l3: l3,
      isStandalone: true)
  }

  /// The fixed machine of golden files: AVX-512 with 1 MiB of L2 and one thread, never the host.
  package static let reference = Machine(isa: .avx512, l1: 32 << 10, l2: 1 << 20, l3: 16 << 20)

  /// The register tiles for a type, best first.
  package func tiles(for type: ElementType) -> [Tile] { KernelSpec.tiles(for: type.kernelType, on: isa) }
}
