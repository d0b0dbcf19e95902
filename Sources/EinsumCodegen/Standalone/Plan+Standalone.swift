package import EinsumIR

extension Plan {
  /// This plan with maps that run row by row.
  ///
  /// Where nothing is summed, staged or streamed and every tensor has stride 1 or 0 along the last index, blocks change no bit of the
  /// result; they save the JIT calls, of which a standalone file has none.
  package var withPlainRows: Plan {
    var result = self.withoutBatches.withoutCollectedTiles
    for number in result.steps.indices {
      let steps = result.steps
      let contraction = steps[number].contraction
      guard case .map(var schedule) = steps[number].schedule, contraction.hasPlainRows(schedule) else {
        continue
      }
      let columns = schedule.columns.map { contraction.indices[$0].extent } ?? 1
      schedule.rowBlock = 1
      if columns <= longestRow { schedule.columnBlock = max(columns, 1) }
      result.steps[number].schedule = .map(schedule)
    }
    return result
  }
}

extension Plan {
  /// This plan with maps in place of batched products, whose kernels choose among functions at run time; sizes that are
  /// known leave nothing to choose.
  private var withoutBatches: Plan {
    var result = self
    for number in steps.indices {
      guard case .batched = steps[number].schedule else { continue }
      let order = PlainStep.order(of: steps[number])
      result.steps[number].schedule = .map(
        MapSchedule(
          order: order, rows: order.dropLast().last, columns: order.last, rowBlock: 1024, columnBlock: 1024))
    }
    return result
  }
}

extension Plan {
  /// This plan with tiles that go straight to the output, as a standalone file has no stores past the caches to collect
  /// them for.
  private var withoutCollectedTiles: Plan {
    var result = self
    for number in steps.indices {
      guard case .tiled(var schedule) = steps[number].schedule else { continue }
      schedule.streams = false
      result.steps[number].schedule = .tiled(schedule)
    }
    return result
  }
}

/// A row of this many elements is left whole; blocks of longer ones are what threads may share.
private let longestRow = 65536

extension Contraction {
  fileprivate func hasPlainRows(_ schedule: MapSchedule) -> Bool {
    guard summed.isEmpty, !needsStages, !schedule.streams, schedule.staged.isEmpty,
      let columns = schedule.columns,
      schedule.order.last == columns
    else { return false }
    return output.stride(of: columns) == 1
      && operands.allSatisfy { [0, 1].contains($0.stride(of: columns) ?? 0) }
  }
}
