import Einsum
import EinsumIR
import EinsumSyntax
import EinsumTestSupport
import Foundation
import Synchronization
import Testing

/// One compiled kernel for one contraction, from any number of threads.
@Suite struct KernelCacheTests {
  @Test func renamedRequestsShareCode() throws {
    let cache = KernelCache(capacity: 8)
    let shapes = [[3, 4], [4, 5]]
    for text in ["ij,jk->ik", "{x}b, b a -> {x}a", "zy,yx->zx", "ij,jk"] {
      _ = try cache.kernel(for: CompileRequest(text, shapes))
      #expect(cache.count == 1)
    }
    _ = try cache.kernel(for: CompileRequest("ij,jk->ki", shapes))
    #expect(cache.count == 2)
  }

  @Test func aFullCacheForgetsTheOldAndWorksOn() throws {
    let cache = KernelCache(capacity: 4)
    let kept = try cache.kernel(for: CompileRequest("i->", [[1000]]))
    for extent in 1...20 { _ = try cache.kernel(for: CompileRequest("i->", [[extent + 1]])) }
    #expect(cache.count <= 4)
    var sum = Tensor<Float>(0)
    try kept(Tensor<Float>(shape: [1000], repeating: 1), into: &sum)
    #expect(sum[] == 1000)
  }

  @Test func errorsAreNotKept() throws {
    let cache = KernelCache(capacity: 4)
    for _ in 0..<2 {
      #expect(throws: EinsumError.self) { try cache.kernel(for: CompileRequest("ij", [[2]])) }
    }
    #expect(cache.count == 0)
  }

  /// 1000 different kernels from 8 threads, each called while others compile, and again after all.
  @Test func manyThreads() throws {
    let cache = KernelCache(capacity: 2000)
    let failures = Mutex<[String]>([])
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      for step in 0..<250 {
        // Each kernel is asked for by two threads.
        let number = (thread / 2 * 250 + (thread % 2 == 0 ? step : 249 - step))
        let (m, k) = (number % 40 + 1, number / 40 + 1)
        do {
          let kernel = try cache.kernel(for: CompileRequest("ij,jk->ik", [[m, k], [k, 3]]))
          let a = Tensor<Float>(shape: [m, k], elements: (0..<(m * k)).map { Float($0 % 5) })
          let b = Tensor<Float>(shape: [k, 3], elements: (0..<(k * 3)).map { Float($0 % 7) })
          let c = try kernel(a, b, as: Float.self)
          for i in 0..<m {
            for j in 0..<3 {
              let expected = (0..<k).reduce(Float(0)) { $0 + a[i, $1] * b[$1, j] }
              if c[i, j] != expected {
                failures.withLock { $0.append("\(m)x\(k): \(c[i, j]) is not \(expected)") }
              }
            }
          }
        } catch {
          failures.withLock { $0.append("\(m)x\(k): \(error)") }
        }
      }
    }
    #expect(failures.withLock { $0 } == [])
    #expect(cache.count == 1000)
  }
}
