import EinsumIR

/// Emits the helpers that write past the caches, for outputs that no cache holds.
///
/// A normal store first reads the line that it is about to overwrite; these do not. They pay only where whole lines are
/// written at once, so rows are written normally up to the first line boundary and after the last.
struct StreamEmitter {
  let isa: ISA

  /// The bytes of a cache line.
  static let lineBytes = 64

  private var width: Int { isa.vectorBytes }

  /// The name of an aligned vector as wide as a register.
  func lineType(in unit: inout CUnit) -> String {
    let name = "es_line\(width)"
    unit.define(type: "typedef long long \(name) __attribute__((vector_size(\(width)), may_alias));")
    return name
  }

  /// The name of a vector as wide as a register at any address.
  func unalignedLineType(in unit: inout CUnit) -> String {
    let line = lineType(in: &unit)
    unit.define(type: "typedef \(line) \(line)u __attribute__((aligned(1), may_alias));")
    return line + "u"
  }

  /// Defines the store of one aligned vector and gives its name: `(address, vector)`.
  func defineStore(in unit: inout CUnit) -> String {
    let name = "es_stream_\(isa.rawValue)"
    let line = lineType(in: &unit)
    unit.define(
      function: name, "Writes a vector to an aligned address, past the caches.",
      "static inline void \(name)(void *o, \(line) x)"
    ) { text, _ in
      text.line(
        """
        #if defined(__clang__)
        __builtin_nontemporal_store(x, (\(line) *)o);
        #elif defined(__x86_64__)
        __builtin_ia32_movntdq\(width == 16 ? "" : "\(width * 8)")((\(line) *)o, x);
        #else
        *(\(line) *)o = x;
        #endif
        """)
    }
    return name
  }

  /// Defines what makes streamed stores visible to other threads before what follows, and gives its name: `()`.
  func defineFence(in unit: inout CUnit) -> String {
    let name = "es_stream_end_\(isa.rawValue)"
    unit.define(
      function: name, "Orders streamed stores before all later ones.", "static inline void \(name)(void)"
    ) { text, _ in
      text.line(
        """
        #if defined(__x86_64__)
        __builtin_ia32_sfence();
        #else
        __sync_synchronize();
        #endif
        """)
    }
    return name
  }

  /// Defines the streamed copy of a row and gives its name: `(bytes, o, x)`.
  func defineRow(in unit: inout CUnit) -> String {
    let name = "es_stream_row_\(isa.rawValue)"
    let store = defineStore(in: &unit)
    let unaligned = unalignedLineType(in: &unit)
    unit.define(
      function: name, "o[j] = x[j] for j < n bytes, past the caches.",
      "static inline void \(name)(long n, void *restrict output, const void *restrict input)"
    ) { text, _ in
      text.line("unsigned char *o = output;\nconst unsigned char *x = input;")
      text.line("long head = -(unsigned long)o & \(Self.lineBytes - 1);")
      text.statement("if (head > n)", "head = n;")
      text.line("__builtin_memcpy(o, x, head);")
      text.line("long j = head;")
      text.block("for (; j + \(Self.lineBytes) <= n; j += \(Self.lineBytes))") { text in
        for offset in stride(from: 0, to: Self.lineBytes, by: width) {
          let place = offset == 0 ? "j" : "j + \(offset)"
          text.line("\(store)(o + \(place), *(const \(unaligned) *)(x + \(place)));")
        }
      }
      text.line("__builtin_memcpy(o + j, x + j, n - j);")
    }
    return name
  }
}
