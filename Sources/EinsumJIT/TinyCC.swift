internal import CEinsumRuntime
// For its link directive: the runtime's C code calls libtcc.
internal import CLibTCC

/// Compiles C text in memory with libtcc, in a fraction of a millisecond and without optimising it.
///
/// The text is the code generator's driver dialect: scalar C without preprocessor directives. It sees no
/// header and no library, and what it declares outside its functions must be constant, since code is never
/// writable. This keeps mistakes from reaching the wrong code; it is no sandbox for hostile text.
package enum TinyCC {
  /// A function that compiled text may call, under the name it has there.
  package typealias Symbol = (name: String, address: UnsafeRawPointer)

  /// Compiles C text and returns its function `entry`.
  ///
  /// `symbols` is the allow-list of what the text may call and does not define itself. Any diagnostic, also
  /// a warning, is an error. Compiling is serial in a process: concurrent callers wait for each other.
  package static func compile(
    _ source: String, entry: String, symbols: [Symbol] = []
  ) throws(LoadError) -> LoadedCode {
    try compile(source, entry: entry, symbols: symbols, options: nil)
  }

  /// `compile` with other options for libtcc than the right ones, which tests need to make it fail.
  package static func compile(
    _ source: String, entry: String, symbols: [Symbol], options: String?
  ) throws(LoadError) -> LoadedCode {
    if source.utf8.contains(0) { throw LoadError(message: "the C text holds a zero byte") }
    var code = es_code()
    let message = withRequest(source, entry, symbols, options) { request in
      withUnsafeTemporaryAllocation(of: CChar.self, capacity: messageCapacity) { buffer -> String? in
        guard let text = buffer.baseAddress else { return "no memory for a message" }
        return es_tcc_compile(request, &code, text, buffer.count) ? nil : String(cString: text)
      }
    }
    if let message { throw LoadError(message: message) }
    guard let loaded = LoadedCode(code) else { throw LoadError(message: "the compiler returned no code") }
    return loaded
  }

  /// libtcc's version, found by compiling and running a function; nil if that does not work on this system.
  package static let version: String? = {
    let source = "void version(void *const *operands, int *output, void *workspace) { *output = __TINYC__; }"
    guard let code = try? compile(source, entry: "version") else { return nil }
    let number = code.callReturningInt32()
    return "\(number / 10000).\(number / 100 % 100).\(number % 100)"
  }()

  /// Whether a failure inside libtcc stays one.
  ///
  /// True with the archive that the set-up tool prepares. With the distribution's own, libtcc ends the
  /// process when it runs out of memory, and text that it rejected may leave it unfit for later text.
  package static var isContained: Bool { es_tcc_is_contained() }

  private static let messageCapacity = 4096
}

extension LoadedCode {
  /// Calls a function that takes no operands and writes one 32-bit integer.
  fileprivate func callReturningInt32() -> Int32 {
    var result: Int32 = 0
    withUnsafeTemporaryAllocation(of: UnsafeRawPointer?.self, capacity: 1) { operands in
      operands.initialize(repeating: nil)
      guard let start = operands.baseAddress else { return }
      withExtendedLifetime(self) { entry(start, &result, nil, 0, 1, nil) }
    }
    return result
  }
}
