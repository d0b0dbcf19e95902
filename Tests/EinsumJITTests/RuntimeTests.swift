import CEinsumRuntime
import Foundation
import Testing

@Suite("CPU and memory")
struct RuntimeTests {
  @Test func `describes the CPU`() {
    let cpu = es_cpu()
    #expect(!String(cString: cpu.model).isEmpty)
    #expect(cpu.core_count >= 1)
    #expect(cpu.l1d_bytes >= 4 << 10 && cpu.l2_bytes >= cpu.l1d_bytes)
    #expect(!cpu.has_avx512 || cpu.has_avx2)
  }

  /// The kernel prints what CPUID says and the operating system allows; a second way to know.
  @Test(.enabled("no /proc/cpuinfo with flags") { cpuinfoFlags != nil })
  func `finds the features that the kernel lists`() throws {
    let listed = try #require(cpuinfoFlags)
    let cpu = es_cpu()
    let avx2: Set<Substring> = ["avx2", "fma", "f16c", "bmi2"]
    let avx512: Set<Substring> = ["avx512f", "avx512bw", "avx512dq", "avx512vl"]
    #expect(cpu.has_avx2 == avx2.isSubset(of: listed))
    #expect(cpu.has_avx512 == avx2.union(avx512).isSubset(of: listed))
    for name in String(cString: cpu.features).split(separator: " ") {
      let kernelName = name.replacing("sse4.1", with: "sse4_1").replacing("avx512vnni", with: "avx512_vnni")
        .replacing("avx512bf16", with: "avx512_bf16").replacing("avx512fp16", with: "avx512_fp16")
        .replacing("amxbf16", with: "amx_bf16")
      #expect(listed.contains(kernelName[...]))
    }
  }

  @Test(arguments: [0, 1, 63, 64, 65, 4095, 4 << 20, (4 << 20) + 1, 64 << 20])
  func `memory is aligned and writable to its end`(_ bytes: Int) throws {
    let block = try #require(es_aligned_alloc(bytes, 64))
    defer { es_aligned_free(block) }
    let alignment = bytes >= 4 << 20 ? 2 << 20 : 64
    #expect(Int(bitPattern: block) % alignment == 0)
    memset(block, 7, bytes)
  }

  @Test(arguments: [Int.max, Int.max - 4096, 1 << 62])
  func `absurd sizes are refused`(_ bytes: Int) {
    #expect(es_aligned_alloc(bytes, 64) == nil)
    #expect(es_aligned_alloc(Int(bitPattern: UInt.max - 10), 64) == nil)
  }

  @Test(arguments: [0, 3, 48, 100])
  func `odd alignments are refused`(_ alignment: Int) {
    #expect(es_aligned_alloc(64, alignment) == nil)
  }

  @Test func `freeing nothing is allowed`() {
    es_aligned_free(nil)
  }
}

private var cpuinfoFlags: Set<Substring>? {
  guard let text = try? contents(ofKernelFile: "/proc/cpuinfo") else { return nil }
  let line = text.split(separator: "\n").first { $0.hasPrefix("flags") }
  return line.map { Set($0.split(separator: " ")) }
}
