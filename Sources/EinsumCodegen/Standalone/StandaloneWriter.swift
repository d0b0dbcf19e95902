/// Writes standalone C: one file that needs a C compiler and nothing else, and its header.
package enum StandaloneWriter {
  /// The C file.
  ///
  /// - Throws: if an emitter wrote what cannot be specialised, which is a mistake of einsumc's.
  package static func source(for kernel: StandaloneKernel) throws(StandaloneFailure) -> String {
    var parts = [StandaloneComment.text(for: kernel), includes(kernel)]
    switch kernel.dialect {
    case .vector(let variants):
      parts.append(try VectorBody.text(for: kernel, variants))
    case .portable(let plan, let samples):
      parts.append(try PlainBody.text(for: kernel, plan, samples))
    }
    // A function that allocates asks for the size.
    let size = try workspaceFunction(kernel)
    parts += kernel.allocates ? [size, allocatingFunction(kernel)] : [size]
    if kernel.hasMain { parts.append(SelfCheckProgram.text(for: kernel)) }
    return parts.joined(separator: "\n")
  }

  /// The header, for C and C++.
  package static func header(for kernel: StandaloneKernel) -> String {
    let guardName = "EINSUMC_\(kernel.name.uppercased())_H"
    var text = CText()
    text.line(StandaloneComment.summary(for: kernel))
    text.line("#ifndef \(guardName)\n#define \(guardName)\n\n#include <stddef.h>\n")
    text.line("#ifdef __cplusplus\nextern \"C\" {\n#define EINSUMC_RESTRICT\n#else")
    text.line("#define EINSUMC_RESTRICT restrict\n#endif\n")
    for structure in kernel.structures { text.line(structure + "\n") }
    if kernel.allocates { text.line("/* Returns 0, or 1 if there is no memory for the workspace. */") }
    text.line(CText.wrapped(kernel.head.replacing("*restrict", with: "*EINSUMC_RESTRICT")) + ";\n")
    text.line(
      """
      /* The bytes of workspace that a call needs\(kernel.allocates ? " and allocates itself" : ""). */
      \(kernel.workspaceHead);

      #undef EINSUMC_RESTRICT
      #ifdef __cplusplus
      }
      #endif

      #endif
      """)
    return text.text
  }

  /// The function that computes, where the workspace is always a parameter of it.
  static func computeName(_ kernel: StandaloneKernel) -> String {
    kernel.allocates ? "\(kernel.name)_compute" : kernel.name
  }

  private static func includes(_ kernel: StandaloneKernel) -> String {
    var headers = ["stdlib"] + (kernel.dynamic == nil ? [] : ["assert"])
    if kernel.hasMain { headers += ["stdio", "string", "time"] }
    if case .portable = kernel.dialect, !kernel.hasMain, PlainBody.movesBits(kernel) {
      headers.append("string")
    }
    return (kernel.hasMain ? SelfCheckProgram.systemIncludes : "")
      + headers.sorted().map { "#include <\($0).h>\n" }.joined()
      + (kernel.numbersThreads || kernel.hasMain ? "\n" + OpenMP.headers : "")
  }

  private static func workspaceFunction(
    _ kernel: StandaloneKernel
  ) throws(StandaloneFailure) -> String {
    let body = try kernel.workspaceBody()
    var text = CText()
    text.function(
      "The bytes of workspace that a call needs\(kernel.allocates ? " and allocates itself" : "").",
      kernel.workspaceHead
    ) { $0.line(body) }
    return text.text
  }

  private static func allocatingFunction(_ kernel: StandaloneKernel) -> String {
    var text = CText()
    let names = kernel.parameters.map(\.name)
    text.function("Returns 0, or 1 if there is no memory for the workspace.", kernel.head) { text in
      let compute = computeName(kernel)
      if !kernel.hasWorkspace {
        text.line("\(compute)(\(names.joined(separator: ", ")));\nreturn 0;")
        return
      }
      text.line("void *workspace = malloc(\(kernel.workspaceCall));")
      text.statement("if (!workspace)", "return 1;")
      text.line("\(compute)(\((names + ["workspace"]).joined(separator: ", ")));")
      text.line("free(workspace);\nreturn 0;")
    }
    return text.text
  }
}
