import Einsum
import EinsumCodegen
import EinsumIR
import EinsumTestSupport
import Foundation
import Testing

/// Four implementations give one result: the oracle, the loop interpreter, and the driver by tcc and by gcc.
///
/// The first that disagrees is the layer at fault: interpreter = planner or lowering, tcc = printer, kernels
/// as the package is built, or tcc itself, gcc alone = kernels as gcc compiles them.
@Suite struct FourWayTests {
  /// A problem with a plan of random legal schedules.
  struct Candidate {
    let problem: Problem
    let plan: EinsumIR.Plan
    let program: LoopProgram

    init(_ problem: Problem, on isa: ISA, keepsSchedules: Bool = false) {
      self.problem = problem
      var random = SplitMix64(seed: problem.seed)
      let planned = problem.plan(on: .tiny(isa))
      plan = keepsSchedules ? planned : planned.rescheduled(using: &random)
      program = lower(plan)
    }

    /// Runs one implementation and records where its result differs.
    func check(_ layer: String, _ expected: TestTensor, _ run: (TestTensor) throws -> Void) rethrows {
      let output = problem.makeOutput()
      try run(output)
      let difference = output.difference(from: expected)
      #expect(difference == nil, "\(layer): \(problem)\n\(plan)")
    }
  }

  @Test(arguments: Machine.available) func smallIntegers(isa: ISA) throws {
    let first = 100_000 * (ISA.allCases.firstIndex(of: isa) ?? 0)
    let candidates = try (first..<(first + 600)).map { seed in
      let problem =
        try seed % 2 == 0 ? Problem.random(seed: seed, points: 8000) : .randomPair(seed: seed, points: 20_000)
      return Candidate(problem, on: isa, keepsSchedules: seed % 8 == 0)
    }
    let batch = try DriverBatch(candidates.map(\.program), on: isa)
    for (number, candidate) in candidates.enumerated() {
      let (problem, program) = (candidate.problem, candidate.program)
      let violations = candidate.plan.verify() + program.verify()
      #expect(violations == [], "verifier: \(problem)\n\(candidate.plan)")
      if !violations.isEmpty { continue }
      let expected = problem.expected()
      candidate.check("interpreter", expected) {
        LoopInterpreter.run(program, operands: problem.pointers, output: $0.origin)
      }
      let driver = try Driver(program)
      try candidate.check("tcc", expected) { try driver.run(problem.pointers, $0.origin) }
      try candidate.check("gcc", expected) { try batch.run(number, program, problem.pointers, $0.origin) }
    }
  }

  /// Outputs that are collected in pieces, all columns and rows for each value of another index.
  @Test(arguments: Machine.available) func outputsInPieces(isa: ISA) throws {
    var count = 0
    for (number, extent) in [1, 2, 3, 4, 5, 8, 12, 16, 20, 33].enumerated() {
      for (turn, text) in ["akx,bk->xba", "kaxy,bzk->zyxba", "axk,bk->xba"].enumerated() {
        let extents: [Character: Int] = ["a": extent, "b": 19, "k": 7, "x": 6, "y": 2, "z": 3]
        for seed in 0..<20 {
          var random = SplitMix64(seed: 100 * number + 20 * turn + seed)
          let type = random.pick([ElementType.float32, .float64, .int32, .uint8, .bool, .complex64])
          let terms = text.prefix { $0 != "-" }.split(separator: ",")
          let operands = terms.map { TestTensor(type, Layout(shape: $0.compactMap { extents[$0] })) }
          for operand in operands { operand.fill { random.smallValue(type, 2) } }
          let problem = try Problem(seed: 100 * number + 20 * turn + seed, text, operands)
          let candidate = Candidate(problem, on: isa)
          for step in candidate.plan.steps {
            guard case .tiled(let schedule) = step.schedule, schedule.streams else { continue }
            count += schedule.pieces(in: step.contraction) == nil ? 0 : 1
          }
          let violations = candidate.plan.verify() + candidate.program.verify()
          #expect(violations == [], "verifier: \(problem)\n\(candidate.plan)")
          if !violations.isEmpty { continue }
          let expected = problem.expected()
          candidate.check("interpreter", expected) {
            LoopInterpreter.run(candidate.program, operands: problem.pointers, output: $0.origin)
          }
          let driver = try Driver(candidate.program)
          try candidate.check("tcc", expected) { try driver.run(problem.pointers, $0.origin) }
        }
      }
    }
    #expect(count > 10, "hardly any output is in pieces")
  }

  /// Random reals: each element within the bound that its own sum has.
  @Test(arguments: Machine.available) func reals(isa: ISA) throws {
    for seed in 0..<200 {
      var random = SplitMix64(seed: seed)
      let pattern = try Problem.randomPair(seed: seed, points: 20_000)
      let type = random.pick([ElementType.float16, .bfloat16, .float32, .float64, .complex64, .complex128])
      let operands = pattern.operands.map { TestTensor(type, $0.layout) }
      for operand in operands { operand.fill { random.realValue(type) } }
      let problem = try Problem(seed: seed, pattern.equation.text, operands)
      let candidate = Candidate(problem, on: isa)
      let output = problem.makeOutput()
      try Driver(candidate.program).run(problem.pointers, output.origin)
      let excess = try errorExcess(of: output, problem)
      #expect(excess == nil, "\(problem)\n\(candidate.plan)")
    }
  }

  /// The first element whose error is above `gamma_n * sum |products|`, where n is the length of the sums and
  /// the number of operands, for the type of the arithmetic; a complex product counts as four operations
  /// more.
  private func errorExcess(of output: TestTensor, _ problem: Problem) throws -> String? {
    let type = output.elementType
    let isComplex = type.numberClass == .complex
    let exact = TestTensor(isComplex ? .complex128 : .float64, output.layout)
    let magnitude = TestTensor(.float64, output.layout)
    Oracle.compute(problem.equation, problem.operands, in: exact.elementType, into: exact)
    Oracle.compute(
      problem.equation, problem.operands, in: exact.elementType, into: magnitude, isMagnitude: true)
    let contraction = problem.analysis.contraction
    let length =
      contraction.size(of: contraction.summed) + Double(problem.operands.count) + (isComplex ? 4 : 0)
    let n = length * roundoff(type.computeType)
    // The oracle has an error of its own, by the same bound for doubles.
    let gamma = n / (1 - n) + 2 * length * 0x1p-53
    for (place, other) in zip(output.places, exact.places) {
      let (found, value) = (output[place], exact[other])
      let errors = [abs(found.re - value.re), abs(found.im - value.im)]
      let bound =
        gamma * magnitude[other].re + roundoff(type) * max(abs(value.re), abs(value.im)) * (1 + gamma)
        + (type.size > 2 ? 0 : 0x1p-25)
      // Said this way round so that nan is not within it.
      if !errors.allSatisfy({ $0 <= bound }) {
        return "\(found) and not \(value): errors of \(errors), allowed are \(bound)"
      }
    }
    return nil
  }

  /// Half the distance from 1 to the next number.
  private func roundoff(_ type: ElementType) -> Double {
    switch type {
    case .float16: 0x1p-11
    case .bfloat16: 0x1p-8
    case .float32, .complex64: 0x1p-24
    default: 0x1p-53
    }
  }
}
