import EinsumIR

/// Gives intermediates their places in the one workspace of a plan, reusing the space of those that are done with.
///
/// First fit over the free gaps between live blocks. Sizes saturate: a workspace past `Int` is asked for as `Int.max`
/// bytes, which no allocation grants.
struct WorkspaceAllocator {
  private var live: [(start: Int, size: Int)] = []
  private(set) var size = 0

  /// Reserves `bytes` and returns where they begin.
  mutating func allocate(_ bytes: Int) -> Int {
    let rounded = bytes > Int.max - WorkspaceAlignment.bytes ? Int.max : WorkspaceAlignment.rounded(bytes)
    if rounded == 0 { return 0 }
    var start = 0
    var place = 0
    for (number, block) in live.enumerated() {
      if block.start - start >= rounded { break }
      start = saturatingSum(block.start, block.size)
      place = number + 1
    }
    live.insert((start, rounded), at: place)
    size = max(size, saturatingSum(start, rounded))
    return start
  }

  /// Gives back what `allocate` reserved at `start`.
  mutating func free(_ start: Int, _ bytes: Int) {
    if bytes > 0 { live.removeAll { $0.start == start } }
  }
}

/// The sum, or `Int.max` where it is past that; for counts that are not negative.
func saturatingSum(_ a: Int, _ b: Int) -> Int {
  let (sum, overflow) = a.addingReportingOverflow(b)
  return overflow ? Int.max : sum
}

/// The product, or `Int.max` where it is past that; for counts that are not negative.
func saturatingProduct(_ a: Int, _ b: Int) -> Int {
  let (product, overflow) = a.multipliedReportingOverflow(by: b)
  return overflow ? Int.max : product
}
