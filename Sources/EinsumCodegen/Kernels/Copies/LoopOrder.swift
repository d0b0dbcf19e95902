import EinsumIR

/// Exchanges of two dimensions, so that a kernel can choose its inner loop.
enum LoopOrder {
  /// Defines the helper that exchanges two numbers and gives its name: `(x, y)`.
  static func exchange(in unit: inout CUnit) -> String {
    let name = "es_exchange_\(unit.isa.rawValue)"
    unit.define(function: name, "Exchanges two numbers.", "static inline void \(name)(long *x, long *y)") {
      text, _ in
      text.line("const long t = *x;\n*x = *y;\n*y = t;")
    }
    return name
  }

  /// Emits two loops in which every element is visited once, the inner one along contiguous elements of the first array.
  ///
  /// `statement` is made twice: for unit strides, which compilers turn into vector code, and for any strides. Two
  /// dimensions that together are contiguous in every array become one.
  static func emitMap(arrays: [String], _ text: inout CText, _ statement: ((String) -> String) -> String) {
    let first = arrays[0]
    text.block("if (columns == 1 || (rows > 1 && rs_\(first) == 1 && cs_\(first) != 1))") { text in
      text.line("long t = rows;\nrows = columns;\ncolumns = t;")
      for array in arrays { text.line("t = rs_\(array);\nrs_\(array) = cs_\(array);\ncs_\(array) = t;") }
    }
    text.block("if (\(arrays.map { "rs_\($0) == columns * cs_\($0)" }.joined(separator: " && ")))") { text in
      text.line("columns *= rows;\nrows = 1;")
    }
    text.block("for (long i = 0; i < rows; i++)") { text in
      let unit = arrays.map { "cs_\($0) == 1" }.joined(separator: " && ")
      text.block("if (\(unit))") { text in
        text.block("for (long j = 0; j < columns; j++)") { $0.line(statement { "\($0)[i * rs_\($0) + j]" }) }
      }
      text.block("else") { text in
        text.block("for (long j = 0; j < columns; j++)") { text in
          text.line(statement { "\($0)[i * rs_\($0) + j * cs_\($0)]" })
        }
      }
    }
  }
}
