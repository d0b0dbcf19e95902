import EinsumTestSupport
import Testing

@Suite("gcc for tests")
struct SystemCompilerTests {
  @Test func `compiles and loads a function`() throws {
    let library = try SystemCompiler.load("int twice(int x) { return 2 * x; }")
    let twice: @convention(c) (Int32) -> Int32 = try library.function("twice")
    #expect(twice(21) == 42)
    #expect(throws: SystemCompiler.Failure.self) { try library.address(of: "thrice") }
  }

  @Test func `reports the compiler's messages`() throws {
    let error = #expect(throws: SystemCompiler.Failure.self) {
      try SystemCompiler.load("int f(void) { return y; }")
    }
    #expect(try #require(error).description.contains("'y' undeclared"))
  }
}
