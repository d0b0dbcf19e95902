/// Numbers as people read them.
package enum Quantity {
  /// `512 KiB`, `1.5 MiB`; exact below a KiB.
  package static func bytes(_ value: Double) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
    var (value, unit) = (value, 0)
    while value >= 1024, unit + 1 < units.count {
      value /= 1024
      unit += 1
    }
    return "\(decimal(value)) \(units[unit])"
  }

  /// `12.3 ms`.
  package static func seconds(_ value: Double) -> String {
    switch value {
    case ..<1e-6: "\(decimal(value * 1e9)) ns"
    case ..<1e-3: "\(decimal(value * 1e6)) us"
    case ..<1: "\(decimal(value * 1e3)) ms"
    default: "\(decimal(value)) s"
    }
  }

  /// `89 %`.
  package static func percent(_ share: Double) -> String {
    share > 0 && share < 0.01
      ? "\(decimal(share * 100, digits: 2)) %" : "\(decimal((share * 100).rounded())) %"
  }

  /// An exact integer up to seven digits, else three digits and a power of ten.
  package static func count(_ value: Double) -> String {
    guard value.isFinite else { return "\(value)" }
    if abs(value) < 1e7 { return decimal(value, digits: 7) }
    var (mantissa, exponent) = (value, 0)
    while abs(mantissa) >= 9.995 {
      mantissa /= 10
      exponent += 1
    }
    return "\(decimal(mantissa))e\(exponent)"
  }

  /// A number with some significant digits, no fewer than its whole part has, and no zeros at the end of a fraction.
  package static func decimal(_ value: Double, digits: Int = 3) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
    let limit = power(digits - 1)
    var (scale, places) = (1.0, 0)
    while value != 0, (abs(value) * scale).rounded() < limit, places < 15 {
      scale *= 10
      places += 1
    }
    var text = String(Int((abs(value) * scale).rounded()))
    text = String(repeating: "0", count: max(0, places + 1 - text.count)) + text
    let whole = text.dropLast(places)
    var fraction = text.suffix(places)
    while fraction.last == "0" { fraction.removeLast() }
    return (value < 0 ? "-" : "") + whole + (fraction.isEmpty ? "" : "." + fraction)
  }

  private static func power(_ exponent: Int) -> Double {
    (0..<exponent).reduce(1.0) { power, _ in power * 10 }
  }
}
