import Glibc

/// Maps values between two bounds to positions between two others, by their logarithms.
struct LogAxis {
  let low: Double
  let high: Double
  let start: Double
  let end: Double

  /// The position of a value; values outside the bounds are put on them.
  func callAsFunction(_ value: Double) -> Double {
    let value = min(max(value, low), high)
    return start + log(value / low) / log(high / low) * (end - start)
  }

  /// The powers of ten within the bounds; where that is fewer than three, their doubles and fives, too.
  var ticks: [Double] {
    let powers = Int(log10(low).rounded(.down))...Int(log10(high).rounded(.up))
    func values(_ steps: [Double]) -> [Double] {
      powers.flatMap { power in steps.map { $0 * pow(10, Double(power)) } }.filter {
        (low...high).contains($0)
      }
    }
    let tens = values([1])
    return tens.count < 3 ? values([1, 2, 5]) : tens
  }
}
