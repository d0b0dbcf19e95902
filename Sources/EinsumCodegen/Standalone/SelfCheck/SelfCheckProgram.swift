import EinsumIR

/// The part of a standalone file that makes it a program: it computes on random operands, compares elements of the
/// result with plain loops, times the kernel, and fails if an element is wrong.
///
/// C99 without extensions. Operands are small multiples of 1/8, exact in every type.
package struct SelfCheckProgram {
  let kernel: StandaloneKernel
  let contraction: Contraction
  let variables: [String]

  static func text(for kernel: StandaloneKernel) -> String {
    let program = SelfCheckProgram(kernel)
    var text = CText()
    text.line("/* From here on: a program that checks and times the kernel. */\n")
    program.emitReaders(&text)
    program.emitFill(&text)
    program.emitReference(&text)
    program.emitCheck(&text)
    program.emitAllocate(&text)
    program.emitTime(&text)
    program.emitMain(&text)
    return text.text
  }

  /// Why a function cannot have a name if the program is in its file, or nil if it can.
  package static func objection(to name: String) -> String? {
    let parts = ["value_", "fill_", "number_"].contains { name.hasPrefix($0) }
    let isNumbered = name.wholeMatch(of: /[impxy][0-9]+/) != nil
    return parts || isNumbered || names.contains(name)
      ? "the program in the file has a '\(name)' of its own" : nil
  }

  /// Functions, and variables where the kernel is called.
  private static let names: Set<String> = [
    "allocate", "best", "call", "calls", "check", "end", "next_number", "out", "reference", "result",
    "seconds",
    "start", "state", "workspace", "wrong",
  ]

  init(_ kernel: StandaloneKernel) {
    self.kernel = kernel
    contraction = kernel.analysis.contraction
    variables = contraction.indices.indices.map { "i\($0)" }
  }

  var outputType: ElementType { kernel.analysis.outputType }

  /// How the reference computes: exact integers modulo 2^64, or real and imaginary parts in double.
  var isExact: Bool { [.bool, .signed, .unsigned].contains(outputType.numberClass) }
  var isComplex: Bool { outputType.numberClass == .complex }
  var number: String { isExact ? "unsigned long" : "double" }

  /// The types of which the program reads elements; exact results are compared as they are.
  var readTypes: [ElementType] {
    let used = Set(kernel.operands.map(\.elementType) + (isExact ? [] : [outputType]))
    return ElementType.allCases.filter(used.contains)
  }

  func c(_ type: ElementType) -> String { CType.name(of: type) }
}
