import EinsumCodegen
import EinsumIR
import EinsumPlanner
import EinsumSyntax

/// A problem some of whose extents are arguments: the same problem for each sample of these extents.
struct DynamicSamples {
  let extents: DynamicExtents
  private let analyses: [Analysis]
  private let operands: [[OperandType]]
  private let hinted: Analysis

  /// Extents of blocks are below this, and markers above it.
  private static let leastBits = 11
  private static let mostBits = 20

  /// - Throws: `EinsumError` [invalid-argument] where extents cannot be arguments.
  init(_ labels: [String], _ request: CompileRequest, _ hinted: Analysis) throws(EinsumError) {
    self.hinted = hinted
    if request.operands.contains(where: { !$0.layout.isRowMajor }) {
      throw Self.objection("operands whose extents are arguments lie in C order")
    }
    let indices = hinted.contraction.indices
    var wanted: [(label: String, hint: Int)] = []
    for label in labels {
      guard let index = indices.first(where: { $0.label.name == label }) else {
        throw Self.objection("the expression has no index '\(label)'")
      }
      if wanted.contains(where: { $0.label == label }) { throw Self.objection("'\(label)' is named twice") }
      wanted.append((label, index.extent))
    }
    let bits = Self.bits(labels, request, hinted)
    if bits < Self.leastBits {
      throw Self.objection("so many extents of one operand cannot be arguments")
    }
    let names = request.operands.indices.map { "a\($0)" } + ["out", "workspace", "n"]
    extents = DynamicExtents(wanted, bits: bits, besides: names)
    var analyses: [Analysis] = []
    var operands: [[OperandType]] = []
    for sample in 0..<DynamicExtents.sampleCount {
      let types = Self.operands(request, hinted, extents, sample)
      analyses.append(try Analysis(request.equation, types, accumulate: request.accumulate))
      operands.append(types)
    }
    self.analyses = analyses
    self.operands = operands
  }

  /// The plans for a machine, one for each sample.
  func plans(on machine: Machine) throws(EinsumError) -> [Plan] {
    let single = machine.with(threads: 1)
    let made = analyses.map { makePlan(for: $0.contraction.simplified(), on: single) }
    let alike = made.compactMap { $0.adoptingSchedules(of: made[0], least: extents.leastMarker) }
    if alike.count < made.count { throw Self.objection("the order of steps depends on them") }
    let plans = alike.map { $0.withPlainRows.forExtents(from: extents.leastMarker, threads: machine.threads) }
    for case .tiled(let schedule) in plans.flatMap({ $0.steps.map(\.schedule) }) {
      let blocking = schedule.blocking
      if max(blocking.mc, blocking.nc, blocking.kc) >= extents.leastMarker {
        throw Self.objection("so many extents of one operand cannot be arguments")
      }
    }
    return plans
  }

  func dynamic(on machine: Machine) -> StandaloneKernel.Dynamic {
    StandaloneKernel.Dynamic(
      extents: extents, operands: operands[0], analysis: analyses[0],
      hintedPlan: makePlan(for: hinted.contraction.simplified(), on: machine))
  }

  static func objection(_ why: String) -> EinsumError {
    EinsumError(.invalidArgument(what: "dynamic", why: why))
  }

  /// The bits that markers may have, so that no tensor's size is past 64 bits.
  private static func bits(_ labels: [String], _ request: CompileRequest, _ analysis: Analysis) -> Int {
    let contraction = analysis.contraction
    let isDynamic = contraction.indices.map { labels.contains($0.label.name) }
    return (contraction.operands + [contraction.output]).reduce(mostBits) { bits, tensor in
      let count = tensor.indices.count { isDynamic[$0] }
      let rest = contraction.size(of: tensor.indices.filter { !isDynamic[$0] })
      let size = Double(max(tensor.elementType.size, 8)) * max(rest, 1)
      let free = log2(Double(Layout.mostBytes)) - 1 - log2(size)
      return count == 0 ? bits : min(bits, Int(free / Double(count)))
    }
  }

  /// The label of each axis, nil where an ellipsis stands for it.
  private static func labels(_ term: Equation.Term, rank: Int) -> [Label?] {
    term.items.flatMap { item in
      item.label.map { [$0] } ?? Array(repeating: nil, count: max(0, rank - term.labels.count))
    }
  }

  private static func log2(_ value: Double) -> Double { Double(value.exponent) + 1 }

  /// The operands of a sample: axes that step along one of the indices have its marker as extent, broadcast ones stay.
  private static func operands(
    _ request: CompileRequest, _ analysis: Analysis, _ extents: DynamicExtents, _ sample: Int
  ) -> [OperandType] {
    zip(request.equation.inputs, request.operands).map { term, operand in
      var shape = operand.layout.shape
      for (axis, label) in labels(term, rank: shape.count).enumerated() {
        guard let extent = extents.extents.first(where: { $0.label == label?.name }),
          shape[axis] == extent.hint || shape[axis] != 1
        else { continue }
        shape[axis] = extent.markers[sample]
      }
      return OperandType(operand.elementType, Layout(shape: shape), isConjugated: operand.isConjugated)
    }
  }
}
