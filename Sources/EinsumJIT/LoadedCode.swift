internal import CEinsumRuntime

/// The form of every compiled function: addresses of the operands' elements, of the output's, and of the
/// workspace; then which thread of how many this is, and the team in which they wait for each other.
///
/// In C: `es_entry`.
package typealias EntryPoint =
  @convention(c) (
    _ operands: UnsafePointer<UnsafeRawPointer?>, _ output: UnsafeMutableRawPointer?,
    _ workspace: UnsafeMutableRawPointer?, _ thread: Int, _ threads: Int, _ team: UnsafeMutableRawPointer?
  ) -> Void

/// Machine code in memory that can be executed and not written.
///
/// It stays as long as this object does; whoever calls `entry` must keep the object alive until the call
/// returns. The code itself holds no state, so any number of threads may call it at once.
package final class LoadedCode: Sendable {
  /// The compiled function. Calling it is one indirect call, with nothing in between.
  package let entry: EntryPoint

  /// Where the compiled function starts, for functions of another form.
  package var address: UnsafeRawPointer { unsafeBitCast(entry, to: UnsafeRawPointer.self) }

  private let mapping: Mapping

  /// A copy of the machine code and its constants, from the compiled function on.
  package var bytes: [UInt8] { mapping.bytes(from: address) }

  /// Takes over the mapping of a successful compile; nil if there is none.
  init?(_ code: es_code) {
    guard let entry = code.entry else { return nil }
    // A C function pointer is its address: the C shim has checked that it lies in the mapping.
    self.entry = unsafeBitCast(entry, to: EntryPoint.self)
    mapping = Mapping(code)
  }
}

/// Sole owner of the pages that a compile filled.
private struct Mapping: ~Copyable, @unchecked Sendable {
  private let code: es_code

  init(_ code: es_code) {
    self.code = code
  }

  /// What the compile filled, from an address in it on.
  func bytes(from address: UnsafeRawPointer) -> [UInt8] {
    guard let base = code.base else { return [] }
    let all = UnsafeRawBufferPointer(start: base, count: Int(code.code_bytes))
    return Array(all.dropFirst(address - UnsafeRawPointer(base)))
  }

  deinit {
    var code = code
    es_code_free(&code)
  }
}
