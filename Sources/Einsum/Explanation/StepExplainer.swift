import EinsumCodegen
import EinsumIR
import EinsumPlanner

/// Explains one step of a compilation.
struct StepExplainer {
  let compilation: Compilation
  let number: Int
  let machine: Machine
  let predictor: Predictor

  private var plan: EinsumIR.Plan { compilation.plan }
  private var planned: EinsumIR.Step { plan.steps[number] }
  private var contraction: Contraction { planned.contraction }

  var step: Explanation.Step {
    let candidates = ScheduleCandidates(for: planned, of: plan, on: machine)
    let taken = candidates.best
    let others = candidates.all.dropFirst()
    var nest = LoopNestExplainer(compilation: compilation, step: number, machine: machine)
    let loops = nest.statements
    let tensors = contraction.operands + [contraction.output]
    let bytes = tensors.reduce(0) { $0 + contraction.byteCount(of: $1) }
    return Explanation.Step(
      output: plan.name(of: planned.output), inputs: planned.inputs.map(plan.name),
      operation: planned.operation.rawValue, kind: planned.kind, roles: roles, flop: planned.flopCount,
      bytes: bytes, intensity: planned.flopCount / max(bytes, 1),
      prediction: predictor.prediction(of: planned, cycles: taken.cycles),
      schedule: schedule(taken, packed: nest.packed),
      alternatives: others.map {
        .init(text: text(of: $0.schedule), cycles: $0.cycles, ratio: $0.cycles / taken.cycles)
      },
      reason: reason(taken, others.first), loops: loops)
  }

  private var roles: Explanation.Roles {
    guard planned.operation == .contract, contraction.operands.count == 2 else {
      return .init(batch: [], m: [], n: [], k: [])
    }
    let roles = IndexRoles(contraction)
    let isSwapped =
      switch planned.schedule {
      case .map: false
      case .tiled(let tiled): tiled.rowOperand == 1
      case .batched(let batched): batched.rowOperand == 1
      }
    return .init(
      batch: group(roles.batch), m: group(isSwapped ? roles.n : roles.m),
      n: group(isSwapped ? roles.m : roles.n),
      k: group(roles.k))
  }

  private func group(_ positions: [Int]) -> [Explanation.Roles.Index] {
    positions.map { .init(label: contraction.indices[$0].label.name, extent: contraction.indices[$0].extent) }
  }

  // MARK: Schedules

  private func schedule(_ taken: ScheduleCandidate, packed: [Explanation.Packed]) -> Explanation.Schedule {
    let (kind, tile): (String, Explanation.Tile?) =
      switch planned.schedule {
      case .map: ("map", nil)
      case .tiled(let tiled): ("tiled", tile(tiled))
      case .batched: ("batched", nil)
      }
    return .init(
      kind: kind, text: text(of: planned.schedule), cycles: taken.cycles, tile: tile, packed: packed)
  }

  private func tile(_ tiled: TiledSchedule) -> Explanation.Tile {
    let tile = tiled.tile
    return .init(
      m: group(tiled.m), n: group(tiled.n), k: group(tiled.k), mr: tile.mr, nr: tile.nr,
      mc: tiled.blocking.mc, kc: tiled.blocking.kc, nc: tiled.blocking.nc,
      accumulators: tile.mr * vectors(tile) * contraction.computeType.componentCount,
      registers: machine.isa.registerCount, fill: fill(tiled))
  }

  private func text(of schedule: Schedule) -> String {
    switch schedule {
    case .map(let map):
      map.order.isEmpty
        ? "one element"
        : "loops \(contraction.names(map.order)), blocks of \(map.rowBlock)x\(map.columnBlock) of "
          + contraction.names(map.rowIndices.reversed() + map.columnIndices.reversed())
          + (map.isGrouped ? " by way of a strip of scratch" : "")
          + (map.staged.isEmpty ? "" : ", \(counted(map.staged.count, "operand")) in strips of scratch")
          + (map.parts.map { ", sums in \($0.count(in: contraction)) parts" } ?? "")
          + (map.streams ? ", output past the caches" : "")
    case .tiled(let tiled):
      "register \(name(tiled)), blocks mc \(tiled.blocking.mc) kc \(tiled.blocking.kc) nc \(tiled.blocking.nc)"
        + (tiled.parts.map { ", sums in \($0.count(in: contraction)) parts" } ?? "")
        + (tiled.streams ? ", output past the caches" : "")
    case .batched(let batched):
      "\(name(batched)), \(counted(batched.batchBlock, batched.kernel == .dots ? "row" : "product")) to a call"
        + copies(batched)
    }
  }

  /// What a batched schedule copies, after a comma.
  private func copies(_ batched: BatchedSchedule) -> String {
    func text(_ isOnce: Bool, _ when: String) -> String {
      let names = PairTensor.allCases
        .filter { batched.copied.contains($0) && batched.isCopiedOnce($0, in: contraction) == isOnce }
        .map(\.rawValue)
      return names.isEmpty ? "" : ", \(names.joined(separator: " and ")) copied \(when)"
    }
    return text(true, "before the calls") + text(false, "for each call")
  }

  /// The vectors of a row of a tile.
  private func vectors(_ tile: EinsumIR.Tile) -> Int {
    let lanes = machine.isa.vectorBytes / contraction.computeType.componentType.size
    return (tile.nr + lanes - 1) / lanes
  }

  /// How much of all tiles holds elements of the result.
  private func fill(_ tiled: TiledSchedule) -> Double {
    func share(_ group: PairGroup, _ width: Int) -> Double {
      let extent = tiled.extent(of: group, in: contraction)
      return Double(extent) / Double((extent + width - 1) / width * width)
    }
    return share(.m, tiled.tile.mr) * share(.n, tiled.tile.nr)
  }

  // MARK: Why

  private func reason(_ taken: ScheduleCandidate, _ next: ScheduleCandidate?) -> String {
    guard let next else {
      return contraction.indices.count > 1
        ? "there is no other schedule for it" : "there is only one order of loops"
    }
    let ratio = "\(Quantity.decimal(next.cycles / taken.cycles)) times as long"
    switch (taken.schedule, next.schedule) {
    case (.tiled(let a), .tiled(let b)):
      return
        "\(name(a)) is the quickest by the cost model: it \(merits(a)). Next best is \(name(b)), \(ratio): "
        + "it \(merits(b))"
    case (.batched(let a), _):
      return "\(name(a)) are the quickest by the cost model. Next best is \(name(next.schedule)), \(ratio)"
    case (_, .batched(let b)):
      return
        "\(name(taken.schedule)) is the quickest by the cost model. Next best are \(name(b)), \(ratio)"
    case (.tiled(let a), .map):
      return
        "\(name(a)) is the quickest by the cost model: it \(merits(a)). As a plain loop nest, next best, the "
        + "step takes \(ratio)"
    case (.map, .tiled(let b)):
      return
        "a plain loop nest is the quickest by the cost model. Next best is \(name(b)), \(ratio) with packing: "
        + "it \(merits(b))"
    case (.map(let a), .map(let b)):
      guard let mine = a.columns, let other = b.columns else { return "there is no other schedule" }
      let label = { (index: Int) in contraction.indices[index].label.name }
      return
        "with \(label(mine)) as columns the tensors fetch the fewest cache lines for each element. Next best is "
        + "\(label(other)), \(ratio)"
    }
  }

  /// `tile 6x64`, and what sets it apart from others of the same tile.
  private func name(_ tiled: TiledSchedule) -> String {
    "tile \(tiled.tile.mr)x\(tiled.tile.nr)"
      + (tiled.outer.isEmpty ? "" : " in loops over \(contraction.names(tiled.outer))")
      + (tiled.across.map { ", panels packed across \(contraction.names([$0.index]))" } ?? "")
  }

  /// `1 row`, `2 rows`.
  private func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

  /// `small products with vectors along k`.
  private func name(_ batched: BatchedSchedule) -> String {
    switch batched.kernel {
    case .columns: "small products with vectors along \(contraction.names([batched.n].compactMap(\.self)))"
    case .lanes: "small products side by side along \(contraction.names([batched.batch].compactMap(\.self)))"
    case .dots: "sums along \(contraction.names([batched.k].compactMap(\.self))) without packing"
    }
  }

  private func name(_ schedule: EinsumIR.Schedule) -> String {
    switch schedule {
    case .map: "a plain loop nest"
    case .tiled(let tiled): name(tiled)
    case .batched(let batched): name(batched)
    }
  }

  private func merits(_ tiled: TiledSchedule) -> String {
    let sums = Double(tiled.tile.mr * vectors(tiled.tile))
    let loads = Double(tiled.tile.mr + vectors(tiled.tile))
    return
      "fills \(Quantity.percent(fill(tiled))) of its tiles and does \(Quantity.decimal(sums / loads, digits: 2)) "
      + "multiply-adds for each load"
  }
}

extension ISA {
  /// How many vector registers there are.
  fileprivate var registerCount: Int {
    #if arch(x86_64)
      return self == .avx512 ? 32 : 16
    #else
      return 32
    #endif
  }
}

extension EinsumIR.Step {
  /// What people call the step.
  fileprivate var kind: String {
    switch operation {
    case .zero: return "clearing"
    case .convert: return "conversion to \(contraction.output.elementType.code)"
    case .conjugate: return "conjugation"
    case .sum:
      if !contraction.summed.isEmpty {
        return contraction.output.indices.isEmpty ? "sum of all elements" : "sum"
      }
      return isCopy ? "copy" : "transpose"
    case .contract:
      return contraction.operands.count == 2 ? pairKind : "product of \(contraction.operands.count) tensors"
    }
  }

  /// Whether the result's elements follow each other as the operand's do.
  private var isCopy: Bool {
    let magnitudes = { (tensor: TensorAccess) in
      tensor.indices.sorted { tensor.stride(of: $0)?.magnitude ?? 0 > tensor.stride(of: $1)?.magnitude ?? 0 }
    }
    return contraction.operands.allSatisfy { magnitudes($0) == magnitudes(contraction.output) }
  }

  private var pairKind: String {
    let roles = IndexRoles(contraction)
    let batched = roles.batch.isEmpty ? "" : "batched "
    switch (roles.m.isEmpty, roles.n.isEmpty, roles.k.isEmpty) {
    case (false, false, false): return batched + "matrix product"
    case (true, true, false): return batched + "inner product"
    case (_, _, false): return batched + "matrix-vector product"
    case (false, false, true): return batched + "outer product"
    case (true, true, true): return "elementwise product"
    case (_, _, true): return "scaling"
    }
  }
}
