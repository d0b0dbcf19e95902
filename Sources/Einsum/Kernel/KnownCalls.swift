import EinsumIR
import Synchronization

/// Kernels by the text and the operands of the calls that used them, so that a call like one before costs one look-up:
/// nothing is parsed, and nothing allocated.
final class KnownCalls: Sendable {
  private struct Call {
    let text: String
    let elementType: ElementType
    let layouts: [Layout]
    let kernel: Kernel
  }

  /// By hash; calls that share one stand side by side.
  private let calls = Mutex<[Int: [Call]]>([:])
  private let capacity: Int

  /// - Parameter capacity: when there are more calls, all are forgotten.
  init(capacity: Int) { self.capacity = capacity }

  /// The kernel of an earlier call with the same text, and operands of the same type, shapes and strides.
  func kernel(_ text: String, _ elementType: ElementType, _ count: Int, _ layout: (Int) -> Layout) -> Kernel?
  {
    let hash = hash(text, count, layout)
    return calls.withLock { calls in
      calls[hash]?.first { call in
        call.elementType == elementType && call.text == text && call.layouts.count == count
          && call.layouts.indices.allSatisfy { number in
            let (known, given) = (call.layouts[number], layout(number))
            return known.shape == given.shape && known.strides == given.strides
          }
      }?.kernel
    }
  }

  func remember(_ kernel: Kernel, _ text: String, _ elementType: ElementType, _ layouts: [Layout]) {
    let call = Call(text: text, elementType: elementType, layouts: layouts, kernel: kernel)
    let hash = hash(text, layouts.count) { layouts[$0] }
    calls.withLock { calls in
      if calls.count >= capacity { calls.removeAll() }
      calls[hash, default: []].append(call)
    }
  }

  func removeAll() { calls.withLock { $0.removeAll() } }

  private func hash(_ text: String, _ count: Int, _ layout: (Int) -> Layout) -> Int {
    var hasher = Hasher()
    hasher.combine(text)
    for number in 0..<count {
      for extent in layout(number).shape { hasher.combine(extent) }
    }
    return hasher.finalize()
  }
}
