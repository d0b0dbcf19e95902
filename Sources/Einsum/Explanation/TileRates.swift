internal import CEinsumRuntime
import EinsumCodegen
import EinsumIR
internal import EinsumJIT
internal import EinsumSyntax

/// Measures the library's register tiles alone: on one thread, and on panels that are there already.
enum TileRates {
  /// GFLOP/s by kernel, for every float32 and float64 tile of the machine's instruction set.
  ///
  /// - Throws: `EinsumError` [load-failed] where the system refuses to run generated code, or [out-of-memory].
  static func measured(on machine: Machine, seconds: Double) throws(EinsumError) -> [String: Double] {
    var rates: [String: Double] = [:]
    for type in [ElementType.float32, .float64] {
      for tile in machine.tiles(for: type) {
        let kernel = KernelSpec(.tile(tile, .strided), type, machine.isa)
        rates[kernel.symbol] = try measured(kernel, tile, seconds: seconds)
      }
    }
    return rates
  }

  /// Terms of each sum: enough that loading and storing the result hardly counts, as in a blocked product.
  private static let depth = 256
  /// Tiles in one call of the driver.
  private static let repeats = 2000

  private static func measured(
    _ kernel: KernelSpec, _ tile: Tile, seconds: Double
  ) throws(EinsumError) -> Double {
    let program = program(kernel, tile)
    let code: LoadedCode
    do throws(LoadError) {
      code = try TinyCC.compile(
        CPrinter.source(for: program, name: Compilation.entryName), entry: Compilation.entryName,
        symbols: [(kernel.symbol, kernel.address)])
    } catch {
      throw EinsumError(.loading(message: error.message))
    }
    let bytes = program.workspaceSize
    let memory = try TensorStorage(byteCount: bytes, for: "measuring the limits")
    memory.base.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    let work = 2.0 * Double(tile.mr * tile.nr * depth * repeats)
    return withExtendedLifetime((code, memory)) {
      var best = 0.0
      let clock = ContinuousClock()
      let start = clock.now
      repeat {
        let time = clock.measure {
          withUnsafePointer(to: UnsafeRawPointer?.none) { code.entry($0, nil, memory.base, 0, 1, nil) }
        }
        best = max(best, work / (time / .seconds(1)))
      } while clock.now - start < .seconds(seconds)
      return best * 1e-9
    }
  }

  /// A loop that computes the same tile again and again from two panels of the workspace.
  private static func program(_ kernel: KernelSpec, _ tile: Tile) -> LoopProgram {
    let size = kernel.elementType.size
    let counts = [("a", tile.mr * depth), ("b", tile.nr * depth), ("c", tile.mr * tile.nr)]
    var program = LoopProgram(
      loops: [Loop(name: "i0", range: .whole(repeats), step: 1)], operandCount: 0, workspaceSize: 0)
    for (name, count) in counts {
      program.buffers.append(
        ProgramBuffer(
          name: name, storage: .workspace(program.workspaceSize), content: .elements(kernel.elementType),
          span: 0..<count))
      program.workspaceSize += WorkspaceAlignment.rounded(count * size)
    }
    func panel(_ buffer: Int, _ width: Int) -> Access {
      Access(
        BufferID(buffer), Affine(),
        [.init(.stride(width), .constant(depth)), .init(.stride(1), .constant(width))])
    }
    let call = KernelCall(
      kernel,
      output: Access(
        BufferID(2), Affine(),
        [.init(.stride(tile.nr), .constant(tile.mr)), .init(.stride(1), .constant(tile.nr))]),
      inputs: [panel(0, tile.mr), panel(1, tile.nr)])
    program.steps = [ProgramStep(comment: kernel.symbol, body: [.loop(LoopID(0), [.call(call)])])]
    return program
  }
}
