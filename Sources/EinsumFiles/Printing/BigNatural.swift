/// An unsigned integer of any size, with the few operations that exact decimal digits of a float need.
struct BigNatural {
  /// Least significant first; no zeros at the end, so zero has no words.
  private var words: [UInt64]

  init(_ value: UInt64) { words = value == 0 ? [] : [value] }

  /// `value * 2^exponent`.
  init(_ value: UInt64, shiftedLeftBy exponent: Int) {
    self.init(value)
    if value == 0 { return }
    let (wordCount, bitCount) = exponent.quotientAndRemainder(dividingBy: 64)
    multiply(by: 1 << UInt64(bitCount))
    words.insert(contentsOf: repeatElement(0, count: wordCount), at: 0)
  }

  mutating func multiply(by factor: UInt64) {
    var carry: UInt64 = 0
    for index in words.indices {
      let product = words[index].multipliedFullWidth(by: factor)
      let (sum, overflow) = product.low.addingReportingOverflow(carry)
      words[index] = sum
      carry = product.high + (overflow ? 1 : 0)
    }
    if carry > 0 { words.append(carry) }
  }

  mutating func multiply(byPowerOfTen exponent: Int) {
    for _ in 0..<exponent { multiply(by: 10) }
  }

  static func + (left: BigNatural, right: BigNatural) -> BigNatural {
    var sum = left.words.count >= right.words.count ? left : right
    let other = left.words.count >= right.words.count ? right : left
    var carry: UInt64 = 0
    for index in sum.words.indices {
      let (first, firstOverflow) = sum.words[index].addingReportingOverflow(carry)
      let addend = index < other.words.count ? other.words[index] : 0
      let (second, secondOverflow) = first.addingReportingOverflow(addend)
      sum.words[index] = second
      carry = firstOverflow || secondOverflow ? 1 : 0
    }
    if carry > 0 { sum.words.append(carry) }
    return sum
  }

  /// - Precondition: the result is not negative.
  static func -= (left: inout BigNatural, right: BigNatural) {
    var borrow: UInt64 = 0
    for index in left.words.indices {
      let (first, firstOverflow) = left.words[index].subtractingReportingOverflow(borrow)
      let subtrahend = index < right.words.count ? right.words[index] : 0
      let (second, secondOverflow) = first.subtractingReportingOverflow(subtrahend)
      left.words[index] = second
      borrow = firstOverflow || secondOverflow ? 1 : 0
    }
    precondition(borrow == 0, "internal: a difference of naturals is negative")
    while left.words.last == 0 { left.words.removeLast() }
  }
}

extension BigNatural: Comparable {
  static func < (left: BigNatural, right: BigNatural) -> Bool {
    if left.words.count != right.words.count { return left.words.count < right.words.count }
    for (a, b) in zip(left.words.reversed(), right.words.reversed()) where a != b { return a < b }
    return false
  }
}
