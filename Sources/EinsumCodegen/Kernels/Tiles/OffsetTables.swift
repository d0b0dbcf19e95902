import EinsumIR

/// The helper that asks whether part of an offset table is a contiguous run.
///
/// Tables exist where a group of indices has no single stride, but its innermost index nearly always has unit stride:
/// what lies between two steps of the outer indices is then moved as vectors.
enum OffsetTables {
  /// Emits a loop over a table's contiguous runs; the body gets the run from `index` to `end`.
  static func emitRuns(
    _ table: String, _ count: String, _ index: String, _ text: inout CText, _ body: (inout CText) -> Void
  ) {
    text.block("for (long \(index) = 0, end; \(index) < \(count); \(index) = end)") { text in
      text.line("end = \(index) + 1;")
      text.statement("while (end < \(count) && \(table)[end] == \(table)[end - 1] + 1)", "end++;")
      body(&text)
    }
  }

  /// Defines the helper and gives its name: `(table, count)`.
  static func consecutive(in unit: inout CUnit) -> String {
    let name = "es_consecutive_\(unit.isa.rawValue)"
    unit.define(
      function: name, "Whether a table's offsets rise by one each.",
      "static inline long \(name)(const long *table, long count)"
    ) { text, _ in
      text.line("long misses = 0;")
      text.statement(
        "for (long i = 0; i < count; i++)", "misses |= table[i] - table[0] - i;")
      text.line("return misses == 0;")
    }
    return name
  }
}
