import EinsumIR

extension SelfCheckProgram {
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
  func emitReference(_ text: inout CText) {
    let kept = contraction.output.indices.sorted()
    let indices = kept.map { "long \(variables[$0])" }
    let operands = kernel.operands.isEmpty ? [] : [operandParameters]
    let results = isExact ? ["unsigned long *sum"] : ["double *sum", "double *size"]
    text.function(
      "One element of the result by plain loops\(isExact ? "" : ", and the sum of its terms' sizes").",
      "static void reference(\((operands + indices + results).joined(separator: ", ")))"
    ) { text in
      for index in kept where !contraction.operands.contains(where: { $0.stride(of: index) ?? 0 != 0 }) {
        text.line("(void)\(variables[index]);")
      }
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

  // MARK: Comparison

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

  func emitCheck(_ text: inout CText) {
    let operands = kernel.operands.isEmpty ? "" : operandParameters + ", "
    text.function(
      "Compares elements of the result with the reference; returns how many are wrong.",
      "static long check(\(operands)const \(c(outputType)) *result)"
    ) { text in
      let (samples, total) = sampleCount
      text.line("long wrong = 0;")
      if samples < total { text.line("unsigned long state = 1;") }
      if total > 0 {
        emitSamples(samples, total, &text)
        if let layout = contraction.clearedOutput { emitZeros(layout, &text) }
      } else {
        emitNothingUsed(&text)
      }
      text.line(
        "printf(\"%s: %ld of \(total) elements checked, %ld wrong\\n\", wrong ? \"FAILED\" : \"ok\", (long)\(samples), wrong);"
      )
      text.line("return wrong;")
    }
    text.line("")
  }

  /// Compares all elements of the result, or some.
  private func emitSamples(_ samples: Int, _ total: Int, _ text: inout CText) {
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
      let arguments = contraction.operands.indices.map { "p\($0)" } + kept.map { variables[$0] }
      let place = "result[\(offset(contraction.output))]"
      isExact ? emitExactComparison(arguments, place, &text) : emitComparison(arguments, place, &text)
    }
  }

  /// A result without elements: all that there is to it is that the kernel returned.
  private func emitNothingUsed(_ text: inout CText) {
    let operands = contraction.operands.indices.map { "(void)p\($0);" }
    text.line((["(void)reference;"] + operands + ["(void)result;"]).joined(separator: "\n"))
  }

  /// Elements off the diagonal that an output with a repeated label has.
  private func emitZeros(_ layout: Layout, _ text: inout CText) {
    let access = contraction.output
    // An index of one value is 0 everywhere, and its stride may be no place in a row of digits.
    let indices = zip(access.indices, access.strides)
      .filter { contraction.indices[$0.0].extent > 1 }.sorted { $0.1 > $1.1 }
    text.line("/* Elements off the diagonal are 0. */")
    text.block("for (long place = 0; place < \(layout.elementCount ?? 0); place++)") { text in
      text.line("long rest = place;")
      for (index, stride) in indices where stride > 0 {
        text.line("const long \(variables[index]) = rest / \(stride);\nrest %= \(stride);")
      }
      let outside = indices.filter { $0.1 > 0 }
        .map { "\(variables[$0.0]) >= \(contraction.indices[$0.0].extent)" }
      let isOff = (["rest > 0"] + outside).joined(separator: " || ")
      let parts = isComplex ? [".re", ".im"] : [""]
      let isReal = !isExact && !isComplex
      let values = parts.map { part in
        isReal ? "value_\(outputType.code)(result[place])" : "result[place]\(part)"
      }
      let differs = values.map { "\($0) != 0" }.joined(separator: " || ")
      text.line("wrong += (\(isOff)) && (\(differs));")
    }
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
}
