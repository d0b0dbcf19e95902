extension Specializer {
  /// A `while` loop that moves one variable, whose value is known before it, by the same length each time.
  private struct Moving {
    let variable: String
    let trips: Int
    /// What the variable is behind the loop.
    let end: Int
  }

  /// Trips beyond which a loop is left as it is.
  private static let mostTrips = 1 << 12

  /// Runs a `while` loop whose trips can be counted: one trip without the loop, more as they stand, but knowing behind it
  /// where they end. Tells whether it did.
  mutating func runWhile(_ loop: CLoop, _ frame: inout Frame, _ output: inout [CStatement]) -> Bool {
    guard loop.initial.isEmpty, loop.steps.isEmpty, let moving = moving(loop, frame) else { return false }
    if moving.trips == 1 {
      for name in Self.assigned(in: loop.body).sorted() where name != moving.variable {
        materialize(name, &frame, &output)
      }
      frame.open()
      output += run(loop.body, &frame)
      frame.close()
      return true
    }
    runUncounted(loop, &frame, &output)
    frame.set(moving.variable, .known(moving.end))
    return true
  }

  private func moving(_ loop: CLoop, _ frame: Frame) -> Moving? {
    for name in CleanUp.names(in: loop.condition).sorted() {
      guard case .known(let start)? = frame[name]?.value,
        let next = value(of: name, behind: loop, from: start, frame),
        next > start
      else { continue }
      var copy = self
      var trips = 0
      var place = start
      while trips <= Self.mostTrips {
        var inner = frame
        inner.set(name, .known(place))
        guard case .integer(let truth) = copy.evaluate(loop.condition, inner) else { return nil }
        if truth == 0 { break }
        trips += 1
        place += next - start
      }
      // The last trip may be another one than the first: a block that is cut short.
      let last = place - (next - start)
      guard trips > 0, trips <= Self.mostTrips, value(of: name, behind: loop, from: last, frame) == place
      else {
        return nil
      }
      return Moving(variable: name, trips: trips, end: place)
    }
    return nil
  }

  /// What a variable is behind one run of a loop's body, if that is known.
  private func value(of name: String, behind loop: CLoop, from start: Int, _ frame: Frame) -> Int? {
    var copy = self
    var inner = frame
    inner.set(name, .known(start))
    var output: [CStatement] = []
    for other in Self.assigned(in: loop.body).sorted() where other != name {
      copy.materialize(other, &inner, &output)
    }
    _ = copy.runInScope(loop.body, &inner)
    if case .known(let value)? = inner[name]?.value { return value }
    return nil
  }
}
