import EinsumIR

extension SelfCheckProgram {
  /// What has to stand in front of a program's includes: large pages are no part of the C standard.
  static let systemIncludes = """
    #ifdef __linux__
    #ifndef _DEFAULT_SOURCE
    #define _DEFAULT_SOURCE
    #endif
    #include <sys/mman.h>
    #endif

    """

  /// Large arrays in small pages take several times as long to read across.
  func emitAllocate(_ text: inout CText) {
    text.function(
      "Memory that begins at a cache line, and if it is much, in large pages where the system has them.",
      "static void *allocate(size_t size)"
    ) { text in
      text.line("#ifdef MADV_HUGEPAGE")
      text.line("const size_t page = size < 4194304 ? 64 : 2097152, whole = (size + page - 1) / page * page;")
      text.line("void *memory;")
      text.statement("if (posix_memalign(&memory, page, whole))", "return NULL;")
      text.statement("if (page > 64)", "madvise(memory, whole, MADV_HUGEPAGE);")
      text.line("return memory;\n#else\nreturn malloc(size);\n#endif")
    }
    text.line("")
  }

  func emitTime(_ text: inout CText) {
    text.function("Seconds from some fixed time on.", "static double seconds(void)") { text in
      text.line("#ifdef _OPENMP\nreturn omp_get_wtime();\n#else")
      text.line("return (double)clock() / CLOCKS_PER_SEC;\n#endif")
    }
    text.line("")
  }

  func emitMain(_ text: inout CText) {
    let plan = kernel.hintedPlan
    let extents = kernel.dynamic?.extents.extents.map { "\($0.hint)" } ?? []
    let flop = plan?.flopCount ?? 0
    let bytes = plan?.byteCount ?? 0
    text.function(nil, "int main(void)") { text in
      text.line("unsigned long state = 1;")
      var fills: [String] = []
      for (number, operand) in kernel.operands.enumerated() {
        let span = operand.layout.span ?? 0..<0
        let start = span.lowerBound == 0 ? "m\(number)" : "m\(number) + \(-span.lowerBound)"
        let type = c(operand.elementType)
        text.line("\(type) *m\(number) = allocate(\(max(span.count, 1)) * sizeof *m\(number));")
        fills.append(
          "\(type) *const p\(number) = \(start);\nfill_\(operand.elementType.code)(m\(number), \(span.count), &state);"
        )
      }
      let span = kernel.analysis.outputLayout.span ?? 0..<0
      text.line("\(c(outputType)) *result = allocate(\(max(span.count, 1)) * sizeof *result);")
      var memory = kernel.operands.indices.map { "m\($0)" } + ["result"]
      if kernel.takesWorkspace {
        text.line(
          "void *workspace = allocate(\(kernel.name)_workspace_size(\(extents.joined(separator: ", "))));")
        memory.append("workspace")
      }
      text.block("if (\(memory.map { "!" + $0 }.joined(separator: " || ")))") { text in
        text.line("fprintf(stderr, \"no memory\\n\");\nreturn 1;")
      }
      for fill in fills { text.line(fill) }
      if fills.isEmpty { text.line("(void)state;") }
      text.line("memset(result, 0xff, \(span.count) * sizeof *result);")
      text.line(
        "\(c(outputType)) *const out = result\(span.lowerBound == 0 ? "" : " + \(-span.lowerBound)");")
      let names = kernel.operands.indices.map { "p\($0)" } + ["out"]
      let arguments = (extents + names + (kernel.takesWorkspace ? ["workspace"] : [])).joined(separator: ", ")
      let call =
        kernel.allocates
        ? "if (\(kernel.name)(\(arguments)))\n    return 1;" : "\(kernel.name)(\(arguments));"
      text.line(call)
      text.line("const long wrong = check(\(names.joined(separator: ", ")));\n")
      text.line("double best = 1e30;")
      text.line("const double end = seconds() + 0.2;")
      text.line("long calls = 1;")
      text.block("do") { text in
        text.line("const double start = seconds();")
        text.block("for (long call = 0; call < calls; call++)") { $0.line(call) }
        text.line("const double time = (seconds() - start) / (double)calls;")
        text.line("if (time > 0 && time < best)\n    best = time;")
        text.line("if (time * (double)calls < 0.001 && calls < 1000000000)\n    calls *= 2;")
      }
      text.line("while (seconds() < end);")
      text.line(
        "printf(\"%.3f us, %.2f GFLOP/s, %.2f GB/s\\n\", best * 1e6, \(flop) / best * 1e-9, \(bytes) / best * 1e-9);"
      )
      for name in memory { text.line("free(\(name));") }
      text.line("return wrong != 0;")
    }
  }
}
