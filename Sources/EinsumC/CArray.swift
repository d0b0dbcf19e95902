/// Numbers for C that live as long as this value.
struct CArray: ~Copyable, @unchecked Sendable {
  /// Never written after it is made.
  let pointer: UnsafePointer<Int64>

  init(_ values: [Int]) {
    // C programs need no special case for scalars: there is always an address.
    let memory = UnsafeMutablePointer<Int64>.allocate(capacity: max(values.count, 1))
    for (place, value) in values.enumerated() { (memory + place).initialize(to: Int64(value)) }
    pointer = UnsafePointer(memory)
  }

  deinit { pointer.deallocate() }
}
