import Foundation
import Testing

/// Memory between two pages that nobody may touch: reading or writing past an end faults at once.
///
/// Whole pages are mapped, so the memory is flush with one of the guard pages only.
final class GuardedMemory: @unchecked Sendable {
  /// The end that lies against a guard page.
  enum FlushEnd: CaseIterable, Sendable { case begin, end }

  let start: UnsafeMutableRawPointer
  private let mapping: UnsafeMutableRawPointer
  private let mappedSize: Int

  init(byteCount: Int, flushAt end: FlushEnd) throws {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let size = (byteCount + page - 1) / page * page
    mappedSize = size + 2 * page
    let memory = mmap(nil, mappedSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    mapping = try #require(memory != MAP_FAILED ? memory : nil)
    try #require(mprotect(mapping, page, PROT_NONE) == 0)
    try #require(mprotect(mapping + page + size, page, PROT_NONE) == 0)
    start = mapping + page + (end == .begin ? 0 : size - byteCount)
  }

  /// Makes writing fault as well.
  func protect() throws {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    if mappedSize > 2 * page { try #require(mprotect(mapping + page, mappedSize - 2 * page, PROT_READ) == 0) }
  }

  deinit { munmap(mapping, mappedSize) }
}
