package import EinsumIR

/// What bounds any kernel on a machine: arithmetic on registers alone, and memory bandwidth.
///
/// Rates are in GFLOP/s, where a multiplication with an addition counts two, and in GB/s, where every byte that a loop
/// names counts once: a plain store first reads its cache line, which is not counted; a "stream" store does not read it.
public struct Limits: Hashable, Sendable, Codable {
  /// Whether they were measured; else they are what a machine of this kind is assumed to have.
  public var isMeasured: Bool
  /// How many threads worked at once.
  public var threads: Int
  public var vectorBytes: Int
  /// The size of each array that was read or written, well past the caches; 0 if nothing was measured.
  public var arrayBytes: Int
  /// Multiply-adds on registers, float32 and float64.
  public var fmaF32Gflops: Double
  public var fmaF64Gflops: Double
  public var readGbPerS: Double
  public var writeGbPerS: Double
  public var copyGbPerS: Double
  /// `z = x + 3 * y`.
  public var triadGbPerS: Double
  /// With stores that bypass the caches, where the CPU has them.
  public var writeStreamGbPerS: Double?
  public var copyStreamGbPerS: Double?
  public var triadStreamGbPerS: Double?
  /// The library's register tiles alone, on panels that stay in the nearest cache; by kernel.
  public var tileGflops: [String: Double]
}

extension Limits {
  /// What a machine is assumed to have where nothing was measured: 2.5 GHz, and what the cores of a server get of its
  /// memory, which four of them exhaust.
  package static func assumed(for machine: Machine) -> Limits {
    let peak = 2.5 * operationsPerCycle(machine) * Double(machine.threads)
    let readers = Double(min(machine.threads, 4))
    return Limits(
      isMeasured: false, threads: machine.threads, vectorBytes: machine.isa.vectorBytes, arrayBytes: 0,
      fmaF32Gflops: peak, fmaF64Gflops: peak / 2, readGbPerS: 15 * readers, writeGbPerS: 10 * readers,
      copyGbPerS: 14 * readers, triadGbPerS: 15 * readers, writeStreamGbPerS: nil, copyStreamGbPerS: nil,
      triadStreamGbPerS: nil, tileGflops: [:])
  }

  /// The clock that the arithmetic ran at, in GHz.
  package func clock(of machine: Machine) -> Double {
    fmaF32Gflops / Double(threads) / Self.operationsPerCycle(machine)
  }

  /// Operations on float32 in a cycle: fused multiply-adds of vectors, or without them a multiplication and an addition.
  private static func operationsPerCycle(_ machine: Machine) -> Double {
    let lanes = Double(machine.isa.vectorBytes / 4)
    #if arch(x86_64)
      if machine.isa == .baseline { return 2 * lanes }
    #endif
    return 2 * Double(machine.fmasPerCycle) * lanes
  }

  /// The highest rate of all threads in GFLOP/s for arithmetic in a type, as steps count their operations.
  ///
  /// A complex multiply-add, which counts two, takes eight real operations. Integers have no fused form, and 64-bit
  /// products take several instructions; their rates are estimates.
  package func peak(for type: ElementType) -> Double {
    switch type {
    case .float16, .bfloat16, .float32: fmaF32Gflops
    case .float64: fmaF64Gflops
    case .complex64: fmaF32Gflops / 4
    case .complex128: fmaF64Gflops / 4
    case .bool: fmaF32Gflops * 4
    case .int8, .uint8, .int16, .uint16: fmaF32Gflops
    case .int32, .uint32: fmaF32Gflops / 2
    case .int64, .uint64: fmaF32Gflops / 8
    }
  }

  /// The highest rate for a cost model that counts two vector operations in a cycle, divided by the true one.
  package func slowdown(for type: ElementType) -> Double {
    let vectors =
      type.componentType.size == 8 ? fmaF64Gflops : fmaF32Gflops * 4 / Double(type.componentType.size)
    return max(1, vectors / peak(for: type))
  }
}
