import EinsumIR

/// The predicted time of a batched step, in cycles; of the ways to memory only those are counted that a better order saves.
///
/// The constants were measured on Ice Lake with float32 and products in L1; see the tests of the scheduler for what
/// they decide.
struct BatchedCost {
  let schedule: BatchedSchedule
  let contraction: Contraction
  let machine: Machine
  private let type: ElementType
  private let m: Double
  private let n: Double
  private let k: Double
  /// Components of a whole vector.
  private let mostLanes: Double

  init(_ schedule: BatchedSchedule, _ contraction: Contraction, _ machine: Machine) {
    self.schedule = schedule
    self.contraction = contraction
    self.machine = machine
    type = contraction.computeType.kernelType
    m = Double(schedule.extent(schedule.m, in: contraction))
    n = Double(schedule.extent(schedule.n, in: contraction))
    k = Double(schedule.extent(schedule.k, in: contraction))
    mostLanes = Double(machine.isa.vectorBytes / type.componentType.size)
  }

  var total: Double { max(running + rereading, refetching) }

  /// The time of kernels and copies where caches hold what they read.
  private var running: Double {
    let batch = Double(schedule.extent(schedule.batch, in: contraction))
    let calls = contraction.size(of: schedule.outer) * (batch / Double(schedule.batchBlock)).rounded(.up)
    let products = contraction.size(of: schedule.outer) * batch
    let copying = PairTensor.allCases.filter(schedule.copied.contains).reduce(0) { sum, tensor in
      let cost = copyCost(tensor)
      if schedule.isCopiedOnce(tensor, in: contraction) {
        return sum + contraction.size(of: schedule.outer) * (cost.product + cost.call)
      }
      return sum + cost.product * products + cost.call * calls
    }
    switch schedule.kernel {
    case .columns: return products * columnsCost + copying + calls * Self.callCost
    case .lanes:
      let vectors = contraction.size(of: schedule.outer) * vectorCount(of: batch)
      return vectors * lanesCost + copying + calls * Self.callCost
    case .dots: return dotsCost(products) + copying + calls * Self.callCost
    }
  }

  /// What starting a kernel costs: the driver's loop, the call, the choice of helpers.
  private static let callCost = 40.0

  // MARK: Kernels

  /// A product by the columns kernel: see `ColumnsEmitter` for how it is divided.
  private var columnsCost: Double {
    let components = n * Double(type.componentCount)
    var lanes = mostLanes
    while lanes > components && lanes > 1 { lanes /= 2 }
    let vectors = (components / lanes).rounded(.up)
    let limit = machine.isa == .avx512 && type.numberClass == .real ? 4.0 : 2.0
    let columnBlocks = (vectors / limit).rounded(.up)
    let isWide = machine.isa == .avx512 && type.numberClass == .real && lanes == mostLanes
    let rowBlocks = (m / (isWide ? min(16, 24 / min(vectors, limit)) : 8)).rounded(.up)
    let block = blockCost(
      height: m / rowBlocks, width: vectors / columnBlocks, bytes: lanes * Double(type.componentType.size))
    let blocks = rowBlocks * columnBlocks
    // Single elements in a row are sums of scalars, which wait for each other.
    let isInL1 = staysInL1(components * Double(type.componentType.size) / columnBlocks)
    let factor = lanes == 1 ? 2 : isInL1 ? 1 : 1 + Self.rereadingCost * (1 - 1 / rowBlocks)
    return blocks * (block * factor + (blocks == 1 ? 3 : 14)) + 2
  }

  /// Whether L1 keeps what a block of columns, so many bytes wide, reads of the columns' matrix for the next block of rows.
  /// Lines that lie a large power of two apart share few of its sets.
  private func staysInL1(_ width: Double) -> Bool {
    if schedule.copied.contains(.columns) { return true }
    let access = schedule.access(.columns, in: contraction)
    let step = abs(schedule.k.flatMap { access.stride(of: $0) } ?? 0) * access.elementType.size
    let apart = step == 0 ? cacheLine : max(1 << min(step.trailingZeroBitCount, 12), cacheLine)
    let read = (width / Double(cacheLine)).rounded(.up) * Double(cacheLine)
    return k * read <= Double(machine.l1) * 0.75 * min(1, read / Double(apart))
  }

  /// A vector's products by the lanes kernel.
  private var lanesCost: Double {
    let limit = machine.isa == .avx512 && type.numberClass != .complex ? 4.0 : 2.0
    let rowBlocks = (m / limit).rounded(.up)
    let columnBlocks = (n / limit).rounded(.up)
    let block = blockCost(
      height: m / rowBlocks, width: n / columnBlocks, bytes: Double(machine.isa.vectorBytes))
    let bytes = (m * k + k * n + m * n) * Double(machine.isa.vectorBytes)
    let isInL1 = bytes <= Double(machine.l1)
    return rowBlocks * columnBlocks * (block * (isInL1 ? 1 : Self.secondLevelFactor) + 14)
  }

  /// All products by the dots kernel: see `DotsEmitter` for how one is divided.
  private func dotsCost(_ products: Double) -> Double {
    let areRows =
      m == 1
      && schedule.batch.map { schedule.access(.columns, in: contraction).stride(of: $0) == nil } ?? true
    let steps = (k / mostLanes).rounded(.up)
    let rows = areRows ? Double(schedule.extent(schedule.batch, in: contraction)) : m
    let widest = machine.isa == .avx512 ? 8 : min(4, Int(mostLanes))
    let isSingle = m == 1 && !areRows && steps <= 4 && n > 1
    let load = machine.isa == .avx512 ? Self.wideLoadCost : 0.5
    /// A block's steps along the sum, and the sums of its lanes.
    func block(_ height: Double, _ width: Double) -> Double {
      if isSingle { return steps * width * Self.singleCost + width + 4 }
      return steps * max(height * width / 2, load * (height + width), 2 * Self.latencyCost) + height
        * (2 * width + 6)
    }
    func row(_ height: Double) -> Double {
      let whole = (n / Double(widest)).rounded(.down)
      var sum = whole * block(height, Double(widest))
      for width in sequence(first: widest / 2, next: { $0 > 1 ? $0 / 2 : nil }) where Int(n) & width != 0 {
        sum += block(height, Double(width))
      }
      return sum
    }
    let isInL1 = n * min(k, 256) * Double(type.size) <= Double(machine.l1) * 0.7
    let product = (rows / 3).rounded(.down) * row(3) + rows.truncatingRemainder(dividingBy: 3) * row(1)
    return products / (areRows ? rows : 1) * product * (isInL1 ? 1 : Self.secondLevelFactor)
  }

  /// A vector of a column in a product of one row.
  private static let singleCost = 0.75

  /// The groups of products that a block of the lanes kernel takes: whole vectors, then halves and so on.
  private func vectorCount(of batch: Double) -> Double {
    let lanes = mostLanes / Double(type.componentCount)
    let rest = Int(batch.truncatingRemainder(dividingBy: lanes))
    return (batch / lanes).rounded(.down) + Double(rest.nonzeroBitCount)
  }

  /// A register block of some rows of some vectors: multiply-adds or loads, whichever take longer, and stores.
  private func blockCost(height: Double, width: Double, bytes: Double) -> Double {
    let load = bytes >= 64 ? Self.wideLoadCost : 0.5
    let step = max(height * width / 2, load * (height + width), Self.latencyCost)
    return k * step + height * width
  }

  /// A load of 64 bytes or a broadcast to as many.
  private static let wideLoadCost = 0.85

  /// The least time of one step along k, while the sums of the step before are not yet there.
  private static let latencyCost = 2.0

  /// How much longer a block takes whose operands come from L2.
  private static let secondLevelFactor = 1.6

  /// How much longer a block takes whose rows of the columns' matrix come from L2, but for the first time that they are
  /// read. Measured on Zen 3: 128x128x128 runs at 59 GFLOP/s, where their lines share eight sets, 96x96x96 at 87.
  private static let rereadingCost = 0.4

  // MARK: Copies

  /// The time of a tensor's copy for each product, and for each call of the kernel.
  private func copyCost(_ tensor: PairTensor) -> (product: Double, call: Double) {
    let access = schedule.access(tensor, in: contraction)
    let matrix = schedule.matrix(tensor).map { index in
      (extent: schedule.extent(index, in: contraction), stride: index.flatMap { access.stride(of: $0) } ?? 0)
    }
    let size = matrix[0].extent * matrix[1].extent
    let isMerged =
      matrix.contains { $0.extent == 1 } || matrix[0].stride == matrix[1].stride * matrix[1].extent
      || matrix[1].stride == matrix[0].stride * matrix[0].extent
    let contiguous = matrix.first { $0.stride == 1 || ($0.extent == 1 && size == 1) }?.extent ?? 1
    switch schedule.kernel {
    case .lanes:
      // Each run of contiguous elements becomes a row for all products.
      let run = isMerged && contiguous > 1 ? size : contiguous
      return (Double(size / run) * runCost(run), Double(size / run) * Self.callCost)
    case .dots: return (Double(size) * Self.transposedCost + Self.callCost, 0)
    case .columns:
      let width = schedule.extent(schedule.n, in: contraction)
      let isContiguousAcross = schedule.batch.map { access.stride(of: $0) == 1 } ?? false
      if isContiguousAcross {
        return (Double(size / width) * runCost(width), Double(size / width) * Self.callCost)
      }
      return (Double(size / width) * runCost(width) + Self.callCost, 0)
    }
  }

  /// A run of elements that is transposed with others of its kind: in whole register blocks, and the rest one by one.
  private func runCost(_ length: Int) -> Double {
    let block = type.numberClass == .complex ? Int.max : min(Int(mostLanes), 16)
    let blocks = length / block * block
    return Self.transposedCost * Double(blocks) + Self.scalarCost * Double(length - blocks)
  }

  /// An element that is moved in a transposed register block.
  private static let transposedCost = 0.5

  /// An element that is moved on its own.
  private static let scalarCost = 1.5
}
