/// Single numbers the way numpy's scalars print: all digits that identify them, no columns.
enum ScalarText {
  /// `1.0`, `1e-05`, `nan`.
  static func real<Number: BinaryFloatingPoint>(_ number: Number) -> String {
    text(number, showsPlus: false, keepsPoint: true)
  }

  /// `(1+2j)`, or `2j` if the real part is +0.
  static func complex<Number: BinaryFloatingPoint>(_ real: Number, _ imaginary: Number) -> String {
    if real == 0, real.sign == .plus { return text(imaginary, showsPlus: false, keepsPoint: false) + "j" }
    return "(" + text(real, showsPlus: false, keepsPoint: false)
      + text(imaginary, showsPlus: true, keepsPoint: false) + "j)"
  }

  private static func text<Number: BinaryFloatingPoint>(
    _ number: Number, showsPlus: Bool, keepsPoint: Bool
  ) -> String {
    if number.isNaN { return showsPlus ? "+nan" : "nan" }
    let sign = number.sign == .minus ? "-" : showsPlus ? "+" : ""
    if number.isInfinite { return sign + "inf" }
    let digits = DecimalDigits(number)
    if isPositional(number) {
      let (integer, fraction) = digits.positional
      let tail = fraction.isEmpty ? (keepsPoint ? ".0" : "") : "." + fraction
      return sign + integer + tail
    }
    let parts = digits.scientific
    return sign + parts.integer + (parts.fraction.isEmpty ? "" : "." + parts.fraction) + "e"
      + parts.exponentSign
      + parts.exponent
  }

  /// Whether numpy prints the number without an exponent. Unlike for arrays, the bounds are compared as
  /// `Double`, and `Double` itself goes as far as its integers are exact.
  private static func isPositional<Number: BinaryFloatingPoint>(_ number: Number) -> Bool {
    let magnitude = Double(number.magnitude)
    let bound =
      Number.significandBitCount == Double.significandBitCount ? 1e16 : FloatFormat<Number>.exponentThreshold
    return magnitude == 0 || (magnitude >= 1e-4 && magnitude < bound)
  }
}
