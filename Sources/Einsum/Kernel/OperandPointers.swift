/// Where the operands of a call are. Up to ``few`` of them take no memory from the heap.
@usableFromInline
struct OperandPointers {
  /// More operands than calls have that are made often.
  @usableFromInline static var few: Int { 12 }

  /// The first ones, as many as ``few``.
  @usableFromInline var first: InlineArray<12, UnsafeRawPointer?>
  /// All of them, if there are more.
  @usableFromInline var all: [UnsafeRawPointer?]
  @usableFromInline var count: Int

  @inlinable
  init() {
    first = InlineArray(repeating: nil)
    all = []
    count = 0
  }

  @inlinable
  mutating func append(_ pointer: UnsafeRawPointer) {
    if count < Self.few { first[count] = pointer } else { appendToAll(pointer) }
    count += 1
  }

  @usableFromInline
  mutating func appendToAll(_ pointer: UnsafeRawPointer) {
    if all.isEmpty { all = first.indices.map { first[$0] } }
    all.append(pointer)
  }

  /// Calls `body` with the pointers side by side.
  func withUnsafePointer<Failure: Error>(
    _ body: (UnsafePointer<UnsafeRawPointer?>) throws(Failure) -> Void
  ) throws(Failure) {
    let failure = (count <= Self.few ? first.span : all.span).withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return nil as Failure? }
      do throws(Failure) {
        try body(base)
        return nil
      } catch {
        return error
      }
    }
    if let failure { throw failure }
  }
}
