import EinsumIR
package import EinsumSyntax
import Synchronization

/// Compiled kernels by what they compute: two requests that differ only in names share one.
///
/// Two levels: requests as they were made, so that a known one costs a single look-up, and behind them contractions in
/// canonical form. Both forget what was used longest ago when they are full; kernels in use stay alive regardless.
package final class KernelCache: Sendable {
  /// The process's cache, which `einsum` and `Einsum.compile` use.
  package static let shared = KernelCache(capacity: 1024)

  private struct CanonicalKey: Hashable {
    let contraction: Contraction
    let machine: Machine
  }

  private struct Tables {
    var kernels: BoundedTable<CompileRequest, Kernel>
    var compiled: BoundedTable<CanonicalKey, CompiledKernel>
  }

  private let tables: Mutex<Tables>
  private let calls: KnownCalls

  package init(capacity: Int) {
    calls = KnownCalls(capacity: capacity)
    tables = Mutex(Tables(kernels: .init(capacity: capacity), compiled: .init(capacity: capacity)))
  }

  /// The kernel for a request, compiled if it is not known.
  ///
  /// Compiling happens outside the lock: two threads that ask for the same new kernel at once both compile it, and one
  /// result is kept.
  package func kernel(for request: CompileRequest) throws(EinsumError) -> Kernel {
    if let known = tables.withLock({ $0.kernels[request] }) { return known }
    let machine = try request.machine()
    let compilation = try Compilation(request, on: machine)
    let key = CanonicalKey(contraction: compilation.plan.contraction.withoutNames(), machine: machine)
    let kernel = Kernel(
      request: request, compilation: compilation, compiled: try compiledKernel(compilation, key))
    tables.withLock { $0.kernels[request] = kernel }
    return kernel
  }

  private func compiledKernel(
    _ compilation: Compilation, _ key: CanonicalKey
  ) throws(EinsumError) -> CompiledKernel {
    if let known = tables.withLock({ $0.compiled[key] }) { return known }
    let fresh = try CompiledKernel(compilation)
    tables.withLock { $0.compiled[key] = fresh }
    return fresh
  }

  /// The kernel of an earlier call with the same text and like operands: one look-up.
  func knownKernel(
    _ text: String, _ elementType: ElementType, _ count: Int, _ layout: (Int) -> Layout
  ) -> Kernel? {
    calls.kernel(text, elementType, count, layout)
  }

  func remember(_ kernel: Kernel, _ text: String, _ elementType: ElementType, _ layouts: [Layout]) {
    calls.remember(kernel, text, elementType, layouts)
  }

  /// Forgets all kernels; those in use stay alive.
  package func removeAll() {
    tables.withLock { tables in
      tables.kernels.removeAll()
      tables.compiled.removeAll()
    }
    calls.removeAll()
  }

  /// How many different kernels are held.
  package var count: Int { tables.withLock { $0.compiled.count } }
}

/// A dictionary that holds at most `capacity` entries: when full, the half used longest ago goes.
private struct BoundedTable<Key: Hashable, Value> {
  private var entries: [Key: (value: Value, use: Int)] = [:]
  private var clock = 0
  let capacity: Int

  init(capacity: Int) { self.capacity = capacity }

  var count: Int { entries.count }

  mutating func removeAll() { entries.removeAll() }

  subscript(key: Key) -> Value? {
    mutating get {
      guard let index = entries.index(forKey: key) else { return nil }
      clock += 1
      entries.values[index].use = clock
      return entries.values[index].value
    }
    set {
      if entries.count >= capacity {
        let uses = entries.values.map(\.use).sorted()
        let threshold = uses[uses.count / 2]
        entries = entries.filter { $0.value.use > threshold }
      }
      clock += 1
      entries[key] = newValue.map { ($0, clock) }
    }
  }
}
