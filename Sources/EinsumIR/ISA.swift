/// An instruction set for which the kernel library has code.
///
/// - `baseline`: what every CPU of the architecture has (SSE2 on x86-64, NEON on aarch64), in vectors of 16 bytes.
/// - `avx2`: AVX2, FMA, F16C and BMI2, in vectors of 32 bytes.
/// - `avx512`: AVX-512 F, BW, DQ and VL on top of these, in vectors of 64 bytes.
package enum ISA: String, CaseIterable, Hashable, Sendable, Codable {
  case baseline, avx2, avx512

  /// The size of a vector register in bytes.
  package var vectorBytes: Int {
    switch self {
    case .baseline: 16
    case .avx2: 32
    case .avx512: 64
    }
  }
}
