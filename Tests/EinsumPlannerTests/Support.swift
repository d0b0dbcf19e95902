import EinsumIR
import EinsumPlanner
import EinsumSyntax
import Testing

/// The contraction of C-ordered operands of one type, as the planner gets it.
func contraction(
  _ text: String, _ shapes: [[Int]], _ type: ElementType = .float32, conjugated: Set<Int> = [],
  accumulate: ElementType? = nil
) throws -> Contraction {
  let operands = shapes.enumerated().map {
    OperandType(type, Layout(shape: $1), isConjugated: conjugated.contains($0))
  }
  return try Analysis(Equation(parsing: text), operands, accumulate: accumulate).contraction.simplified()
}

/// Its plan, which has to be legal.
func plan(
  _ text: String, _ shapes: [[Int]], _ type: ElementType = .float32, conjugated: Set<Int> = [],
  accumulate: ElementType? = nil, on machine: Machine = .reference
) throws -> Plan {
  let contraction = try contraction(text, shapes, type, conjugated: conjugated, accumulate: accumulate)
  let plan = makePlan(for: contraction, on: machine)
  #expect(plan.verify() == [], "\(plan)")
  return plan
}
