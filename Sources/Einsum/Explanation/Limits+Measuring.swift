internal import CEinsumRuntime
package import EinsumIR
package import EinsumSyntax

extension Limits {
  /// Measures the limits of the host with an instruction set that it has.
  ///
  /// - Parameters:
  ///   - machine: which vectors to use, how many threads, and how large arrays must be to be past the caches.
  ///   - seconds: how long each of the limits is measured; the best counts.
  /// - Throws: `EinsumError` [out-of-memory] if there is no room for three arrays of four times the last cache.
  package static func measured(on machine: Machine, seconds: Double) throws(EinsumError) -> Limits {
    let arrayBytes = 4 * max(machine.l3, 8 << 20)
    var best = [Double](repeating: 0, count: ES_LIMIT_COUNT)
    let isDone = best.withUnsafeMutableBufferPointer { best in
      guard let base = best.baseAddress else { return false }
      return es_measure_limits(
        Int32(machine.isa.vectorBytes), Int32(machine.threads), arrayBytes, seconds, base)
    }
    if !isDone { throw EinsumError(.outOfMemory(bytes: 3 * arrayBytes, what: "measuring the limits")) }
    func rate(_ limit: Int) -> Double { best[limit] * 1e-9 }
    func streamRate(_ limit: Int) -> Double? { rate(limit) > 0 ? rate(limit) : nil }
    return Limits(
      isMeasured: true, threads: machine.threads, vectorBytes: machine.isa.vectorBytes,
      arrayBytes: arrayBytes,
      fmaF32Gflops: rate(ES_LIMIT_FMA_F32), fmaF64Gflops: rate(ES_LIMIT_FMA_F64),
      readGbPerS: rate(ES_LIMIT_READ), writeGbPerS: rate(ES_LIMIT_WRITE),
      copyGbPerS: rate(ES_LIMIT_COPY), triadGbPerS: rate(ES_LIMIT_TRIAD),
      writeStreamGbPerS: streamRate(ES_LIMIT_WRITE_STREAM),
      copyStreamGbPerS: streamRate(ES_LIMIT_COPY_STREAM),
      triadStreamGbPerS: streamRate(ES_LIMIT_TRIAD_STREAM),
      tileGflops: try TileRates.measured(on: machine, seconds: seconds))
  }
}
