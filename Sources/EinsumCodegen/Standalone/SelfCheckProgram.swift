import EinsumIR

/// The part of a standalone file that makes it a program: it computes on random operands, compares elements of the
/// result with plain loops, times the kernel, and fails if an element is wrong.
///
/// C99 without extensions. Operands are small multiples of 1/8, exact in every type.
struct SelfCheckProgram {
  private let kernel: StandaloneKernel
  private let contraction: Contraction
  private let variables: [String]

  static func text(for kernel: StandaloneKernel) -> String {
    let program = SelfCheckProgram(kernel)
    var text = CText()
    text.line("/* From here on: a program that checks and times the kernel. */\n")
    program.emitReaders(&text)
    program.emitFill(&text)
    program.emitReference(&text)
    program.emitCheck(&text)
    program.emitTime(&text)
    program.emitMain(&text)
    return text.text
  }

  private init(_ kernel: StandaloneKernel) {
    self.kernel = kernel
    contraction = kernel.analysis.contraction
    variables = contraction.indices.indices.map { "i\($0)" }
  }

  // MARK: Types

  private var outputType: ElementType { kernel.analysis.outputType }

  /// How the reference computes: exact integers modulo 2^64, or real and imaginary parts in double.
  private var isExact: Bool { [.bool, .signed, .unsigned].contains(outputType.numberClass) }
  private var isComplex: Bool { outputType.numberClass == .complex }
  private var number: String { isExact ? "unsigned long" : "double" }

  private var usedTypes: [ElementType] {
    let used = Set(kernel.operands.map(\.elementType) + [outputType])
    return ElementType.allCases.filter(used.contains)
  }

  private func c(_ type: ElementType) -> String { CType.name(of: type) }

  // MARK: Elements

  /// A function for each type that reads an element as a number of the reference.
  private func emitReaders(_ text: inout CText) {
    for type in usedTypes where type == .float16 || type == .bfloat16 { emitHalf(type, &text) }
    for type in usedTypes where !(type.numberClass == .complex) {
      text.function(
        "An element as a number of the reference.", "static \(number) value_\(type.code)(\(c(type)) x)"
      ) {
        text in
        switch type.numberClass {
        case .bool: text.line("return x != 0;")
        case .signed: text.line(isExact ? "return (unsigned long)x;" : "return (double)x;")
        case .unsigned: text.line(isExact ? "return x;" : "return (double)x;")
        case .real, .complex:
          let value = type == .float16 || type == .bfloat16 ? "number_\(type.code)(x)" : "x"
          text.line(isExact ? "return (unsigned long)(long)\(value);" : "return \(value);")
        }
      }
      text.line("")
    }
  }

  private func emitHalf(_ type: ElementType, _ text: inout CText) {
    let fraction = type == .float16 ? 10 : 7
    let bias = type == .float16 ? 15 : 127
    let most = type == .float16 ? 31 : 255
    text.function(
      "The number that bits of \(type.rawValue) stand for.",
      "static double number_\(type.code)(unsigned bits)"
    ) {
      text in
      text.line("int exponent = (int)(bits >> \(fraction) & \(most));")
      text.line("double x = (double)(bits & \((1 << fraction) - 1)) / \(1 << fraction);")
      text.line("if (exponent == 0)\n    exponent = 1;\nelse\n    x += 1;")
      text.line("for (; exponent > \(bias); exponent--)\n    x *= 2;")
      text.line("for (; exponent < \(bias); exponent++)\n    x /= 2;")
      text.line("return bits >> 15 ? -x : x;")
    }
    text.line("")
  }

  /// The function that fills an operand, one for each type.
  private func emitFill(_ text: inout CText) {
    text.function(
      "A number from -8 to 8, the next of a fixed sequence.", "static int next_number(unsigned long *state)"
    ) { text in
      text.line("*state = (*state * 1103515245 + 12345) % 2147483648;")
      text.line("return (int)(*state / 65536 % 17) - 8;")
    }
    text.line("")
    let types = Set(kernel.operands.map(\.elementType))
    for type in ElementType.allCases where types.contains(type) {
      text.function(
        "Gives n elements values.",
        "static void fill_\(type.code)(\(c(type)) *x, long n, unsigned long *state)"
      ) { text in
        text.block("for (long i = 0; i < n; i++)") { text in
          switch type.numberClass {
          case .bool: text.line("x[i] = next_number(state) > 4;")
          case .signed: text.line("x[i] = (\(c(type)))(next_number(state) / 2);")
          case .unsigned: text.line("x[i] = (\(c(type)))(next_number(state) / 2 + 4);")
          case .real:
            if type == .float16 || type == .bfloat16 {
              emitHalfFill(type, &text)
            } else {
              text.line("x[i] = (\(c(type)))next_number(state) / 8;")
            }
          case .complex:
            let part = c(type.componentType)
            text.line(
              "x[i].re = (\(part))next_number(state) / 8;\nx[i].im = (\(part))next_number(state) / 8;")
          }
        }
      }
      text.line("")
    }
  }

  /// Bits of one of the numbers 0, 1/8, 1/4, 1/2, 1 and their negatives.
  private func emitHalfFill(_ type: ElementType, _ text: inout CText) {
    let step = type == .float16 ? 1 << 10 : 1 << 7
    let one = type == .float16 ? 15 << 10 : 127 << 7
    text.line("const int n8 = next_number(state), size = (n8 < 0 ? -n8 : n8) / 2;")
    text.line(
      "x[i] = (unsigned short)((n8 < 0 ? 0x8000 : 0) + (size == 0 ? 0 : \(one) - (4 - size) * \(step)));")
  }

  // MARK: Reference

  private var operandParameters: String {
    kernel.operands.enumerated().map { "const \(c($1.elementType)) *p\($0)" }.joined(separator: ", ")
  }

  private func offset(_ access: TensorAccess) -> String {
    let terms = zip(access.indices, access.strides).filter { $0.1 != 0 }
      .map { CLinear.Term(variable: variables[$0.0], coefficient: $0.1) }
    return CWriter.text(CLinear(0, terms).expression { _ in false })
  }

  /// The real and imaginary parts of an operand's element, and its size.
  private func parts(_ operand: Int) -> (real: String, imaginary: String) {
    let access = contraction.operands[operand]
    let element = "p\(operand)[\(offset(access))]"
    guard access.elementType.numberClass == .complex else {
      return ("value_\(access.elementType.code)(\(element))", "0")
    }
    return ("\(element).re", (access.isConjugated ? "-" : "") + "\(element).im")
  }

  /// Computes one element of the result: a sum, and for real numbers the sum of the terms' sizes too.
  private func emitReference(_ text: inout CText) {
    let kept = contraction.output.indices.sorted()
    let indices = kept.map { "long \(variables[$0])" }
    let operands = kernel.operands.isEmpty ? [] : [operandParameters]
    let results = isExact ? ["unsigned long *sum"] : ["double *sum", "double *size"]
    text.function(
      "One element of the result by plain loops\(isExact ? "" : ", and the sum of its terms' sizes").",
      "static void reference(\((operands + indices + results).joined(separator: ", ")))"
    ) { text in
      text.line(isExact ? "*sum = 0;" : "sum[0] = sum[1] = *size = 0;")
      emitLoops(contraction.summed, &text) { text in
        isExact ? emitExactTerm(&text) : emitTerm(&text)
      }
    }
    text.line("")
  }

  private func emitLoops(_ indices: [Int], _ text: inout CText, _ body: (inout CText) -> Void) {
    guard let first = indices.first else { return body(&text) }
    let name = variables[first]
    text.block("for (long \(name) = 0; \(name) < \(contraction.indices[first].extent); \(name)++)") { text in
      emitLoops(Array(indices.dropFirst()), &text, body)
    }
  }

  private func emitExactTerm(_ text: inout CText) {
    let factors = contraction.operands.indices.map { parts($0).real }
    let isBool = outputType == .bool
    let term = factors.isEmpty ? "1" : factors.joined(separator: isBool ? " & " : " * ")
    text.line("*sum \(isBool ? "|=" : "+=") \(term);")
  }

  private func emitTerm(_ text: inout CText) {
    text.line("double x = 1, y = 0, length = 1;")
    for operand in contraction.operands.indices {
      let (real, imaginary) = parts(operand)
      text.block("") { text in
        text.line("const double re = \(real), im = \(imaginary), old = x;")
        text.line("x = old * re - y * im;\ny = old * im + y * re;")
        text.line("length *= (re < 0 ? -re : re) + (im < 0 ? -im : im);")
      }
    }
    text.line("sum[0] += x;\nsum[1] += y;\n*size += length;")
  }

  // MARK: Check

  private var sampleCount: (samples: Int, total: Int) {
    let total = Int(exactly: contraction.size(of: contraction.output.indices)) ?? Int.max
    let cost = contraction.size(of: contraction.summed) * Double(max(contraction.operands.count, 1)) + 20
    let affordable = max(1, min(3e8 / cost, 1e6))
    return (min(total, max(Int(affordable), min(total, 4))), total)
  }

  /// What rounding may add up to, in units of the sum of the terms' sizes.
  private var tolerance: (relative: Double, rounding: Double, least: Double) {
    func unit(_ type: ElementType) -> Double {
      switch type {
      case .float16: 0x1p-11
      case .bfloat16: 0x1p-8
      case .float32, .complex64: 0x1p-24
      default: 0x1p-53
      }
    }
    let count = contraction.size(of: contraction.summed) + Double(contraction.operands.count) + 2
    let least = outputType == .float16 ? 0x1p-25 : 0
    return (4 * count * unit(contraction.computeType.computeType), 2 * unit(outputType), least)
  }

  private func emitCheck(_ text: inout CText) {
    let operands = kernel.operands.isEmpty ? "" : operandParameters + ", "
    text.function(
      "Compares elements of the result with the reference; returns how many are wrong.",
      "static long check(\(operands)const \(c(outputType)) *result)"
    ) { text in
      let (samples, total) = sampleCount
      text.line("long wrong = 0;")
      text.line("unsigned long state = 1;")
      text.block("for (long sample = 0; sample < \(samples); sample++)") { text in
        if samples < total {
          text.line("state = state * 6364136223846793005 + 1442695040888963407;")
          text.line("long rest = (long)(state / 2048 % \(total));")
        } else {
          text.line("long rest = sample;")
        }
        let kept = contraction.output.indices.sorted()
        for index in kept.reversed() {
          let extent = contraction.indices[index].extent
          text.line("const long \(variables[index]) = rest % \(extent);\nrest /= \(extent);")
        }
        text.line("(void)rest;")
        let arguments =
          contraction.operands.indices.map { "p\($0)" } + kept.map { variables[$0] }
        let place = "result[\(offset(contraction.output))]"
        isExact ? emitExactComparison(arguments, place, &text) : emitComparison(arguments, place, &text)
      }
      if samples >= total { text.line("(void)state;") }
      text.line(
        "printf(\"%s: %ld of \(total) elements checked, %ld wrong\\n\", wrong ? \"FAILED\" : \"ok\", (long)\(samples), wrong);"
      )
      text.line("return wrong;")
    }
    text.line("")
  }

  private func emitExactComparison(_ arguments: [String], _ place: String, _ text: inout CText) {
    text.line("unsigned long sum;")
    text.line("reference(\((arguments + ["&sum"]).joined(separator: ", ")));")
    text.line("wrong += \(place) != (\(c(outputType)))sum;")
  }

  private func emitComparison(_ arguments: [String], _ place: String, _ text: inout CText) {
    let (relative, rounding, least) = tolerance
    text.line("double sum[2], size;")
    text.line("reference(\((arguments + ["sum", "&size"]).joined(separator: ", ")));")
    let real = isComplex ? "\(place).re" : "value_\(outputType.code)(\(place))"
    text.line("const double re = \(real) - sum[0];")
    text.line("const double im = \(isComplex ? "\(place).im - sum[1]" : "0");")
    text.line("const double limit = \(relative) * size + \(rounding) * size + \(least);")
    text.line("const int agrees = re <= limit && -re <= limit && im <= limit && -im <= limit;")
    text.line("wrong += !agrees;")
  }

  // MARK: Main

  private func emitTime(_ text: inout CText) {
    text.line("#ifdef _OPENMP\n#include <omp.h>\n#endif\n")
    text.function("Seconds from some fixed time on.", "static double seconds(void)") { text in
      text.line("#ifdef _OPENMP\nreturn omp_get_wtime();\n#else")
      text.line("return (double)clock() / CLOCKS_PER_SEC;\n#endif")
    }
    text.line("")
  }

  private func emitMain(_ text: inout CText) {
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
        text.line("\(type) *m\(number) = malloc(\(max(span.count, 1)) * sizeof *m\(number));")
        fills.append(
          "\(type) *const p\(number) = \(start);\nfill_\(operand.elementType.code)(m\(number), \(span.count), &state);"
        )
      }
      let span = kernel.analysis.outputLayout.span ?? 0..<0
      text.line("\(c(outputType)) *result = malloc(\(max(span.count, 1)) * sizeof *result);")
      var memory = kernel.operands.indices.map { "m\($0)" } + ["result"]
      if kernel.takesWorkspace {
        text.line(
          "void *workspace = malloc(\(kernel.name)_workspace_size(\(extents.joined(separator: ", "))));")
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
