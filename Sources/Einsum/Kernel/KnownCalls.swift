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
  func kernel<Element: TensorElement>(_ text: String, _ operands: [Tensor<Element>]) -> Kernel? {
    let hash = hash(text, operands)
    return calls.withLock { calls in
      calls[hash]?.first { call in
        call.elementType == Element.elementType && call.text == text
          && call.layouts.count == operands.count
          && zip(call.layouts, operands).allSatisfy {
            $0.shape == $1.layout.shape && $0.strides == $1.layout.strides
          }
      }?.kernel
    }
  }

  func remember<Element: TensorElement>(_ kernel: Kernel, _ text: String, _ operands: [Tensor<Element>]) {
    let call = Call(
      text: text, elementType: Element.elementType, layouts: operands.map(\.layout), kernel: kernel)
    let hash = hash(text, operands)
    calls.withLock { calls in
      if calls.count >= capacity { calls.removeAll() }
      calls[hash, default: []].append(call)
    }
  }

  func removeAll() { calls.withLock { $0.removeAll() } }

  private func hash<Element: TensorElement>(_ text: String, _ operands: [Tensor<Element>]) -> Int {
    var hasher = Hasher()
    hasher.combine(text)
    for operand in operands {
      for extent in operand.layout.shape { hasher.combine(extent) }
    }
    return hasher.finalize()
  }
}
