import EinsumIR

/// The helper that asks whether part of an offset table is a contiguous run.
///
/// Tables exist where a group of indices has no single stride, but its innermost index nearly always has unit stride:
/// what lies between two steps of the outer indices is then moved as vectors.
enum OffsetTables {
  /// Defines the helper and gives its name: `(table, count)`.
  static func consecutive(in unit: inout CUnit) -> String {
    let name = "es_consecutive_\(unit.isa.rawValue)"
    unit.define(function: name) { _ in
      var text = CText()
      text.function(
        "Whether a table's offsets rise by one each.",
        "static inline long \(name)(const long *table, long count)"
      ) { text in
        text.line("long misses = 0;")
        text.statement(
          "for (long i = 0; i < count; i++)", "misses |= table[i] - table[0] - i;")
        text.line("return misses == 0;")
      }
      return text
    }
    return name
  }
}
