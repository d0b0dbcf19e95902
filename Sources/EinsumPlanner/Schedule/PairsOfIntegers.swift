import EinsumIR

/// Whether a product of two tensors of narrow integers, summed in 32 bits, is quickest by tiles that add two 16-bit
/// products at a time.
///
/// Nothing may be summed before: sums do not fit 16 bits.
func isBestInPairs(_ contraction: Contraction, on machine: Machine) -> Bool {
  guard contraction.operands.count == 2, contraction.operands.allSatisfy({ fitsInt16($0.elementType) })
  else { return false }
  let roles = IndexRoles(contraction)
  guard roles.areComplete(in: contraction), contraction.size(of: roles.k) > 1 else { return false }
  let pairs = contraction.converted(to: .int16)
  guard pairs.multipliesPairs else { return false }
  let inPairs = makeTiledCandidates(for: pairs, on: machine).map(\.cycles).min() ?? .infinity
  let wide = ScheduleCandidates(
    for: contraction.converted(to: contraction.computeType), .contract, isIntermediate: false, on: machine)
  return inPairs < wide.best.cycles
}

private func fitsInt16(_ type: ElementType) -> Bool { [.int8, .uint8, .int16].contains(type) }

extension Contraction {
  /// This contraction with operands of another type.
  func converted(to type: ElementType) -> Contraction {
    var result = self
    for number in result.operands.indices { result.operands[number].elementType = type }
    return result
  }
}
