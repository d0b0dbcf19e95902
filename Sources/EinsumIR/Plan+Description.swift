import EinsumSyntax

extension Plan: CustomStringConvertible {
  /// The stable text form: totals, then a line for each step.
  ///
  ///     plan          805306368 flop  9437184 B  workspace 958464 B
  ///                   %2 = contract %0 %1   batch -  m i  n l  k j   gemm 14x32  mc 336 kc 512 nc 768
  package var description: String {
    let totals = "\(Self.count(flopCount)) flop  \(Self.count(byteCount)) B  workspace \(workspaceSize) B"
    return TextForm.stage("plan", [totals] + steps.map(\.description))
  }

  /// A count as an integer, or rounded with an exponent where it is past `Int64`.
  package static func count(_ value: Double) -> String {
    Int(exactly: value).map(String.init) ?? "\(value)"
  }
}

extension Step: CustomStringConvertible {
  /// One line: the result, the operation, the tensors and the schedule.
  package var description: String {
    let sources = inputs.map { " %\($0)" }.joined()
    return "%\(output) = \(operation.rawValue)\(sources)   " + scheduleText
  }

  private var scheduleText: String {
    switch schedule {
    case .map(let map):
      let kernel =
        "rows \(group(map.rowIndices.reversed()))  columns \(group(map.columnIndices.reversed()))"
      let blocks =
        "block \(map.rowBlock)x\(map.columnBlock)" + (map.streams ? "  streams" : "")
        + [("copied", map.copied), ("converted", map.converted)]
        .map { $1.isEmpty ? "" : "  \($0)" + $1.map { " %\(inputs[$0])" }.joined() }.joined()
      let parts = map.parts.map { "  parts \(group([$0.index])) by \($0.length)" } ?? ""
      let threads = map.shared.map { "  threads \(group([$0]))" } ?? ""
      return
        "order \(group(map.order))  \(kernel)   \(contraction.computeType.code) \(blocks)\(parts)\(threads)"
    case .tiled(let tiled):
      let groups =
        "batch \(group(tiled.batch))  m \(group(tiled.m))  n \(group(tiled.n))  k \(group(tiled.k))"
      let blocking = tiled.blocking
      let outer = tiled.outer.isEmpty ? "" : "  outer \(group(tiled.outer))"
      let across = tiled.across.map { "  across \(group([$0.index])) by \($0.block)" } ?? ""
      let order = tiled.tilesAlongRows ? "  along rows" : ""
      let streams = tiled.streams ? "  streams" : ""
      let swap = tiled.rowOperand == 1 ? "  swapped" : ""
      let inPlace =
        tiled.readsColumnsInPlace
        ? "  rows and columns in place" : tiled.readsRowsInPlace ? "  rows in place" : ""
      let parts = tiled.parts.map { "  parts of \($0.length)" } ?? ""
      let threads = tiled.sharing.map { "  threads \($0.level.rawValue)" } ?? ""
      return "\(groups)\(outer)\(across)   gemm \(tiled.tile.mr)x\(tiled.tile.nr)"
        + "  mc \(blocking.mc) kc \(blocking.kc) nc \(blocking.nc)\(swap)\(inPlace)\(order)\(streams)\(parts)\(threads)"
    case .batched(let batched):
      let roles = [("batch", batched.batch), ("m", batched.m), ("n", batched.n), ("k", batched.k)]
        .map { "\($0) \(group($1.map { [$0] } ?? []))" }.joined(separator: "  ")
      let swap = batched.rowOperand == 1 ? "  swapped" : ""
      let threads = batched.shared.map { "  threads \(group([$0]))" } ?? ""
      let copies = PairTensor.allCases.filter(batched.copied.contains).map { "  copied \($0.rawValue)" }
      return "outer \(group(batched.outer))  \(roles)   \(batched.kernel.rawValue)"
        + "  products \(batched.batchBlock)\(swap)\(copies.joined())\(threads)"
    }
  }

  private func group(_ positions: [Int]) -> String {
    positions.isEmpty ? "-" : contraction.names(positions)
  }
}
