import CEinsumRuntime
import Foundation
import Testing

/// Blocks that wait to be used again. What counts them has a process of its own.
@Suite("Memory pool") struct MemoryPoolTests {
  private static func take(_ bytes: Int) throws -> (block: UnsafeMutableRawPointer, capacity: Int) {
    var capacity = 0
    let block = try #require(es_pool_take(bytes, &capacity))
    #expect(capacity >= bytes)
    return (block, capacity)
  }

  @Test func `a big block is used again, a small one is not kept`() async {
    await #expect(processExitsWith: .success) {
      es_pool_trim(0)
      let first = try Self.take(8 << 20)
      memset(first.block, 1, 8 << 20)
      es_pool_give(first.block, first.capacity)
      #expect(es_pool_bytes() == first.capacity)
      let second = try Self.take(7 << 20)
      #expect(second.block == first.block && second.capacity == first.capacity)
      #expect(es_pool_bytes() == 0)
      // Too small for a block of this size to wait for it.
      es_pool_give(second.block, second.capacity)
      let third = try Self.take(2 << 20)
      #expect(third.block != first.block)
      es_pool_give(third.block, third.capacity)
      let small = try Self.take(1000)
      let before = es_pool_bytes()
      es_pool_give(small.block, small.capacity)
      #expect(es_pool_bytes() == before)
      es_pool_trim(0)
      #expect(es_pool_bytes() == 0)
      es_pool_give(nil, 0)
    }
  }

  @Test func `what waits is bounded in bytes and in blocks`() async {
    await #expect(processExitsWith: .success) {
      es_pool_trim(0)
      let blocks = try (0..<100).map { _ in try Self.take(1 << 20) }
      for (block, capacity) in blocks { es_pool_give(block, capacity) }
      #expect(es_pool_bytes() == 64 << 20)
      es_pool_trim(10 << 20)
      #expect(es_pool_bytes() == 10 << 20)
      let large = try (0..<5).map { _ in try Self.take(300 << 20) }
      for (block, capacity) in large { es_pool_give(block, capacity) }
      #expect(es_pool_bytes() <= 1 << 30)
      es_pool_trim(0)
    }
  }

  @Test func `absurd sizes are refused`() {
    var capacity = 0
    #expect(es_pool_take(Int.max, &capacity) == nil)
    #expect(es_pool_take(-1, &capacity) == nil)
  }

  /// Every thread finds in its block what it wrote there, so no block has two owners.
  @Test func `threads share the pool`() {
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      for round in 0..<200 {
        let bytes = (1 + (thread + round) % 3) << 20
        var capacity = 0
        guard let block = es_pool_take(bytes, &capacity) else {
          Issue.record("no memory")
          return
        }
        let words = block.assumingMemoryBound(to: Int.self)
        words[0] = thread
        words[bytes / 8 - 1] = round
        sched_yield()
        #expect(words[0] == thread && words[bytes / 8 - 1] == round)
        es_pool_give(block, capacity)
      }
    }
    es_pool_trim(0)
  }
}
