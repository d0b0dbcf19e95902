internal import CEinsumRuntime
import EinsumCodegen
import EinsumIR
internal import EinsumJIT
internal import EinsumKernels
package import EinsumSyntax
import Synchronization

/// Loaded code for one contraction, whatever its indices are called. Callable from any number of threads at once.
package final class CompiledKernel: Sendable {
  private let code: LoadedCode
  package let workspaceSize: Int
  /// The address of a workspace left by the last call, for the next; concurrent calls find 0 and make their own.
  private let spare = Atomic<UInt>(0)

  /// Compiles a driver with libtcc against the kernel library.
  ///
  /// - Throws: `EinsumError` [load-failed] where the system refuses to run generated code.
  package init(_ compilation: Compilation) throws(EinsumError) {
    workspaceSize = compilation.plan.workspaceSize
    var symbols: [TinyCC.Symbol] = []
    for kernel in compilation.program.kernels {
      guard let address = es_kernel_lookup(kernel.symbol) else {
        preconditionFailure("internal: the kernel library has no \(kernel.symbol)")
      }
      symbols.append((kernel.symbol, UnsafeRawPointer(address)))
    }
    do throws(LoadError) {
      code = try TinyCC.compile(compilation.source, entry: Compilation.entryName, symbols: symbols)
    } catch {
      throw EinsumError(.loading(message: error.message))
    }
  }

  deinit { es_aligned_free(UnsafeMutableRawPointer(bitPattern: spare.load(ordering: .acquiring))) }

  /// Computes.
  ///
  /// - Parameters:
  ///   - operands: for each operand, its element at index zero of every axis.
  ///   - output: likewise; must not overlap an operand.
  /// - Throws: `EinsumError` [out-of-memory] if the workspace cannot be had.
  package func run(
    _ operands: UnsafePointer<UnsafeRawPointer?>, _ output: UnsafeMutableRawPointer
  ) throws(EinsumError) {
    let workspace = workspaceSize == 0 ? nil : try takeWorkspace()
    withExtendedLifetime(code) { code.entry(operands, output, workspace) }
    if let workspace { giveBack(workspace) }
  }

  /// A workspace larger than this is not kept between calls.
  private static let largestSpare = 32 << 20

  private func takeWorkspace() throws(EinsumError) -> UnsafeMutableRawPointer {
    let kept = spare.exchange(0, ordering: .acquiringAndReleasing)
    if let kept = UnsafeMutableRawPointer(bitPattern: kept) { return kept }
    guard let fresh = es_aligned_alloc(workspaceSize, WorkspaceAlignment.bytes) else {
      throw EinsumError(.outOfMemory(bytes: workspaceSize, what: "the workspace"))
    }
    return fresh
  }

  private func giveBack(_ workspace: UnsafeMutableRawPointer) {
    if workspaceSize > Self.largestSpare { return es_aligned_free(workspace) }
    let other = spare.exchange(UInt(bitPattern: workspace), ordering: .acquiringAndReleasing)
    es_aligned_free(UnsafeMutableRawPointer(bitPattern: other))
  }
}
