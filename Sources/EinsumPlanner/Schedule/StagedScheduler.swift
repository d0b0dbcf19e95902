import EinsumIR

/// Whether a contraction is best done as one step in stages: products of many tensors, and types that are computed in
/// another, without intermediates in memory.
///
/// Only where one tensor has every index: otherwise pairwise sums leave less to do.
func isStaged(_ contraction: Contraction, on machine: Machine) -> Bool {
  let tensors = contraction.operands + [contraction.output]
  guard contraction.needsStages, !contraction.operands.contains(where: \.isConjugated),
    tensors.contains(where: { Set($0.indices).count == contraction.indices.count })
  else { return false }
  switch contraction.operands.count {
  case 1: return !contraction.summed.isEmpty
  case 2:
    // Halves are multiplied as such where that is best: here they would be converted.
    let wide = contraction.multipliesHalves ? contraction.converted(to: contraction.computeType) : contraction
    let tiled = makeTiledCandidates(for: wide, on: machine).map(\.cycles).min() ?? .infinity
    let map = makePairMapSchedule(for: contraction, isIntermediate: true, on: machine)
    return pairMapCycles(of: map, for: contraction, on: machine) < tiled
  default: return stagedCycles(for: contraction, on: machine) < pathCycles(for: contraction, on: machine)
  }
}

/// Whether a step that sums one tensor converts it on the way.
func isSumInStages(_ contraction: Contraction) -> Bool {
  contraction.operands.count == 1 && contraction.needsStages && !contraction.summed.isEmpty
}

/// The schedule of a pairwise step as a map or reduce step: in stages if an operand has to be transposed.
///
/// Measured on Zen 3, `ij,ji->ij` of 2601x2461, float32: 14 ms, 46 element by element.
func makePairMapSchedule(
  for contraction: Contraction, isIntermediate: Bool, on machine: Machine
) -> MapSchedule {
  let schedule = makeMapSchedule(for: contraction, isIntermediate: isIntermediate, on: machine)
  if let transposed = TransposedOperands(schedule, contraction), transposed.areLong(in: contraction) {
    return makeStagedSchedule(for: contraction, isIntermediate: isIntermediate, on: machine)
  }
  return schedule
}

/// Large operands that are contiguous along one index, which is not the columns' one.
private struct TransposedOperands {
  let numbers: [Int]
  /// The index along which they are contiguous.
  let unit: Int
  let columns: Int

  /// - Returns: nil if there are none.
  init?(_ schedule: MapSchedule, _ contraction: Contraction) {
    guard let columns = schedule.columns else { return nil }
    let points = contraction.points
    func unit(_ operand: TensorAccess) -> Int? {
      let unit = operand.indices.first { abs(operand.stride(of: $0) ?? 0) == 1 }
      let isLarge = contraction.size(of: operand.indices) * 4 >= points
      return isLarge && unit != columns && (operand.stride(of: columns) ?? 0) != 0 ? unit : nil
    }
    let units = contraction.operands.map(unit)
    guard let first = units.compactMap(\.self).first, contraction.indices[first].extent > 1 else {
      return nil
    }
    numbers = units.indices.filter { units[$0] == first }
    self.unit = first
    self.columns = columns
  }

  /// Whether blocks of them are more than a few elements.
  func areLong(in contraction: Contraction) -> Bool {
    min(contraction.indices[unit].extent, contraction.indices[columns].extent) >= leastTransposed
  }
}

/// The schedule of a step in stages: blocks that leave the strips in the first cache.
///
/// An operand that is contiguous along another index than the columns gives the rows, and goes through a strip: it is
/// transposed block by block.
func makeStagedSchedule(
  for contraction: Contraction, isIntermediate: Bool, on machine: Machine
) -> MapSchedule {
  var schedule = makeGeneralSchedule(for: contraction, isIntermediate: isIntermediate, on: machine)
  // One strip beside a product's operand and output may be larger than those of many products.
  let scale = contraction.operands.count == 2 ? 2 : 1
  let (elements, rows) = (scale * stripBytes / contraction.computeType.size, scale * transposeRows)
  let transposed = TransposedOperands(schedule, contraction)
  if let transposed {
    schedule.rows = transposed.unit
    schedule.rowBlock = min(contraction.indices[transposed.unit].extent, rows)
  }
  // Without instructions for float16 it is better to convert each element once than with each product.
  let byHand = contraction.operands.indices.filter {
    machine.isa == .baseline && contraction.operands[$0].elementType == .float16
  }
  schedule.converted = contraction.converted(besides: byHand)
  schedule.copied = (transposed?.numbers ?? []).filter { !schedule.converted.contains($0) }
  var fitted = schedule
  let width = schedule.columns.map { contraction.indices[$0].extent } ?? 1
  let height = schedule.rows.map { contraction.indices[$0].extent } ?? 1
  let isTransposed = transposed != nil && height >= rows
  fitted.columnBlock = max(1, min(width, isTransposed ? elements / rows : elements))
  fitted.rowBlock = max(1, min(height, elements / fitted.columnBlock))
  // Blocks that begin within lines would write these in parts.
  let isAligned = contraction.output.strides.allSatisfy {
    $0 == 1 || $0 * contraction.output.elementType.size % cacheLine == 0
  }
  if fitted.columnBlock < width && !isAligned { fitted.streams = false }
  if !MapStages(fitted, of: contraction).strips.isEmpty { schedule = fitted }
  return schedule.inParts(of: contraction, on: machine).sharedIfWorthIt(in: contraction, on: machine)
}

/// The least rows and columns of an operand that is transposed for one product.
private let leastTransposed = 8

/// A strip: of three, all fit the first cache.
private let stripBytes = 8192

/// Rows of a block in which an operand is transposed: two cache lines of four-byte elements, four with one product: `ij,ji->ij`
/// of 2601x2461, float32, takes 14 ms on Zen 3, with two 19.
private let transposeRows = 32

/// The predicted cycles of all products in one nest: every tensor passes once, strips go through the first cache, and each
/// block of points is a call for each product.
func stagedCycles(for contraction: Contraction, on machine: Machine) -> Double {
  let points = contraction.points
  let schedule = makeGeneralSchedule(for: contraction, isIntermediate: true, on: machine)
  let blocks = points / (Double(schedule.rowBlock) * Double(schedule.columnBlock))
  // A product moves three elements, one of three operands four.
  let hasTriple = contraction.endsInTripleProduct
  let products = contraction.operands.count - (hasTriple ? 2 : 1)
  let moved = points * Double((3 * products + (hasTriple ? 1 : 0)) * contraction.computeType.size)
  return moved / stripRate + passCycles(of: contraction, on: machine) + blocks * Double(products + 1)
    * callCycles
}

/// The predicted cycles of the best path of pairwise steps, whose intermediates are written and read again.
private func pathCycles(for contraction: Contraction, on machine: Machine) -> Double {
  let problem = PathProblem(contraction, of: contraction.operands)
  let path = findPath(problem)
  let results = problem.resultIndices(of: path)
  let tensors = problem.operands + results
  let size = Double(contraction.computeType.size)
  var cycles = 0.0
  for (step, result) in zip(path.steps, results) {
    let (lhs, rhs) = (tensors[step.lhs], tensors[step.rhs])
    cycles += problem.elementCount(of: sortedUnion(lhs, rhs)) * 3 * size / stripRate
    for tensor in [lhs, rhs, result] {
      cycles += passCycles(problem.elementCount(of: tensor) * size, machine)
    }
  }
  return cycles
}

/// A call of a row kernel for a few elements.
private let callCycles = 50.0

/// Bytes a cycle between the registers and the first cache.
private let stripRate = 64.0
