extension Kernel {
  /// The text form of each stage of the compiler, which takes another compilation.
  package var trace: CompilationTrace {
    var trace: CompilationTrace? = CompilationTrace()
    guard let machine = try? request.machine(),
      (try? Compilation(request, on: machine, trace: &trace)) != nil, let trace
    else { preconditionFailure("internal: a kernel's request no longer compiles") }
    return trace
  }
}
