import EinsumIR
import EinsumPlanner
import EinsumSyntax
import Testing

/// What the planner decides about steps that memory bounds.
@Suite struct MapScheduleTests {
  private func schedule(_ plan: Plan) throws -> MapSchedule {
    try #require(plan.steps.count == 1, "\(plan)")
    guard case .map(let map) = plan.steps[0].schedule else {
      throw Mismatch(text: "\(plan)")
    }
    return map
  }

  private struct Mismatch: Error { let text: String }

  @Test func transposesReadLinesInOrder() throws {
    // The output's order is k j i.
    let map = try schedule(plan("ijk->kji", [[256, 256, 128]]))
    #expect(map.order == [2, 1, 0] && map.columns == 2 && map.rows == 0)
    #expect(map.columnBlock == 128 && map.streams)
    // Rows of the output that begin inside cache lines are not cut.
    let odd = try schedule(plan("ij->ji", [[1001, 3001]]))
    #expect(odd.columnBlock == 1001 && odd.streams)
  }

  /// However short one side is, the output is written where it is contiguous, and a call has enough to do.
  @Test func narrowTransposesWriteContiguousRows() throws {
    let short = try schedule(plan("ij->ji", [[8, 100_000]]))
    #expect(short.columns == 1 && short.rows == 0 && short.columnBlock == 8 && short.rowBlock == 256)
    let long = try schedule(plan("ij->ji", [[100_000, 8]]))
    #expect(long.columns == 1 && long.rows == 0 && long.columnBlock == 512)
  }

  @Test func onlyOutputsThatNoCacheHoldsAreStreamed() throws {
    #expect(try schedule(plan("i,j->ij", [[1024], [4096]])).streams)
    #expect(try !schedule(plan("i,j->ij", [[1024], [1024]])).streams)
    #expect(try !schedule(plan("i,j->ij", [[64], [64]])).streams)
    #expect(try !schedule(plan("ij->i", [[4096, 4096]])).streams)
  }

  /// Where memory is written in order as quickly as past the caches, only what is read besides, or rows in parts, make a difference.
  @Test func streamsWhereWritesAreFetched() throws {
    func streams(_ text: String, _ shapes: [[Int]], threads: Int = 1) throws -> Bool {
      let machine = Machine(
        isa: .avx512, fetchesWrites: true, l1: 32 << 10, l2: 1 << 20, l3: 32 << 20, threads: threads)
      return try schedule(plan(text, shapes, on: machine)).streams
    }
    #expect(try !streams("i,j->ij", [[4096], [2048]]))
    #expect(try streams("i,j->ij", [[16384], [2048]]))
    #expect(try streams("i,j->ij", [[2048], [4096]]))
    #expect(try streams("ij->ji", [[2048, 2048]]))
    #expect(try !streams("ij,ij->ij", [[1024, 1024], [1024, 1024]]))
    #expect(try streams("ij,ij->ij", [[1024, 2000], [1024, 2000]]))
    #expect(try !streams("ij,ij->ij", [[1024, 2000], [1024, 2000]], threads: 2))
  }

  @Test func sumsReadWholeRows() throws {
    let map = try schedule(plan("ij,j->i", [[4096, 4096], [4096]]))
    #expect(map.columns == 1 && map.columnBlock == 4096 && map.rowBlock == 128)
    #expect(try schedule(plan("ij,j->i", [[4096, 1500], [1500]])).rowBlock == 128)
  }

  @Test func longSumsAreFormedInParts() throws {
    let dot = try plan("i,i->", [[1_000_000], [1_000_000]])
    let parts = try #require(try schedule(dot).parts)
    #expect(parts == SumParts(index: 0, length: 16384))
    // 62 parts, in float32 and in float64, and their total.
    #expect(dot.workspaceSize == 256 + 512 + 64)
    // Long sums have as many parts as threads might want, and those of which threads can divide the output none.
    let long = try plan("i->", [[100_000_000]])
    let count = try #require(schedule(long).parts).count(in: long.steps[0].contraction)
    #expect((64...128).contains(count))
    #expect(try schedule(plan("ij->j", [[100_000, 8]])).parts?.length == 2048)
    #expect(try schedule(plan("ij->j", [[4096, 4096]])).parts == nil)
    #expect(try schedule(plan("ij->i", [[4096, 4096]])).parts == nil)
    #expect(try schedule(plan("i->", [[1000]])).parts == nil)
  }

  /// A product that meets a tensor with the same indices lies as that one does.
  @Test func intermediatesTakeTheOrderOfTheirPartner() throws {
    let form = try plan("bi,ij,bj->b", [[512, 256], [256, 256], [512, 256]])
    let last = form.steps[1].contraction
    #expect(last.operands.map(\.strides) == [last.operands[0].strides, last.operands[0].strides])
  }

  @Test func partsThatAreNotLegalAreRefused() throws {
    let sum = try plan("i->", [[1000]])
    func isFaulty(_ parts: SumParts, _ shared: Int?) throws -> Bool {
      var schedule = try schedule(sum)
      schedule.parts = parts
      schedule.shared = shared
      return !schedule.violations(for: sum.steps[0].contraction).isEmpty
    }
    #expect(try !isFaulty(SumParts(index: 0, length: 1000), 0))
    #expect(try !isFaulty(SumParts(index: 0, length: 7), nil))
    #expect(try isFaulty(SumParts(index: 0, length: 1001), 0))
    #expect(try isFaulty(SumParts(index: 0, length: 0), 0))
    #expect(try isFaulty(SumParts(index: 1, length: 7), 0))
  }

  @Test func productsOfManyTensorsHaveNoIntermediates() throws {
    let whole = try plan("ij,ij,ij->ij", [[2048, 2048], [2048, 2048], [2048, 2048]])
    let map = try schedule(whole)
    #expect(map.streams && map.staged.isEmpty)
    #expect(whole.workspaceSize <= 16 << 10)
    #expect(whole.flopCount == 2 * 2048 * 2048)
    let transposed = try schedule(plan("ij,ij,ji->ij", [[2048, 2048], [2048, 2048], [2048, 2048]]))
    #expect(transposed.copied == [2] && transposed.rows != transposed.columns)
    // Pairwise steps have less to do.
    #expect(try plan("ij,jk,kl->il", [[64, 64], [64, 64], [64, 64]]).steps.count == 2)
  }

  @Test(arguments: [ElementType.float16, .bfloat16]) func halfTypesAreConvertedOnTheWay(_ type: ElementType)
    throws
  {
    let product = try plan("ij,ij->ij", [[2048, 2048], [2048, 2048]], type)
    #expect(try schedule(product).staged == [] && product.workspaceSize == 0)
    let three = try plan("ij,ij,ij->ij", [[2048, 2048], [2048, 2048], [2048, 2048]], type)
    #expect(try schedule(three).staged == [] && three.workspaceSize <= 16 << 10)
    let summed = try plan("ij,ij,ij->i", [[2048, 2048], [2048, 2048], [2048, 2048]], type)
    guard case .map(let map) = summed.steps[0].schedule else { return #expect(Bool(false)) }
    #expect(map.converted == [2])
    // Blocks of a few bytes are transposed, and not wide ones.
    let transposed = try schedule(plan("ij,ji->ij", [[2048, 2048], [2048, 2048]], type))
    #expect(transposed.copied == [1] && transposed.converted == [])
    let sum = try plan("ij,j->i", [[4096, 4096], [4096]], type)
    #expect(sum.steps.map(\.operation) == [.contract, .convert])
    #expect(sum.workspaceSize <= 128 << 10)
    let copy = try plan("ij->ji", [[2048, 2048]], type)
    #expect(copy.workspaceSize == 0)
  }

  @Test func schedulesThatAreNotLegalAreRefused() throws {
    let whole = try plan("ij,ij,ij,ij->ij", [[64, 64], [64, 64], [64, 64], [64, 64]], .float16)
    func isFaulty(_ change: (inout MapSchedule) -> Void) throws -> Bool {
      var wrong = whole
      var map = try schedule(whole)
      change(&map)
      wrong.steps[0].schedule = .map(map)
      return wrong.verify() != []
    }
    #expect(try !isFaulty { _ in })
    // The third operand is neither the first product's nor the last's.
    #expect(try isFaulty { $0.converted = [0, 1] })
    #expect(try isFaulty { $0.converted = [0, 2] })
    #expect(try isFaulty { $0.converted = [0, 1, 2, 3, 4] })
    #expect(try isFaulty { $0.converted = [0, 1, 2, 2] })
    #expect(try isFaulty { $0.copied = $0.converted })
    #expect(try isFaulty { $0.rows = $0.columns })
    #expect(try isFaulty { $0.columns = 7 })
    let sum = try plan("ij,j->i", [[64, 64], [64]])
    var streamed = sum
    if case .map(var map) = sum.steps[0].schedule {
      map.streams = true
      streamed.steps[0].schedule = .map(map)
      #expect(streamed.verify() != [])
    }
  }
}
