/// How numpy prints the floating-point numbers of one array: positional or with exponents, and in columns of
/// one width.
///
/// This is `FloatingFormat` of numpy's `arrayprint.py` (2.3 and later) with its default options: at most 8
/// digits behind the point, the fewest that identify a number (`floatmode='maxprec'`).
struct FloatFormat<Number: BinaryFloatingPoint> {
  /// Columns before and behind the decimal point.
  private var leftWidth = 0
  private var rightWidth = 0

  /// Set if numbers have exponents.
  private var scientific: Scientific?

  /// Whether a number that is not negative starts with `+`, as imaginary parts do.
  private let showsPlus: Bool

  private struct Scientific {
    let fractionDigits: Int
    let exponentDigits: Int
  }

  private static var mostFractionDigits: Int { 8 }

  /// The format that fits all these numbers, the ones that will be printed.
  init(fitting numbers: [Number], showsPlus: Bool = false) {
    self.showsPlus = showsPlus
    let finite = numbers.filter(\.isFinite)
    if FloatFormat.needsExponents(finite) {
      fitScientific(finite)
    } else {
      fitPositional(finite)
    }
    // Room for `nan` and `inf`.
    if finite.count != numbers.count {
      let hasSign = showsPlus || numbers.contains { $0.isInfinite && $0 < 0 }
      leftWidth = max(leftWidth, 3 + (hasSign ? 1 : 0) - (rightWidth + 1))
    }
  }

  private mutating func fitPositional(_ finite: [Number]) {
    for number in finite {
      let (integer, fraction) = DecimalDigits(number, limit: .fraction(Self.mostFractionDigits)).positional
      leftWidth = max(leftWidth, sign(of: number).count + integer.count)
      rightWidth = max(rightWidth, fraction.count)
    }
  }

  private mutating func fitScientific(_ finite: [Number]) {
    var fractionDigits = 0
    var exponentDigits = 0
    for number in finite {
      let limit = DecimalDigits.Limit.significant(most: Self.mostFractionDigits + 1, least: 1)
      let parts = DecimalDigits(number, limit: limit).scientific
      leftWidth = max(leftWidth, sign(of: number).count + 1)
      fractionDigits = max(fractionDigits, parts.fraction.count)
      exponentDigits = max(exponentDigits, parts.exponent.count)
    }
    scientific = Scientific(fractionDigits: fractionDigits, exponentDigits: exponentDigits)
    rightWidth = fractionDigits + 2 + exponentDigits
  }

  /// Whether the numbers are so big, small or far apart that numpy gives them exponents. The bounds are
  /// compared in the numbers' own type.
  private static func needsExponents(_ finite: [Number]) -> Bool {
    let magnitudes = finite.lazy.filter { $0 != 0 }.map(\.magnitude)
    guard let most = magnitudes.max(), let least = magnitudes.min() else { return false }
    return most >= Number(exponentThreshold) || least < Number(0.0001) || most / least > 1000
  }

  /// Numbers from here on have exponents: where not all integers are exact any more, but at most 10^8.
  static var exponentThreshold: Double {
    switch Number.significandBitCount {
    case ...10: 1e3
    case ...23: 1e6
    default: 1e8
    }
  }

  /// A number in its column.
  func text(of number: Number) -> String {
    guard number.isFinite else { return nonFinite(number) }
    let sign = sign(of: number)
    guard let scientific else {
      let (integer, fraction) = DecimalDigits(number, limit: .fraction(Self.mostFractionDigits)).positional
      return (sign + integer).padded(toWidth: leftWidth, onLeft: true) + "."
        + fraction.padded(toWidth: rightWidth, onLeft: false)
    }
    let digits = scientific.fractionDigits + 1
    let parts = DecimalDigits(number, limit: .significant(most: digits, least: digits)).scientific
    return (sign + parts.integer).padded(toWidth: leftWidth, onLeft: true) + "."
      + parts.fraction.padded(toWidth: scientific.fractionDigits, onLeft: false, with: "0")
      + "e" + parts.exponentSign
      + parts.exponent.padded(toWidth: scientific.exponentDigits, onLeft: true, with: "0")
  }

  private func nonFinite(_ number: Number) -> String {
    let text = number.isNaN ? (showsPlus ? "+nan" : "nan") : sign(of: number) + "inf"
    return text.padded(toWidth: leftWidth + 1 + rightWidth, onLeft: true)
  }

  private func sign(of number: Number) -> String {
    number.sign == .minus ? "-" : showsPlus ? "+" : ""
  }
}

extension String {
  /// The text, filled up to a number of characters; of ASCII text, which has one column for each byte.
  func padded(toWidth width: Int, onLeft: Bool, with character: String = " ") -> String {
    let padding = String(repeating: character, count: max(width - utf8.count, 0))
    return onLeft ? padding + self : self + padding
  }
}
