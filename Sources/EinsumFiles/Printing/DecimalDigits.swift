/// The decimal digits of a floating-point number's magnitude: `digits[0]`.`digits[1]...` times 10^`exponent`.
///
/// The digits are the fewest that tell the number from its neighbours of the same type, and of those the
/// nearest to it, unless a limit asks for fewer or more of them; then they are those of the exact value,
/// rounded half to even.
///
/// This is free-format printing by Steele and White ("How to print floating-point numbers accurately", 1990)
/// in exact integer arithmetic, with numpy's rules for limits (`dragon4.c`), so that both print the same
/// digits.
struct DecimalDigits {
  private(set) var digits: [UInt8] = []
  private(set) var exponent = 0

  enum Limit {
    /// As many digits as it takes.
    case none

    /// At most this many digits behind the decimal point.
    case fraction(Int)

    /// At most and at least this many digits in all.
    case significant(most: Int, least: Int)
  }

  /// - Precondition: the number is finite. Its sign does not matter.
  init<Number: BinaryFloatingPoint>(_ number: Number, limit: Limit = .none) {
    precondition(number.isFinite, "internal: only finite numbers have digits")
    guard number != 0 else {
      digits = [0]
      return
    }
    var search = DigitSearch(number)
    exponent = search.firstPlace
    let (lastPlace, firstPlaceToStop) = DecimalDigits.places(of: limit, firstPlace: exponent)

    var place = exponent
    while true {
      let digit = search.nextDigit()
      let mayStop = place <= firstPlaceToStop && (search.roundsDown || search.roundsUp)
      if mayStop || place <= lastPlace {
        append(digit, roundedUp: search.prefersUp(after: digit))
        return
      }
      digits.append(digit)
      search.advance()
      place -= 1
    }
  }

  /// The place (power of ten) of the last digit that may be given, and the first place at which digits may
  /// end.
  private static func places(of limit: Limit, firstPlace: Int) -> (last: Int, firstToStop: Int) {
    switch limit {
    case .none: (.min, .max)
    case .fraction(let most): (-most, .max)
    case .significant(let most, let least): (firstPlace - most + 1, firstPlace - least + 1)
    }
  }

  /// Appends the last digit; a 9 that is rounded up carries, and the zeros that this makes are dropped.
  private mutating func append(_ digit: UInt8, roundedUp: Bool) {
    guard roundedUp else {
      digits.append(digit)
      return
    }
    if digit < 9 {
      digits.append(digit + 1)
      return
    }
    while digits.last == 9 { digits.removeLast() }
    if let last = digits.popLast() {
      digits.append(last + 1)
    } else {
      digits = [1]
      exponent += 1
    }
  }
}

/// The state of the digit loop: a remainder between 0 and 10, and how far the number's neighbours are, as
/// multiples of 1/`unit` at the current place.
private struct DigitSearch {
  private var remainder: BigNatural
  private var unit: BigNatural
  private var marginBelow: BigNatural
  private var marginAbove: BigNatural

  /// Numbers half way to a neighbour are read back as the number whose significand is even.
  private let includesMargins: Bool

  /// The place of the first digit, as a power of ten.
  private(set) var firstPlace: Int

  init<Number: BinaryFloatingPoint>(_ number: Number) {
    // number = significand * 2^exponent, with the implicit bit unless it is subnormal.
    let fraction = UInt64(number.significandBitPattern)
    let isNormal = number.exponentBitPattern != 0
    let significand = isNormal ? fraction | 1 << UInt64(Number.significandBitCount) : fraction
    let bias = (1 << (Number.exponentBitCount - 1)) - 1
    let exponent = max(Int(number.exponentBitPattern), 1) - bias - Number.significandBitCount
    includesMargins = significand % 2 == 0

    // Everything times 4, so that half the distances to both neighbours are integers. Below a power of two
    // the neighbours lie twice as close, except below the smallest normal number.
    let isPowerOfTwo = fraction == 0 && number.exponentBitPattern > 1
    let up = max(exponent, 0)
    remainder = BigNatural(4 * significand, shiftedLeftBy: up)
    unit = BigNatural(4, shiftedLeftBy: max(-exponent, 0))
    marginBelow = BigNatural(isPowerOfTwo ? 1 : 2, shiftedLeftBy: up)
    marginAbove = BigNatural(2, shiftedLeftBy: up)

    // The first place from the binary exponent; the estimate is at most one too low.
    let bits = 64 - significand.leadingZeroBitCount + exponent
    firstPlace = Int((Double(bits - 1) * 0.30102999566398120).rounded(.down))
    if firstPlace >= 0 {
      unit.multiply(byPowerOfTen: firstPlace)
    } else {
      remainder.multiply(byPowerOfTen: -firstPlace)
      marginBelow.multiply(byPowerOfTen: -firstPlace)
      marginAbove.multiply(byPowerOfTen: -firstPlace)
    }
    var tenUnits = unit
    tenUnits.multiply(by: 10)
    if remainder >= tenUnits {
      unit = tenUnits
      firstPlace += 1
    }
  }

  /// Takes the next digit off the remainder.
  mutating func nextDigit() -> UInt8 {
    var digit: UInt8 = 0
    while remainder >= unit {
      remainder -= unit
      digit += 1
    }
    return digit
  }

  /// Goes to the next place.
  mutating func advance() {
    remainder.multiply(by: 10)
    marginBelow.multiply(by: 10)
    marginAbove.multiply(by: 10)
  }

  /// Whether the digits so far are read back as the number.
  var roundsDown: Bool { includesMargins ? remainder <= marginBelow : remainder < marginBelow }

  /// Whether the digits so far, the last one plus 1, are read back as the number.
  var roundsUp: Bool {
    let reach = remainder + marginAbove
    return includesMargins ? reach >= unit : reach > unit
  }

  /// Whether to end with the digit after this one: where only one of both is read back as the number, that
  /// one; else the nearer, and of two equally near the even one.
  func prefersUp(after digit: UInt8) -> Bool {
    if roundsDown != roundsUp { return roundsUp }
    let twice = remainder + remainder
    return twice == unit ? digit % 2 == 1 : twice > unit
  }
}
