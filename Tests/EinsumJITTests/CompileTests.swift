import EinsumJIT
import Testing

@Suite("C text to function")
struct CompileTests {
  @Test func `compiles and runs`() throws {
    let code = try TinyCC.compile(linearSource(factor: 3, addend: 4), entry: "kernel")
    #expect(code.call(5) == 19)
    #expect(!code.bytes.isEmpty)
  }

  @Test func `calls a listed symbol, however far away it is`() throws {
    let triple: @convention(c) (Int32) -> Int32 = { 3 * $0 }
    let source = """
      int triple(int x);
      void kernel(const void *const *operands, int *output, void *workspace)
      {
          int (*indirect)(int) = triple;
          *output = triple(*(const int *)operands[0]) + indirect(1);
      }
      """
    let symbol = ("triple", unsafeBitCast(triple, to: UnsafeRawPointer.self))
    let code = try TinyCC.compile(source, entry: "kernel", symbols: [symbol])
    #expect(code.call(7) == 24)
  }

  @Test func `zero initialisers and structure copies need nothing from the list`() throws {
    let source = """
      struct block { int values[64]; };
      void kernel(const void *const *operands, int *output, void *workspace)
      {
          struct block a = {0}, b;
          a.values[63] = *(const int *)operands[0];
          b = a;
          *output = b.values[63] + b.values[1];
      }
      """
    #expect(try TinyCC.compile(source, entry: "kernel").call(11) == 11)
  }

  @Test func `constants and tables live in the code`() throws {
    let source = """
      static const long offsets[4] = {0, 10, 200, 3000};
      void kernel(const void *const *operands, int *output, void *workspace)
      {
          *output = offsets[*(const int *)operands[0]];
      }
      """
    let code = try TinyCC.compile(source, entry: "kernel")
    #expect((0..<4).map { code.call($0) } == [0, 10, 200, 3000])
  }

  @Test func `code outlives every later compile`() throws {
    let first = try TinyCC.compile(linearSource(factor: 2, addend: 1), entry: "kernel")
    for addend in 0..<50 {
      let later = try TinyCC.compile(linearSource(factor: 1, addend: addend), entry: "kernel")
      #expect(later.call(1) == Int32(1 + addend))
    }
    #expect(first.call(20) == 41)
  }

  @Test func `names its version`() throws {
    let version = try #require(TinyCC.version)
    #expect(version.hasPrefix("0.9."))
  }
}
