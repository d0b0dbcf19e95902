import EinsumIR

/// The predicted cycles of a pairwise step as a map or reduce step: one multiply-add in two, as its output passes through L1,
/// without vectors unless the operands are contiguous along the columns or brought to strips that are; the start of each row and
/// each call; and the lines that its loops fetch more than once.
func pairMapCycles(of schedule: MapSchedule, for contraction: Contraction, on machine: Machine) -> Double {
  let points = contraction.points
  let (summed, staged) = (contraction.summed, schedule.staged)
  let isSum = { (index: Int?) in index.map(summed.contains) ?? false }
  let runs = { (index: Int?) in
    contraction.operands.enumerated().allSatisfy { number, operand in
      staged.contains(number) || abs(index.flatMap { operand.stride(of: $0) } ?? 0) <= 1
    }
  }
  // Sums over columns are formed along rows where these are contiguous, unless strips are made of columns.
  let isTurned =
    isSum(schedule.columns) && !isSum(schedule.rows) && !runs(schedule.columns) && runs(schedule.rows)
    && !contraction.needsStages
  let vectorIndex = isTurned ? schedule.rows : schedule.columns
  let width = vectorIndex.map { contraction.indices[$0].extent } ?? 1
  let hasVectors = runs(vectorIndex)
  let type = contraction.computeType.kernelType
  let lanes = hasVectors ? min(machine.isa.vectorBytes / type.componentType.size, width) : 1
  let calls = points / (Double(schedule.rowBlock) * Double(schedule.columnBlock))
  let products = type.numberClass == .complex ? 8 * points : 2 * points
  let mostWidth = KernelSpec.mostVectorsOfNarrowSums * machine.isa.vectorBytes / type.size
  let staysInRegisters =
    isSum(isTurned ? schedule.columns : schedule.rows) && width <= mostWidth
  return Double(staged.count) * points + products / Double(max(lanes, 1))
    + (staysInRegisters ? 1 : 4) * points / Double(max(width, 1)) + 60 * calls
    + refetchCycles(of: schedule, for: contraction, on: machine)
}
