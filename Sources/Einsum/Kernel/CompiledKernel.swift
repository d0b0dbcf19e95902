internal import CEinsumRuntime
import EinsumCodegen
import EinsumIR
internal import EinsumJIT
package import EinsumSyntax
import Synchronization

/// Loaded code for one contraction, whatever its indices are called. Callable from any number of threads at once.
package final class CompiledKernel: Sendable {
  private let code: LoadedCode
  package let workspaceSize: Int
  /// The most threads that a call runs on.
  package let threads: Int
  /// The address of a workspace left by the last call, for the next; concurrent calls find 0 and make their own.
  private let spare = Atomic<UInt>(0)

  /// Compiles a driver with libtcc against the kernel library.
  ///
  /// - Throws: `EinsumError` [load-failed] where the system refuses to run generated code.
  package init(_ compilation: Compilation) throws(EinsumError) {
    workspaceSize = compilation.plan.workspaceSize
    threads = compilation.plan.threads
    var symbols: [TinyCC.Symbol] = [("es_barrier", Self.barrier), ("es_stream_end", Self.streamEnd)]
    for kernel in compilation.program.kernels {
      symbols.append((kernel.symbol, kernel.address))
    }
    do throws(LoadError) {
      code = try TinyCC.compile(compilation.source, entry: Compilation.entryName, symbols: symbols)
    } catch {
      throw EinsumError(.loading(message: error.message))
    }
  }

  private static var streamEnd: UnsafeRawPointer {
    let function: @convention(c) () -> Void = es_stream_end
    return unsafeBitCast(function, to: UnsafeRawPointer.self)
  }

  /// The driver's machine code.
  package var machineCode: [UInt8] { code.bytes }

  private static var barrier: UnsafeRawPointer {
    let function: @convention(c) (UnsafeMutableRawPointer?) -> Void = es_barrier
    return unsafeBitCast(function, to: UnsafeRawPointer.self)
  }

  deinit { es_aligned_free(UnsafeMutableRawPointer(bitPattern: spare.load(ordering: .acquiring))) }

  /// Computes.
  ///
  /// - Parameters:
  ///   - operands: for each operand, its element at index zero of every axis.
  ///   - output: likewise; must not overlap an operand.
  ///   - callersWorkspace: `workspaceSize` bytes on a cache line; if nil, the kernel's own.
  /// - Throws: `EinsumError` [out-of-memory] if the workspace cannot be had.
  package func run(
    _ operands: UnsafePointer<UnsafeRawPointer?>, _ output: UnsafeMutableRawPointer,
    workspace callersWorkspace: UnsafeMutableRawPointer? = nil
  ) throws(EinsumError) {
    let ownWorkspace = workspaceSize == 0 || callersWorkspace != nil ? nil : try takeWorkspace()
    let workspace = callersWorkspace ?? ownWorkspace
    withExtendedLifetime(code) {
      if threads > 1 {
        es_team_run(code.entry, operands, output, workspace, threads)
      } else {
        code.entry(operands, output, workspace, 0, 1, nil)
      }
    }
    if let ownWorkspace { giveBack(ownWorkspace) }
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
