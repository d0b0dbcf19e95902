/// What the compiler made of an einsum, what it expects of it, and why.
///
/// A plain value: two compilations of the same request for the same machine give equal ones. Its text form
/// (``description``) is for people, its JSON for tools; the article <doc:ExplanationSchema> lists the keys.
///
///     let kernel = try Einsum.compile("ij,jk->ik", operands: [a.layout, b.layout], elementType: .float32)
///     print(kernel.explanation)                       // the whole story
///     kernel.explanation.steps[0].prediction.share    // 0.89 of the machine's peak
///
/// Sizes are in bytes, times in seconds, rates in GFLOP/s and GB/s. Counts are real numbers, as they may be past `Int`.
public struct Explanation: Hashable, Sendable, Codable {
  /// The version of this type's JSON; it grows when a key changes its meaning or goes, not when one is added.
  public static let currentSchemaVersion = 1

  public var schemaVersion = Explanation.currentSchemaVersion
  /// The einsum as it was written.
  public var expr: String
  /// The code of the operands' type, `f32`; several joined by commas if they differ.
  public var dtype: String
  public var machine: Processor
  /// What bounds any kernel on the machine, assumed or measured: what predictions are made with.
  public var limits: Limits
  /// In the order in which they occur first.
  public var indices: [Index]
  public var operands: [Tensor]
  public var output: Tensor
  /// Multiplications and additions of all steps.
  public var flop: Double
  /// The bytes of operands and output, each counted once.
  public var bytes: Double
  /// Operations per byte.
  public var intensity: Double
  /// What a call needs beside operands and output.
  public var workspaceBytes: Int
  /// Operations if all operands were multiplied in a single loop nest, for comparison with `flop`.
  public var singleNestFlop: Double
  public var prediction: Prediction
  /// In the order in which they run; `inputs` and `output` of the steps are the contraction tree.
  public var steps: [Step]
  public var notes: [Note]
  /// What calls really took, where that was asked for.
  public var measurement: Measurement?
}

extension Explanation {
  /// The CPU that the kernel was planned for.
  public struct Processor: Hashable, Sendable, Codable {
    /// `baseline`, `avx2` or `avx512`.
    public var isa: String
    public var vectorBytes: Int
    public var l1Bytes: Int
    public var l2Bytes: Int
    public var l3Bytes: Int
    /// How many threads a call may use.
    public var threads: Int
  }

  /// An index of the einsum as it was written.
  public struct Index: Hashable, Sendable, Codable {
    /// As it is written; dimensions of an ellipsis are `{.0}`, `{.1}`, ...
    public var label: String
    public var extent: Int
    public var isSummed: Bool
    /// Which operands have it, extent 1 that broadcasts not counted.
    public var operands: [Int]
  }

  /// An operand or the result.
  public struct Tensor: Hashable, Sendable, Codable {
    /// `%0`, `%1`, ... for operands, `out` for the result.
    public var name: String
    /// Its term of the einsum.
    public var term: String
    public var dtype: String
    public var shape: [Int]
    /// In elements.
    public var strides: [Int]
    /// The bytes of the elements that are touched.
    public var bytes: Double
  }

  /// What a kernel or a step is expected to take, on the machine's threads.
  public struct Prediction: Hashable, Sendable, Codable {
    public var seconds: Double
    public var gflops: Double
    /// How much of the time the arithmetic alone would take at the machine's peak, from 0 to 1.
    public var share: Double
    /// The machine's peak for this type of element on all its threads.
    public var peakGflops: Double
    /// The least time for bringing the data from memory and back; 0 if they stay in the cache.
    public var memorySeconds: Double
    public var bound: Bound
  }

  /// What a time mostly consists of.
  public enum Bound: String, Hashable, Sendable, Codable {
    case arithmetic, memory
    /// Neither: loads, stores, packing, padding and calls.
    case overhead
  }

  /// Times of single calls, on operands that were used just before.
  public struct Measurement: Hashable, Sendable, Codable {
    public var calls: Int
    public var minSeconds: Double
    public var medianSeconds: Double
    /// Of the quickest call.
    public var gflops: Double
    public var gbPerS: Double

    /// - Parameter times: the seconds that each call took; at least one.
    package init(times: [Double], flop: Double, bytes: Double) {
      let sorted = times.sorted()
      calls = times.count
      minSeconds = sorted[0]
      medianSeconds = (sorted[sorted.count / 2] + sorted[(sorted.count - 1) / 2]) / 2
      gflops = flop / max(minSeconds, 1e-9) * 1e-9
      gbPerS = bytes / max(minSeconds, 1e-9) * 1e-9
    }
  }

  /// Something worth knowing about an einsum.
  public struct Note: Hashable, Sendable, Codable {
    /// Stable, for tools: `summed-first`, `outer-product`, ...
    public var code: String
    public var text: String

    package init(code: String, text: String) {
      self.code = code
      self.text = text
    }
  }
}
