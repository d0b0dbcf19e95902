import EinsumJIT
import Testing

/// Text that must not become code, and a part of the message that must say why.
struct Rejected: CustomTestStringConvertible {
  let testDescription: String
  let source: String
  let message: String

  init(_ description: String, _ source: String, _ message: String) {
    (testDescription, self.source, self.message) = (description, source, message)
  }

  static let all = [
    Rejected(
      "a warning: implicit declaration", "void kernel(void) { undeclared(1); }",
      "implicit declaration of function 'undeclared'"),
    Rejected(
      "a warning: assignment of an integer to a pointer", "void kernel(void) { int *p = 7; }", "makes pointer"
    ),
    Rejected(
      "a warning that is off by default: vector_size",
      "typedef float f32x4 __attribute__((vector_size(16))); void kernel(float *o) { *o = sizeof(f32x4); }",
      "'vector_size' attribute ignored"),
    Rejected("a syntax error", "void kernel(void) { return", "<string>:1: error:"),
    Rejected(
      "system, although the process has it",
      "int system(const char *command); void kernel(void) { system(\"true\"); }", "undefined symbol 'system'"),
    Rejected(
      "malloc, although libtcc uses it", "void *malloc(unsigned long n); void kernel(void) { malloc(1); }",
      "undefined symbol 'malloc'"),
    Rejected(
      "an address of the C library's data",
      "extern char **environ; char ***kernel(void) { return &environ; }",
      "undefined symbol 'environ'"),
    Rejected("a header", "#include <stdio.h>\nvoid kernel(void) {}", "preprocessor"),
    Rejected("a file", "/**/ #include \"/etc/hostname\"\nvoid kernel(void) {}", "preprocessor"),
    Rejected("a missing entry function", "void other(void) {}", "does not define the entry function"),
    Rejected("text that ends early for C", "void kernel(void) {}\0;", "zero byte"),
    Rejected("text beyond all measure", String(repeating: ";\n", count: 5 << 20), "too long"),
    Rejected(
      "too many pending operands",
      "int kernel(int x) { return " + String(repeating: "x * (", count: 400) + "x"
        + String(repeating: ")", count: 400) + "; }",
      "vstack"),
  ]
}

@Suite("Rejected text")
struct RejectionTests {
  @Test(arguments: Rejected.all)
  func `is rejected with a message`(_ rejected: Rejected) throws {
    let error = #expect(throws: LoadError.self) { try TinyCC.compile(rejected.source, entry: "kernel") }
    #expect(try #require(error).message.contains(rejected.message))
  }

  @Test func `a rejection does not spoil the next compile`() throws {
    for number in 0..<20 {
      for rejected in Rejected.all {
        #expect(throws: LoadError.self) { try TinyCC.compile(rejected.source, entry: "kernel") }
      }
      let code = try TinyCC.compile(linearSource(factor: number, addend: 1), entry: "kernel")
      #expect(code.call(10) == Int32(10 * number + 1))
    }
  }

  @Test func `many messages are cut, not overrun`() throws {
    let source = "void kernel(void) {" + String(repeating: " unknown(1);", count: 2000) + "}"
    let error = #expect(throws: LoadError.self) { try TinyCC.compile(source, entry: "kernel") }
    #expect(try #require(error).message.utf8.count < 4096)
  }
}

/// What only the prepared archive can promise; skipped, with this text, where the distribution's is linked.
@Suite(
  "Containment",
  .enabled(
    if: TinyCC.isContained,
    "the distribution's libtcc is linked; tools/test links the one that tools/setup.sh makes"))
struct ContainmentTests {
  @Test func `an exit inside libtcc is an error`() throws {
    for _ in 0..<10 {
      let error = #expect(throws: LoadError.self) {
        try TinyCC.compile("void kernel(void) {}", entry: "kernel", symbols: [], options: "-no-such-option")
      }
      #expect(try #require(error).message.contains("invalid option"))
      let code = try TinyCC.compile(linearSource(factor: 2, addend: 0), entry: "kernel")
      #expect(code.call(21) == 42)
    }
  }

  /// libtcc keeps the labels of a function that it gave up on, and the next text with a label would follow
  /// them.
  @Test func `labels of rejected text are forgotten`() throws {
    let rejected = "void kernel(void) { a: b: sizeof(({ switch (1) { case 1: undeclared; "
    let source = """
      void kernel(const void *const *operands, int *output, void *workspace)
      {
          *output = *(const int *)operands[0];
      again:
          if (--*output > 3) goto again;
      }
      """
    for _ in 0..<10 {
      #expect(throws: LoadError.self) { try TinyCC.compile(rejected, entry: "kernel") }
      #expect(try TinyCC.compile(source, entry: "kernel").call(9) == 3)
    }
  }
}
