public import EinsumIR

/// A compiled einsum for operands of given types and layouts.
///
/// A kernel is made by ``Einsum/compile(_:operands:elementType:accumulate:threads:)`` and called like a function. It holds no
/// state that calls share, so any number of threads may call it at once.
///
///     let kernel = try Einsum.compile("ij,jk->ik", operands: [a.layout, b.layout], elementType: .float32)
///     var c = Tensor<Float>(shape: kernel.outputLayout.shape, repeating: 0)
///     try kernel(a, b, into: &c)
public final class Kernel: Sendable {
  package let request: CompileRequest
  let compiled: CompiledKernel
  package let plan: EinsumIR.Plan
  /// The C text of the driver that was compiled for this kernel.
  public let cSource: String
  /// The type of the result's elements.
  public let outputType: ElementType
  /// The shape of the result and where its elements are written.
  public let outputLayout: Layout
  /// The bytes that operands and output take, relative to their pointers.
  package let operandSpans: [Range<Int>]
  package let outputSpan: Range<Int>

  init(request: CompileRequest, compilation: Compilation, compiled: CompiledKernel) {
    self.request = request
    self.compiled = compiled
    plan = compilation.plan
    cSource = compilation.source
    outputType = compilation.analysis.outputType
    outputLayout = compilation.analysis.outputLayout
    operandSpans = request.operands.map { Self.byteSpan(of: $0.layout, $0.elementType) }
    outputSpan = Self.byteSpan(of: outputLayout, outputType)
  }

  private static func byteSpan(of layout: Layout, _ type: ElementType) -> Range<Int> {
    let span = layout.span ?? 0..<0
    return span.lowerBound * type.size..<span.upperBound * type.size
  }

  /// The bytes that a call needs beside operands and output.
  public var workspaceSize: Int { compiled.workspaceSize }

  /// The most threads that a call runs on.
  public var threadCount: Int { compiled.threads }

  /// Multiplications and additions of one call, in the order of contraction that was chosen.
  public var flopCount: Double { plan.flopCount }

  /// The bytes of operands and output, each counted once.
  public var byteCount: Double { plan.byteCount }

  /// The machine code of the driver, for disassemblers.
  package var machineCode: [UInt8] { compiled.machineCode }

  /// What the compiler made of the einsum and why, with predictions for a machine of this kind.
  public var explanation: Explanation { explanation { .assumed(for: $0) } }

  /// What the compiler made of the einsum and why, with predictions from measured limits.
  public func explanation(with limits: Limits) -> Explanation { explanation { _ in limits } }

  private func explanation(_ limits: (Machine) -> Limits) -> Explanation {
    recompiled { machine in
      Explanation(
        of: try Compilation(request, on: machine), request, on: machine, limits: limits(machine))
    }
  }

  /// The text form of each stage of the compiler.
  package var trace: CompilationTrace { recompiled { try Compilation.traced(request, on: $0).trace } }

  /// What compiling once more gives, as kernels keep nothing but what it takes to run.
  private func recompiled<Product>(_ compile: (Machine) throws -> Product) -> Product {
    guard let machine = try? request.machine(), let product = try? compile(machine) else {
      preconditionFailure("internal: a kernel's request no longer compiles")
    }
    return product
  }
}
