public import CEinsum
import CEinsumRuntime
import Einsum
import EinsumSyntax
import Glibc
import Synchronization

/// The kernels of earlier calls, by their arguments.
///
/// They go when the process ends, for leak checkers: some pointers inside of Swift's values have
/// marks in their upper bits, and what only they point to looks lost. Checkers look before destructors run, but after
/// functions that were registered late.
private let knownCalls: Mutex<[CallKey: KernelHandle]> = {
  atexit { einsum_clear_cache() }
  return Mutex([:])
}()

/// When as many calls are known, all are forgotten. What they compiled is still known to the cache of kernels, and those
/// that a program has a reference to stay.
private let mostKnownCalls = 1024

@c @implementation
public func einsum_compile(
  _ equation: UnsafePointer<CChar>?, _ operand_count: Int, _ operands: UnsafePointer<einsum_tensor>?,
  _ output: UnsafePointer<einsum_tensor>?, _ options: UnsafePointer<einsum_options>?,
  _ kernel: UnsafeMutablePointer<OpaquePointer?>?
) -> einsum_status {
  kernel?.pointee = nil
  return reporting { () throws(EinsumError) in
    guard let kernel else { throw invalid("kernel", "it is NULL") }
    let arguments = try CompileArguments(equation, operand_count, operands, output, options)
    es_work_begin()
    defer { es_work_end() }
    kernel.pointee = try kernelHandle(for: arguments).retained()
  }
}

private func kernelHandle(for arguments: CompileArguments) throws(EinsumError) -> KernelHandle {
  let key = CallKey(arguments)
  if let known = knownCalls.withLock({ $0[key] }) { return known }
  let handle = KernelHandle(try compile(arguments), arguments.options)
  knownCalls.withLock { known in
    if known.count >= mostKnownCalls { known.removeAll() }
    known[key] = handle
  }
  return handle
}

private func compile(_ arguments: CompileArguments) throws(EinsumError) -> Kernel {
  var request = try arguments.request()
  var kernel = try KernelCache.shared.kernel(for: request)
  // What the output has to be like is known only now.
  if let layout = try arguments.outputLayout(kernel.outputType), layout != kernel.outputLayout {
    request.outputLayout = layout
    kernel = try KernelCache.shared.kernel(for: request)
  }
  let limit = Int(clamping: arguments.options.memory_limit)
  if limit > 0 && kernel.workspaceSize > limit {
    throw EinsumError(.memoryLimit(bytes: kernel.workspaceSize, limit: limit))
  }
  return kernel
}

@c @implementation
public func einsum_clear_cache() {
  es_work_begin()
  defer { es_work_end() }
  // Freed outside the lock.
  let calls = knownCalls.withLock { known in
    defer { known = [:] }
    return known
  }
  withExtendedLifetime(calls) {}
  KernelCache.shared.removeAll()
}

@c @implementation
public func einsum_retain(_ kernel: OpaquePointer?) -> OpaquePointer? {
  guard let kernel else { return nil }
  return KernelHandle.at(kernel).retained()
}

@c @implementation
public func einsum_release(_ kernel: OpaquePointer?) {
  if let kernel { KernelHandle.release(kernel) }
}
