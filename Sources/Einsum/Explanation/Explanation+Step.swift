extension Explanation {
  /// One step: an operation on one or two tensors, and the loops that do it.
  public struct Step: Hashable, Sendable, Codable {
    /// `%3`, or `out` for the result.
    public var output: String
    public var inputs: [String]
    /// `contract`, `sum`, `convert`, `conjugate` or `zero`.
    public var operation: String
    /// What people call it: `matrix product`, `outer product`, `transpose`, ...
    public var kind: String
    /// Which indices do what; empty but for `contract`.
    public var roles: Roles
    public var flop: Double
    /// The bytes of its tensors, each counted once.
    public var bytes: Double
    public var intensity: Double
    public var prediction: Prediction
    /// The decisions, one per line of text.
    public var schedule: Schedule
    /// The other schedules that were compared, the best first.
    public var alternatives: [Alternative]
    /// Why this schedule and not the next best.
    public var reason: String
    public var loops: [Statement]
  }

  /// The indices of a pairwise step by role, as they are after folding, slowest first.
  public struct Roles: Hashable, Sendable, Codable {
    /// In both operands and the result.
    public var batch: [Index]
    /// In one operand and the result: the rows.
    public var m: [Index]
    /// In the other operand and the result: the columns.
    public var n: [Index]
    /// In both operands and summed.
    public var k: [Index]

    public struct Index: Hashable, Sendable, Codable {
      public var label: String
      public var extent: Int
    }
  }

  /// How a step runs.
  public struct Schedule: Hashable, Sendable, Codable {
    /// `tiled`, `batched` or `map`.
    public var kind: String
    /// In one line.
    public var text: String
    /// In cycles of one core, as the planner's cost model has it.
    public var cycles: Double
    /// Of a tiled schedule.
    public var tile: Tile?
    /// The tensors that are copied into the kernel's order before use.
    public var packed: [Packed]
  }

  /// The register tile and the cache blocks of a tiled schedule, in elements.
  public struct Tile: Hashable, Sendable, Codable {
    /// The indices that the tile and its blocks run over; others of their role run in loops outside.
    public var m: [Roles.Index]
    public var n: [Roles.Index]
    public var k: [Roles.Index]
    public var mr: Int
    public var nr: Int
    public var mc: Int
    public var kc: Int
    public var nc: Int
    /// Vector registers that hold sums, and how many there are.
    public var accumulators: Int
    public var registers: Int
    /// How much of all tiles is not padding, from 0 to 1.
    public var fill: Double
  }

  /// A tensor's block in the kernel's order.
  public struct Packed: Hashable, Sendable, Codable {
    public var tensor: String
    public var bytes: Double
    /// Where a block of this size lives.
    public var level: CacheLevel
    public var access: Access

    /// How a tensor is read to pack it.
    public enum Access: String, Hashable, Sendable, Codable {
      /// Its contiguous elements lie along the panel.
      case copy
      /// They lie along the sum, and are transposed in registers.
      case transpose
      /// Panels are made together from cache lines that they share.
      case across
      /// One by one, with a stride.
      case gather
      /// One by one, through a table of offsets.
      case offsets
    }
  }

  /// A schedule that was not taken.
  public struct Alternative: Hashable, Sendable, Codable {
    public var text: String
    public var cycles: Double
    /// `cycles` divided by those of the schedule taken.
    public var ratio: Double
  }

  /// Where a block of a size lives: the smallest that holds it.
  public enum CacheLevel: String, Hashable, Sendable, Codable {
    case l1, l2, l3, memory
  }
}
