import EinsumIR
import EinsumPlanner

/// Turns cycles, operations and bytes into times on a machine whose limits are known.
struct Predictor {
  let plan: EinsumIR.Plan
  let machine: Machine
  let limits: Limits

  /// A call of a compiled kernel, and one of a library kernel, in seconds.
  private static let callSeconds = 5e-8

  /// What a step takes that its schedule runs in so many cycles.
  ///
  /// The longest of three, as they overlap: the arithmetic at its peak, the schedule's cycles, and memory. A step that is
  /// not shared among threads has one thread's part of what the machine can do.
  func prediction(of step: Step, cycles: Double) -> Explanation.Prediction {
    let type = step.contraction.computeType
    let part = step.schedule.isShared ? 1 : 1 / Double(machine.threads)
    let clock = limits.clock(of: machine) * 1e9
    let running = cycles * limits.slowdown(for: type) / clock / (part * Double(machine.threads))
    return prediction(
      flop: step.flopCount, peak: productsAtOnce(of: step) * peak(for: type), part: part,
      memory: memorySeconds(of: step) / part,
      running: running + Self.callSeconds)
  }

  /// How many products are added in the time that one takes in the compute type: two in pairs, sixteen times as many in
  /// tiles of AMX.
  private func productsAtOnce(of step: Step) -> Double {
    guard case .tiled = step.schedule else { return 1 }
    if step.contraction.multipliesHalves { return machine.halfProducts == .amx ? 16 : 2 }
    return step.contraction.multipliesPairs ? 2 : 1
  }

  /// The rate of all of the machine's threads, where limits were measured on another number of them.
  private func peak(for type: ElementType) -> Double {
    limits.peak(for: type) * Double(machine.threads) / Double(limits.threads)
  }

  /// One after the other.
  func sum(_ steps: [Explanation.Prediction]) -> Explanation.Prediction {
    let arithmetic = steps.reduce(0) { $0 + $1.share * $1.seconds }
    var result = prediction(
      flop: plan.flopCount,
      peak: steps.map(\.peakGflops).max() ?? peak(for: plan.contraction.computeType), part: 1,
      memory: steps.reduce(0) { $0 + $1.memorySeconds },
      running: steps.reduce(Self.callSeconds) { $0 + $1.seconds })
    result.share = arithmetic / result.seconds
    return result
  }

  private func prediction(
    flop: Double, peak: Double, part: Double, memory: Double, running: Double
  ) -> Explanation.Prediction {
    let arithmetic = flop / (peak * part * 1e9)
    let seconds = max(arithmetic, memory, running)
    let bound: Explanation.Bound =
      max(arithmetic, memory) < seconds / 2 ? .overhead : memory > arithmetic ? .memory : .arithmetic
    return Explanation.Prediction(
      seconds: seconds, gflops: flop / seconds * 1e-9, share: arithmetic / seconds * part, peakGflops: peak,
      memorySeconds: memory, bound: bound)
  }

  /// The time of a step's traffic with memory: of operands and result where they do not stay in the second cache from
  /// call to call, and of intermediates that are too large for it.
  private func memorySeconds(of step: Step) -> Double {
    let cache = Double(machine.l2)
    let isCached = plan.byteCount <= cache
    func isInMemory(_ tensor: Int, _ bytes: Double) -> Bool {
      if case .workspace = plan.tensors[tensor].place { return bytes > cache / 2 }
      return !isCached
    }
    let contraction = step.contraction
    var seconds = 0.0
    for (tensor, access) in zip(step.inputs, contraction.operands) {
      let bytes = contraction.byteCount(of: access)
      if isInMemory(tensor, bytes) { seconds += bytes / limits.readGbPerS * 1e-9 }
    }
    let bytes = contraction.byteCount(of: contraction.output)
    let isStreamed =
      switch step.schedule {
      case .tiled(let tiled): tiled.streams
      case .map(let map): map.streams
      case .batched: false
      }
    let writing = isStreamed ? limits.writeStreamGbPerS ?? limits.writeGbPerS : limits.writeGbPerS
    if isInMemory(step.output, bytes) { seconds += bytes / writing * 1e-9 }
    return seconds
  }
}
