/// A dictionary that holds at most `capacity` entries: when full, the half used longest ago goes.
package struct BoundedTable<Key: Hashable, Value> {
  private var entries: [Key: (value: Value, use: Int)] = [:]
  private var clock = 0
  package let capacity: Int

  package init(capacity: Int) { self.capacity = capacity }

  package var count: Int { entries.count }

  package subscript(key: Key) -> Value? {
    mutating get {
      guard let index = entries.index(forKey: key) else { return nil }
      clock += 1
      entries.values[index].use = clock
      return entries.values[index].value
    }
    set {
      if entries.count >= capacity {
        let uses = entries.values.map(\.use).sorted()
        let threshold = uses[uses.count / 2]
        entries = entries.filter { $0.value.use > threshold }
      }
      clock += 1
      entries[key] = newValue.map { ($0, clock) }
    }
  }
}
