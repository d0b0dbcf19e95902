import CEinsumRuntime
import EinsumCodegen
import EinsumIR
import EinsumJIT
import EinsumKernels
import EinsumTestSupport
import Testing

/// A loop program compiled with libtcc against the kernel library.
struct Driver {
  private let code: LoadedCode
  private let workspaceSize: Int
  private let threads: Int

  init(_ program: LoopProgram) throws {
    let symbols = try program.kernels.map { kernel -> TinyCC.Symbol in
      let address = try #require(es_kernel_lookup(kernel.symbol), "the library has no \(kernel.symbol)")
      return (kernel.symbol, UnsafeRawPointer(address))
    }
    let barrier: @convention(c) (UnsafeMutableRawPointer?) -> Void = es_barrier
    let streamEnd: @convention(c) () -> Void = es_stream_end
    let runtime = [
      ("es_barrier", unsafeBitCast(barrier, to: UnsafeRawPointer.self)),
      ("es_stream_end", unsafeBitCast(streamEnd, to: UnsafeRawPointer.self)),
    ]
    code = try TinyCC.compile(
      CPrinter.source(for: program), entry: "es_driver",
      symbols: symbols + runtime)
    workspaceSize = program.workspaceSize
    threads = program.threads
  }

  func run(_ operands: [UnsafeRawPointer], _ output: UnsafeMutableRawPointer) throws {
    try call(code.entry, operands, output, workspaceSize: workspaceSize, threads: threads)
  }
}

/// Calls a driver with a workspace that ends at a guard page and holds ones bits: what is read before it is
/// written shows up as a nan.
func call(
  _ entry: EntryPoint, _ operands: [UnsafeRawPointer], _ output: UnsafeMutableRawPointer, workspaceSize: Int,
  threads: Int = 1
) throws {
  let workspace = try GuardedMemory(byteCount: WorkspaceAlignment.rounded(workspaceSize), flushAt: .end)
  workspace.start.initializeMemory(
    as: UInt8.self, repeating: 0xFF, count: WorkspaceAlignment.rounded(workspaceSize))
  let pointers: [UnsafeRawPointer?] = operands.map { $0 } + [nil]
  pointers.withUnsafeBufferPointer { buffer in
    guard let first = buffer.baseAddress else { return }
    es_team_run(entry, first, output, workspace.start, threads)
  }
}

/// Many drivers and the kernels they call in one C text, compiled at once by gcc.
struct DriverBatch {
  private let library: LoadedLibrary

  init(_ programs: [LoopProgram], on isa: ISA) throws {
    var seen = Set<KernelSpec>()
    let kernels = programs.flatMap(\.kernels).filter { seen.insert($0).inserted }
    let drivers = programs.enumerated().map { number, program in
      // The kernels' text has the structs, and C99 wants each once.
      CPrinter.source(for: program, name: "driver_\(number)").split(separator: "\n")
        .filter { !$0.hasPrefix("typedef struct") }.joined(separator: "\n")
    }
    // These drivers run on one thread, whatever they are for.
    let barrier = "void es_barrier(void *team) { (void)team; }\nvoid es_stream_end(void) {}\n"
    let source =
      barrier + KernelEmitter.source(for: kernels, on: isa) + drivers.joined(separator: "\n") + "\n"
    library = try SystemCompiler.load(source, ["-O1", "-w"])
  }

  func run(
    _ number: Int, _ program: LoopProgram, _ operands: [UnsafeRawPointer], _ output: UnsafeMutableRawPointer
  ) throws {
    let entry: EntryPoint = try library.function("driver_\(number)")
    try call(entry, operands, output, workspaceSize: program.workspaceSize)
  }
}
