import EinsumCodegen
import EinsumIR
import EinsumTestSupport
import Foundation
import Testing

/// The text of kernels: what the emitters write, and that the repository holds it.
@Suite("kernel emitters")
struct KernelEmitterTests {
  private static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  @Test("Generated/Kernels is what the emitters write now")
  func generatedIsFresh() throws {
    let folder = Self.root.appendingPathComponent("Generated/Kernels")
    let files = KernelLibrary.files
    for file in files {
      let text = try String(contentsOf: folder.appendingPathComponent(file.path), encoding: .utf8)
      #expect(text == file.text, "\(file.path) is stale: run tools/regenerate")
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(Set(names.filter { $0.hasSuffix(".c") }) == Set(files.map(\.path).filter { $0.hasSuffix(".c") }))
  }

  @Test(
    "small kernels, as a reader sees them",
    arguments: [
      KernelSpec(.tile(Tile(mr: 2, nr: 8), .strided), .float32, .baseline),
      KernelSpec(.pack(width: 8, .tabled), .float32, .avx2),
      KernelSpec(.sum, .uint32, .avx2),
      KernelSpec(.convert(from: .float64), .float16, .baseline),
    ])
  func golden(spec: KernelSpec) {
    let difference = GoldenFile.difference(spec.symbol, KernelEmitter.source(for: spec))
    #expect(difference == nil, "\(difference ?? "")")
  }

  @Test("prototypes name every parameter, and complex ones their struct")
  func prototypes() {
    let tile = KernelSpec(.tile(Tile(mr: 6, nr: 8), .tabled), .complex64, .avx2)
    #expect(
      KernelEmitter.prototype(for: tile) == """
        void es_tiletab_c64_6x8_avx2(long m, long n, long k, const float *restrict a, const float *restrict b, \
        es_c64 *restrict c, const long *restrict rows, const long *restrict columns, long accumulate);
        """)
    #expect(
      KernelEmitter.prototype(for: KernelSpec(.convert(from: .float16), .int8, .baseline)) == """
        void es_convert_f16_i8_baseline(long rows, long columns, signed char *restrict out, long rs_out, \
        long cs_out, const unsigned short *restrict a, long rs_a, long cs_a);
        """)
  }

  @Test("no kernel has an include, a macro, an intrinsic or a line with a blank at its end")
  func dialect() {
    for file in KernelLibrary.files where file.path.hasSuffix(".c") && file.path != "table.c" {
      for word in ["#include", "#define", "_mm", "\t"] {
        #expect(!file.text.contains(word), "\(file.path) \(word)")
      }
      #expect(!file.text.split(separator: "\n").contains { $0.hasSuffix(" ") }, "\(file.path)")
    }
  }

  @Test("every kernel's text stands alone", arguments: [ISA.baseline])
  func standsAlone(isa: ISA) throws {
    let kinds: [KernelKind] = [.pack(width: 6, .tabled), .sum, .product]
    let plain = ElementType.kernelTypes.flatMap { type in kinds.map { KernelSpec($0, type, isa) } }
    for spec in plain + KernelSpec.widenedKernels(on: isa) {
      let source = KernelEmitter.source(for: spec)
      _ = try SystemCompiler.load(source, ["-O1", "-Wall", "-Wextra", "-Werror"])
    }
  }
}
