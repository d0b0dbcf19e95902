import Einsum
import EinsumReport

/// What can be said of a kernel, by the header's numbers.
enum KernelText: Int {
  case explanation, equation, contraction, plan, loops, c, allStages, html

  /// The text for a kernel. Compiles again, since kernels do not keep their texts.
  func made(for kernel: Kernel) -> String {
    switch self {
    case .explanation: kernel.explanation.description
    case .equation: kernel.trace.text(of: .equation)
    case .contraction: kernel.trace.text(of: .contraction)
    case .plan: kernel.trace.text(of: .plan)
    case .loops: kernel.trace.text(of: .loops)
    case .c: kernel.trace.text(of: .c)
    case .allStages: Self.text(ofAll: kernel.trace)
    case .html: Report(kernel.explanation, kernel.trace).page
    }
  }

  private static func text(ofAll trace: CompilationTrace) -> String {
    Stage.allCases.map(trace.text).joined(separator: "\n\n")
  }
}
