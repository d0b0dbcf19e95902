import EinsumIR
import EinsumPlanner
import EinsumSyntax
import EinsumTestSupport
import Testing

/// Plans as a whole: legal, in order, and without two live tensors in one place.
@Suite struct PlanTests {
  @Test func operations() throws {
    func operations(_ plan: Plan) -> [EinsumIR.Operation] { plan.steps.map(\.operation) }
    #expect(try operations(plan("ij,jk->ik", [[2, 3], [3, 4]])) == [.contract])
    #expect(try operations(plan("ij->ji", [[2, 3]])) == [.sum])
    #expect(try operations(plan("ij->ji", [[2, 3]], .float16)) == [.sum])
    #expect(try operations(plan("ij->i", [[2, 3]], .float16)) == [.sum, .convert])
    #expect(try operations(plan("ij->ji", [[2, 3]], .float32, accumulate: .float64)) == [.convert])
    #expect(try operations(plan("ij->ji", [[2, 3]], .complex64, conjugated: [0])) == [.conjugate, .sum])
    #expect(try operations(plan("i->ii", [[3]])) == [.zero, .sum])
    #expect(try operations(plan("ij,jk->ik", [[2, 0], [0, 3]])) == [.zero])
    #expect(try operations(plan("ij->ij", [[2, 0]])) == [])
    #expect(try operations(plan("ij,k->i", [[2, 3], [4]])) == [.sum, .sum, .contract])
    #expect(try operations(plan("ab,bc,cd->ad", [[2, 3], [3, 4], [4, 5]])) == [.contract, .contract])
  }

  @Test func flopCount() throws {
    #expect(try plan("ij,jk->ik", [[512, 1024], [1024, 768]]).flopCount == 2 * 512 * 1024 * 768)
    #expect(try plan("i,j->ij", [[10], [20]]).flopCount == 200)
    #expect(try plan("ij->ji", [[10, 20]]).flopCount == 0)
    #expect(try plan("ij->", [[10, 20]]).flopCount == 200)
  }

  @Test func paths() throws {
    #expect(try plan("ij->ji", [[2, 3]]).path == [[0]])
    #expect(try plan("i->ii", [[3]]).path == [[0]])
    #expect(try plan("ij,jk->ik", [[2, 3], [3, 4]]).path == [[0, 1]])
    #expect(try plan("ij,jk->ik", [[2, 0], [0, 3]]).path == [[0, 1]])
    // Sums and conversions of one operand are no steps of a path.
    #expect(try plan("ij,k->i", [[2, 3], [4]], .float16).path == [[0, 1]])
    #expect(try plan("ab,bc,cd->ad", [[99, 9], [9, 9], [9, 1]]).path == [[1, 2], [0, 1]])
    #expect(try plan("ab,bc,cd->ad", [[1, 9], [9, 9], [9, 99]]).path == [[0, 1], [0, 1]])
    #expect(try plan("ab,cd,bc->ad", [[1, 9], [9, 99], [9, 9]]).path == [[0, 2], [0, 1]])
  }

  /// A result that is much smaller than an operand that memory has to give is formed in that one's order, then transposed.
  @Test func transposedResults() throws {
    let large = try plan("adb,cd->cba", [[336, 384, 384], [24, 384]])
    #expect(large.steps.map(\.operation) == [.contract, .sum])
    #expect(large.steps[0].contraction.output.strides.contains(384 * 24))
    #expect(large.workspaceSize < 32 << 20)
    // A cache holds the operand; the result is as large as it; or it is in that order as it is.
    #expect(try plan("adb,cd->cba", [[16, 64, 64], [24, 64]]).steps.count == 1)
    #expect(try plan("adb,cd->cba", [[336, 384, 384], [384, 384]]).steps.count == 1)
    #expect(try plan("adb,cd->acb", [[336, 384, 384], [24, 384]]).steps.count == 1)
  }

  /// Of paths with as many operations, the one that sums along memory first: its product packs nothing.
  @Test func pathsBySchedules() throws {
    #expect(
      try plan("ijk,ja,ka->ia", [[128, 128, 128], [128, 32], [128, 32]]).path == [[0, 2], [0, 1]])
    #expect(
      try plan("ikj,ja,ka->ia", [[128, 128, 128], [128, 32], [128, 32]]).path == [[0, 1], [0, 1]])
    let tucker = try plan("ijk,ia,jb,kc->abc", [[96, 96, 96], [96, 24], [96, 24], [96, 24]])
    #expect(tucker.path.first != [0, 1])
  }

  /// Narrow integers that are summed in 32 bits are multiplied in pairs, unless something was summed before.
  @Test func pairsOfIntegers() throws {
    func pairs(_ text: String, _ shapes: [[Int]], _ type: ElementType, _ accumulate: ElementType?) throws
      -> Bool
    {
      let plan = try plan(text, shapes, type, accumulate: accumulate)
      return plan.steps.contains { $0.contraction.multipliesPairs && $0.operation == .contract }
    }
    let square = [[64, 96], [96, 80]]
    #expect(try pairs("ij,jk->ik", square, .int8, .int32))
    #expect(try pairs("ij,jk->ik", square, .uint8, .uint32))
    #expect(try pairs("ij,jk->ik", square, .int16, .int32))
    #expect(try !pairs("ij,jk->ik", square, .uint16, .int32))
    #expect(try !pairs("ij,jk->ik", square, .int16, nil))
    #expect(try !pairs("ij,jk->ik", square, .int8, .int64))
    #expect(try !pairs("ijl,jk->ik", [[64, 96, 3], [96, 80]], .int8, .int32))
    // Without a conversion, and in stages, too: one tensor has all indices.
    #expect(try plan("f,fin->", [[31], [31, 70, 17]], .int16, accumulate: .int32).steps.count > 0)
    #expect(try !pairs("i,k->ik", [[64], [80]], .int8, .int32))
    #expect(
      try plan("ij,jk->ik", square, .int8, accumulate: .int32).steps.map(\.operation) == [
        .convert, .convert, .contract,
      ])
    #expect(try plan("ij,jk->ik", square, .int16, accumulate: .int32).steps.map(\.operation) == [.contract])
  }

  /// Products of bfloat16 are formed as such on machines that can, unless they are small or something was summed before.
  @Test func productsOfHalves() throws {
    let machine = Machine(isa: .avx512, l1: 48 << 10, l2: 2 << 20, l3: 64 << 20, halfProducts: .amx)
    func operations(_ text: String, _ shapes: [[Int]], on machine: Machine) throws -> [EinsumIR.Operation] {
      try plan(text, shapes, .bfloat16, on: machine).steps.map(\.operation)
    }
    let square = [[128, 128], [128, 128]]
    #expect(try operations("ij,jk->ik", square, on: machine) == [.contract])
    #expect(try operations("ji,jk->ik", square, on: machine) == [.contract])
    #expect(try operations("ij,jk->ik", [[64, 4000], [4000, 64]], on: machine) == [.contract, .convert])
    #expect(try operations("ij,jk->ik", square, on: .reference).count == 4)
    // Formed in the larger operand's order, in float32.
    let detour = try plan("da,dcb->cba", [[200, 6], [200, 300, 40]], .bfloat16, on: machine)
    #expect(detour.steps.map(\.operation) == [.contract, .convert])
    #expect(detour.verify() == [])
    #expect(try operations("ijl,jk->ik", [[64, 96, 3], [96, 80]], on: machine).count == 5)
    #expect(
      try plan("ij,jk->ik", square, .bfloat16, accumulate: .float32, on: machine).steps.map(\.operation)
        == [.contract])
  }

  @Test func randomPlansAreLegal() throws {
    for seed in 0..<300 {
      let problem = try Problem.random(seed: seed, points: 4000)
      for isa in ISA.allCases {
        let plan = problem.plan(on: .tiny(isa))
        #expect(plan.verify() == [], "\(problem)\n\(plan)")
        #expect(overlaps(plan) == [], "\(problem)\n\(plan)")
        var random = SplitMix64(seed: seed)
        let other = plan.rescheduled(using: &random)
        #expect(other.verify() == [], "\(problem)\n\(other)")
        #expect(overlaps(other) == [], "\(problem)\n\(other)")
      }
    }
  }

  /// Pairs of areas of the workspace that share bytes while both are in use.
  private func overlaps(_ plan: Plan) -> [String] {
    var areas: [(name: String, bytes: Range<Int>, life: ClosedRange<Int>)] = []
    for (number, tensor) in plan.tensors.enumerated() {
      guard case .workspace(let start) = tensor.place, !tensor.span.isEmpty else { continue }
      let uses = plan.steps.indices.filter {
        plan.steps[$0].inputs.contains(number) || plan.steps[$0].output == number
      }
      guard let first = uses.first, let last = uses.last else { continue }
      let end = start + tensor.span.count * tensor.elementType.size
      areas.append(("%\(number)", start..<end, first...last))
    }
    for (number, step) in plan.steps.enumerated() {
      let size = step.scratchSize(threads: plan.threads)
      if size == 0 { continue }
      let end = step.scratchOffset + size
      areas.append(("scratch \(number)", step.scratchOffset..<end, number...number))
    }
    return areas.indices.flatMap { a in
      areas.indices.dropFirst(a + 1)
        .filter { areas[$0].bytes.overlaps(areas[a].bytes) && areas[$0].life.overlaps(areas[a].life) }
        .map { "\(areas[a].name) and \(areas[$0].name)" }
    }
  }

  /// Illegal plans are told from legal ones.
  @Test func verifierFindsFaults() throws {
    let plan = try plan("ab,bc,cd->ad", [[256, 256], [256, 256], [256, 256]])
    #expect(plan.verify() == [])
    func isFaulty(_ change: (inout Plan) -> Void) -> Bool {
      var wrong = plan
      change(&wrong)
      return wrong.verify() != []
    }
    #expect(isFaulty { $0.workspaceSize -= 64 })
    #expect(isFaulty { $0.steps.swapAt(0, 1) })
    #expect(isFaulty { $0.steps.removeLast() })
    #expect(isFaulty { $0.steps[0].inputs[0] = 99 })
    #expect(
      isFaulty {
        $0.steps[0].schedule = .map(
          MapSchedule(order: [0], rows: nil, columns: 0, rowBlock: 1, columnBlock: 1))
      })
    #expect(
      isFaulty {
        $0.steps[0].schedule = .map(
          MapSchedule(order: [0, 1, 2], rows: 1, columns: 2, rowBlock: 0, columnBlock: 1))
      })
    #expect(isFaulty { $0.tensors[0].elementType = .float64 })
    #expect(isFaulty { $0.tensors[1].span = 0..<1 })
    guard case .tiled(let tiled) = plan.steps[0].schedule else {
      Issue.record("a product of this size runs in tiles")
      return
    }
    func isIllegal(_ change: (inout TiledSchedule) -> Void) -> Bool {
      isFaulty {
        var wrong = tiled
        change(&wrong)
        $0.steps[0].schedule = .tiled(wrong)
      }
    }
    #expect(!isIllegal { _ in })
    #expect(isIllegal { $0.rowOperand = 1 - $0.rowOperand })
    #expect(isIllegal { ($0.m, $0.n) = ($0.n, $0.m) })
    #expect(isIllegal { $0.k = [] })
    #expect(isIllegal { $0.tile = Tile(mr: 5, nr: 5) })
    #expect(isIllegal { $0.blocking = Blocking(mc: $0.blocking.mc + 1, kc: 8, nc: $0.blocking.nc) })
    #expect(isIllegal { $0.blocking = Blocking(mc: $0.blocking.mc, kc: 0, nc: $0.blocking.nc) })
  }
}
