/// Names and values in two columns, for people.
enum Table {
  /// One line for each pair.
  static func text(_ rows: [(name: String, value: String)]) -> String {
    let width = (rows.map(\.name.count).max() ?? 0) + 2
    return rows.map { name, value in
      name + String(repeating: " ", count: width - name.count) + value
    }.joined(separator: "\n")
  }

  /// A number with four significant digits, and no fewer digits than its whole part has.
  static func decimal(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
    if value == 0 { return "0" }
    var scale = 1.0
    var places = 0
    while abs(value) * scale < 1000, places < 12 {
      scale *= 10
      places += 1
    }
    let digits = String(Int((abs(value) * scale).rounded()))
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
    let text = places == 0 ? padded : "\(padded.dropLast(places)).\(padded.suffix(places))"
    return (value < 0 ? "-" : "") + text
  }
}
