import EinsumIR
import EinsumPlanner
import EinsumSyntax
import EinsumTestSupport
import Testing

/// Small products: when they are planned as such, in which form, and which schedules are illegal.
@Suite struct BatchedTests {
  private func step(
    _ text: String, _ shapes: [[Int]], _ type: ElementType = .float32, threads: Int = 1
  ) throws -> Step {
    try #require(plan(text, shapes, type, on: .reference.with(threads: threads)).steps.first)
  }

  private func batched(
    _ text: String, _ shapes: [[Int]], _ type: ElementType = .float32, threads: Int = 1
  ) throws -> BatchedSchedule {
    let step = try step(text, shapes, type, threads: threads)
    guard case .batched(let schedule) = step.schedule else {
      Issue.record("not a batched step: \(step)")
      throw CancellationError()
    }
    return schedule
  }

  @Test("operands that lie well are read where they are", arguments: [4, 8, 16, 32, 64])
  func direct(extent: Int) throws {
    let shape = [1000, extent, extent]
    let schedule = try batched("bij,bjk->bik", [shape, shape])
    #expect(schedule.kernel == .columns)
    #expect(schedule.copied == [])
    #expect(try batched("ij,jk->ik", [[extent, extent], [extent, extent]]).copied == [])
    let middle = [extent, 1000, extent]
    if extent < 64 { #expect(try batched("ibj,jbk->ibk", [middle, middle]).copied == []) }
  }

  /// Rows of the second operand that are read again and again, and share a few sets of L1, are packed.
  @Test(
    "rows that L1 cannot keep are packed",
    arguments: [
      ("ibj,jbk->ibk", [[64, 1000, 64], [64, 1000, 64]]),
      ("bij,bjk->bik", [[16, 128, 128], [16, 128, 128]]),
    ])
  func far(text: String, shapes: [[Int]]) throws {
    guard case .tiled = try step(text, shapes).schedule else {
      Issue.record("not tiled")
      return
    }
  }

  /// Each product would fetch a line of the first operand for each of its elements, and the next one would again.
  @Test func productsThatWouldRefetchLinesAreTiled() throws {
    guard case .tiled = try step("ijk,ia->kja", [[128, 128, 128], [128, 32]]).schedule else {
      Issue.record("not tiled")
      return
    }
  }

  @Test("where products are contiguous, each has a lane of its own", arguments: [4, 8, 16])
  func lanes(extent: Int) throws {
    let shape = [extent, extent, 1000]
    for text in ["ijb,jkb->ikb", "jib,jkb->kib"] {
      let schedule = try batched(text, [shape, shape])
      #expect(schedule.kernel == .lanes)
      #expect(schedule.copied == [])
    }
  }

  @Test("tiny products that lie badly are gathered in blocks") func gathered() throws {
    let schedule = try batched("bij,bkj->bik", [[10000, 4, 4], [10000, 4, 4]])
    #expect(schedule.kernel == .lanes)
    #expect(schedule.copied == [.rows, .columns, .output])
    #expect(schedule.batchBlock % 16 == 0)
  }

  @Test("few columns of long sums are not packed") func dots() throws {
    let wide = try batched("ij,jk->ik", [[4096, 512], [512, 16]])
    #expect(wide.kernel == .dots)
    #expect(wide.copied == [.columns])
    #expect(wide.isCopiedOnce(.columns, in: try step("ij,jk->ik", [[4096, 512], [512, 16]]).contraction))
    let tall = try batched("ij,kj->ik", [[8, 512], [4096, 512]], threads: 2)
    #expect(tall.kernel == .dots)
    #expect(tall.copied == [])
    #expect(tall.shared == tall.batch)
  }

  @Test("what is large is tiled, and what has no sum is a map") func others() throws {
    func isBatched(_ text: String, _ shapes: [[Int]]) throws -> Bool {
      if case .batched = try step(text, shapes).schedule { return true }
      return false
    }
    #expect(try !isBatched("ij,jk->ik", [[1000, 1000], [1000, 1000]]))
    #expect(try !isBatched("bij,bjk->bik", [[4, 512, 512], [4, 512, 512]]))
    #expect(try !isBatched("i,j->ij", [[8], [8]]))
    #expect(try !isBatched("bi,bi->bi", [[100, 8], [100, 8]]))
  }

  @Test("enough products are shared among threads, a few are not") func threads() throws {
    let many = [10000, 8, 8]
    let schedule = try batched("bij,bjk->bik", [many, many], threads: 2)
    #expect(schedule.shared == schedule.batch)
    #expect(schedule.threads == 2)
    let few = [10, 8, 8]
    #expect(try batched("bij,bjk->bik", [few, few], threads: 2).shared == nil)
  }

  @Test func illegalSchedulesAreTold() throws {
    let step = try step("bij,bjk->bik", [[100, 8, 8], [100, 8, 8]])
    let legal = try batched("bij,bjk->bik", [[100, 8, 8], [100, 8, 8]])
    func violations(_ change: (inout BatchedSchedule) -> Void) -> [String] {
      var schedule = legal
      change(&schedule)
      return schedule.violations(for: step.contraction)
    }
    #expect(violations { _ in } == [])
    #expect(violations { $0.copied = [.rows, .columns, .output] } == [])
    #expect(violations { $0.batch = nil } != [])
    #expect(violations { $0.outer = [0] } != [])
    #expect(violations { $0.rowOperand = 1 - $0.rowOperand } != [])
    #expect(violations { $0.rowOperand = 2 } != [])
    #expect(violations { ($0.m, $0.n) = ($0.n, $0.m) } != [])
    #expect(violations { ($0.m, $0.k) = ($0.k, $0.m) } != [])
    #expect(violations { ($0.batch, $0.k) = ($0.k, $0.batch) } != [])
    #expect(violations { $0.kernel = .lanes } != [])
    #expect(violations { $0.batchBlock = 0 } != [])
    #expect(violations { ($0.shared, $0.threads) = ($0.k, 2) } != [])
    #expect(violations { $0.shared = $0.batch } != [])
  }
}
