import EinsumSyntax
import Testing

@Suite struct LabelTests {
  @Test func order() {
    let names = [
      "0", "07", "7", "9", "10", "100", "A", "Z", "_", "a", "a1", "aa", "b", "z", "α", "中", "\u{1D49C}",
    ]
    let labels = names.map { Label($0) }
    for (i, a) in labels.enumerated() {
      for (j, b) in labels.enumerated() {
        #expect((a < b) == (i < j), "\(a) and \(b)")
        #expect((a == b) == (i == j), "\(a) and \(b)")
      }
    }
  }

  @Test func numbersPastInt64StillHaveAnOrder() {
    let huge = Label("99999999999999999999")
    let huger = Label("99999999999999999999999")
    #expect(huge < huger && !(huger < huge))
    #expect(Label("5") < huge && huge < Label("a"))
  }

  @Test(arguments: [("i", "i"), ("α", "α"), ("ij", "{ij}"), ("0", "{0}"), ("_", "{_}"), ("𝒜", "𝒜")])
  func description(name: String, text: String) {
    #expect(Label(name).description == text)
  }
}
