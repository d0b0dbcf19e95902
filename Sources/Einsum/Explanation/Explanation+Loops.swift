extension Explanation {
  /// A line of a step's loop nest. In JSON an object with one key, `loop`, `kernel`, `table` or
  /// `barrier`.
  ///
  /// Indirect, since a tag in the unused bits of a payload looks like uninitialized memory to valgrind.
  public indirect enum Statement: Hashable, Sendable, Codable {
    case loop(Loop)
    case kernel(KernelCall)
    case table(Table)
    case barrier(Barrier)
  }

  /// A loop of a step's nest.
  public struct Loop: Hashable, Sendable, Codable {
    /// The C variable.
    public var variable: String
    /// The indices that it runs over, slowest first.
    public var label: String
    /// How many values there are; the mean where the last block is shorter.
    public var extent: Double
    /// How many of them one pass covers.
    public var step: Int
    /// How many passes there are, each time the loop is entered; the mean likewise.
    public var trips: Double
    /// Whether its blocks are divided among threads.
    public var isShared: Bool
    /// What one pass touches.
    public var workingSetBytes: Double
    /// Where that lives.
    public var level: CacheLevel
    /// The line of the C text, from 1.
    public var line: Int
    public var body: [Statement]
  }

  /// A call of a library kernel.
  public struct KernelCall: Hashable, Sendable, Codable {
    public var symbol: String
    /// What it does, in words.
    public var text: String
    /// How often it is called in all.
    public var calls: Double
    /// What one call touches.
    public var bytes: Double
    public var line: Int
  }

  /// Computing a table of offsets, for a group of indices that no single stride steps through.
  public struct Table: Hashable, Sendable, Codable {
    public var name: String
    public var entries: Double
    public var bytes: Double
    public var line: Int
  }

  /// Where every thread waits for all others.
  public struct Barrier: Hashable, Sendable, Codable {
    public var line: Int
  }
}

extension Explanation.Statement {
  private enum Key: String, CodingKey { case loop, kernel, table, barrier }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    if let loop = try container.decodeIfPresent(Explanation.Loop.self, forKey: .loop) {
      self = .loop(loop)
    } else if let table = try container.decodeIfPresent(Explanation.Table.self, forKey: .table) {
      self = .table(table)
    } else if let barrier = try container.decodeIfPresent(Explanation.Barrier.self, forKey: .barrier) {
      self = .barrier(barrier)
    } else {
      self = .kernel(try container.decode(Explanation.KernelCall.self, forKey: .kernel))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    switch self {
    case .loop(let loop): try container.encode(loop, forKey: .loop)
    case .kernel(let call): try container.encode(call, forKey: .kernel)
    case .table(let table): try container.encode(table, forKey: .table)
    case .barrier(let barrier): try container.encode(barrier, forKey: .barrier)
    }
  }
}
