import Glibc

/// Maps values between two bounds to positions between two others, by their logarithms.
package struct LogAxis {
  let low: Double
  let high: Double
  let start: Double
  let end: Double

  package init(low: Double, high: Double, start: Double, end: Double) {
    self.low = low
    self.high = high
    self.start = start
    self.end = end
  }

  /// The position of a value; values outside the bounds are put on them.
  package func callAsFunction(_ value: Double) -> Double {
    let value = min(max(value, low), high)
    return start + log(value / low) / log(high / low) * (end - start)
  }

  /// The powers of ten within the bounds; where that is fewer than three, their doubles and fives, too.
  package var ticks: [Double] {
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
