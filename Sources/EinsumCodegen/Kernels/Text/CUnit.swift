package import EinsumIR

/// A C source text in the making: types, helpers and kernels for one instruction set.
///
/// Emitters ask for what they use; each definition enters once, before whatever asked for it. The instruction set is
/// asked of the compiler by a pragma round the functions, so that no function carries an attribute and no file needs
/// a flag. clang also has to be told that 64-byte vectors are meant: it splits them otherwise.
package struct CUnit {
  package let isa: ISA
  /// What may be used besides.
  let uses: Extension?
  private var defined: Set<String> = []
  private var types: [String] = []
  private var functions: [String] = []

  package init(isa: ISA, uses: Extension? = nil) {
    self.isa = isa
    self.uses = uses
  }

  /// Adds a type definition, unless it is there.
  mutating func define(type definition: String) {
    if defined.insert(definition).inserted { types.append(definition) }
  }

  /// Adds a function under its name, unless it is there. What it needs is defined while it is being made.
  mutating func define(function name: String, _ make: (inout CUnit) -> CText) {
    if defined.insert(name).inserted { functions.append(make(&self).text) }
  }

  /// Adds a function with a comment, the head and the body that are given, unless there is one of that name.
  mutating func define(
    function name: String, _ comment: String?, _ head: String,
    _ body: (inout CText, inout CUnit) -> Void
  ) {
    define(function: name) { unit in
      var text = CText()
      text.function(comment, head) { body(&$0, &unit) }
      return text
    }
  }

  /// The text: types, then functions in the order in which they are needed, for the instruction set.
  package var source: String {
    let sections = [
      types.joined(separator: "\n") + "\n", pragmas.begin, functions.joined(separator: "\n"), pragmas.end,
    ]
    let text = sections.filter { $0 != "" && $0 != "\n" }.joined(separator: "\n")
    return isa == .baseline ? text : "#if defined(__x86_64__)\n\(text)#endif\n"
  }

  /// The C compilers' name for the instruction set's features; nil if every CPU has them.
  private var features: String? {
    switch isa {
    case .baseline: nil
    case .avx2: "avx2,fma,f16c,bmi2"
    case .avx512: extensionFeatures + "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c,bmi2"
    }
  }

  private var extensionFeatures: String {
    switch uses {
    case nil: ""
    case .vnni: "avx512vnni,"
    case .bf16: "avx512bf16,"
    case .amx: "amx-tile,amx-bf16,avx512bf16,"
    }
  }

  /// What stands before and behind functions for the instruction set.
  var pragmas: (begin: String, end: String) {
    guard let features else { return ("", "") }
    let width = isa.vectorBytes * 8
    let attributes = "target(\"\(features)\"), min_vector_width(\(width))"
    return (
      """
      #if defined(__clang__)
      #pragma clang attribute push(__attribute__((\(attributes))), apply_to = function)
      #else
      #pragma GCC push_options
      #pragma GCC target("\(features)")
      #endif

      """,
      """
      #if defined(__clang__)
      #pragma clang attribute pop
      #else
      #pragma GCC pop_options
      #endif

      """
    )
  }
}
