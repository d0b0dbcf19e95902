extension DecimalDigits {
  /// The digits before and behind the decimal point, without zeros at the end of the fraction: `12` and `5`.
  var positional: (integer: String, fraction: String) {
    let count = exponent + 1
    if count <= 0 {
      return ("0", Self.trimmed(String(repeating: "0", count: -count) + Self.text(digits[...])))
    }
    let integer =
      Self.text(digits.prefix(count)) + String(repeating: "0", count: max(count - digits.count, 0))
    return (integer, Self.trimmed(Self.text(digits.dropFirst(count))))
  }

  /// The digits of `1.25e+05`: `1`, `25` without zeros at the end, `+` and `05`, at least two digits.
  var scientific: (integer: String, fraction: String, exponentSign: String, exponent: String) {
    let power = String(exponent.magnitude)
    return (
      Self.text(digits.prefix(1)), Self.trimmed(Self.text(digits.dropFirst())), exponent < 0 ? "-" : "+",
      power.count < 2 ? "0" + power : power
    )
  }

  private static func text(_ digits: ArraySlice<UInt8>) -> String {
    String(decoding: digits.map { $0 + UInt8(ascii: "0") }, as: UTF8.self)
  }

  private static func trimmed(_ fraction: String) -> String {
    guard let last = fraction.lastIndex(where: { $0 != "0" }) else { return "" }
    return String(fraction[...last])
  }
}
