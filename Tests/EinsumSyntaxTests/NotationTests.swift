import EinsumSyntax
import Testing

/// Every rule of the notation that needs no shapes.
@Suite struct NotationTests {
  @Test func explicitOutput() {
    expectParse("ij,jk->ik", "ij,jk->ik")
    expectParse("ij->ji", "ij->ji")
    expectParse("ij->", "ij->")
    expectParse("bij,bjk->bik", "bij,bjk->bik")
    expectParse("a,b,c,d->dcba", "a,b,c,d->dcba")
  }

  @Test func lettersOfAnyAlphabet() {
    expectParse("αβ,βγ->αγ", "αβ,βγ->αγ")
    expectParse("Zz->zZ", "Zz->zZ")
    expectParse("жי中->中ж", "жי中->中ж")
    expectParse("𝒜ij->i𝒜", "𝒜ij->i𝒜")  // outside the basic plane: one scalar
    expectParse("\u{E9}\u{EA}->\u{EA}", "\u{E9}\u{EA}->\u{EA}")  // precomposed: letters
    expectParse("ǅʰª->", "ǅʰª->")  // titlecase and modifier letters
  }

  @Test func canonicallyEquivalentLettersAreDifferentLabels() {
    expectParse("\u{2126}\u{3A9}", "\u{2126}\u{3A9}->\u{3A9}\u{2126}")
    expectParse("K\u{212A}->\u{212A}", "K\u{212A}->\u{212A}")
    #expect(Label("K") != Label("\u{212A}"))
    #expect(Set([Label("K"), Label("\u{212A}"), Label("K")]).count == 2)
  }

  @Test func spaces() {
    expectParse("i j , j k -> i k", "ij,jk->ik")
    expectParse("  ij,jk->ik  ", "ij,jk->ik")
    expectParse(" ... i , i ", "...i,i->...")
    expectParse("i ->", "i->")
    expectParse("   ", "->")
    expectParse(" , ", ",->")
  }

  @Test func implicitOutputSortsByCodePoint() {
    expectParse("ba", "ba->ab")
    expectParse("bA", "bA->Ab")
    expectParse("ij,jk", "ij,jk->ik")
    expectParse("zyx", "zyx->xyz")
    expectParse("αaβA", "αaβA->Aaαβ")
    expectParse("𝒜中a", "𝒜中a->a中𝒜")
    expectParse("i,i", "i,i->")
    expectParse("ii", "ii->")
    expectParse("iij", "iij->j")
    expectParse("i,j,i,k,j", "i,j,i,k,j->k")
  }

  @Test func implicitOutputOfNames() {
    expectParse("{b}{a}", "ba->ab")
    expectParse("{zz}b{aa}", "{zz}b{aa}->{aa}b{zz}")
    expectParse("{10}{9}a", "{10}{9}a->{9}{10}a")  // numbers first, by value
    expectParse("{07}{7}", "{07}{7}->{07}{7}")
    expectParse("{x1}{x}", "{x1}x->x{x1}")
    expectParse("b{_}", "b{_}->{_}b")
  }

  @Test func implicitOutputPutsTheEllipsisFirst() {
    expectParse("...ij,...jk", "...ij,...jk->...ik")
    expectParse("i...,i...", "i...,i...->...")
    expectParse("i...", "i...->...i")
    expectParse("a,b...", "a,b...->...ab")
    expectParse("...", "...->...")
  }

  @Test func ellipsisAnywhere() {
    expectParse("ij...->...", "ij...->...")
    expectParse("...->", "...->")
    expectParse("...i->i", "...i->i")
    expectParse("i->i...", "i->i...")
    expectParse("i...j->j...i", "i...j->j...i")
    expectParse("...,...->...", "...,...->...")
  }

  @Test func diagonals() {
    expectParse("ii->i", "ii->i")
    expectParse("iii->i", "iii->i")
    expectParse("ijij->", "ijij->")
    expectParse("aab,bcc->ac", "aab,bcc->ac")
    expectParse("i->ii", "i->ii")
    expectParse("ij->iij", "ij->iij")
  }

  @Test func scalarsAndEmptyTerms() {
    expectParse("", "->")
    expectParse("->", "->")
    expectParse(",", ",->")
    expectParse("i,->i", "i,->i")
    expectParse(",i->", ",i->")
    expectParse(",i", ",i->i")
    expectParse(",,", ",,->")
  }

  @Test(arguments: [("", 1), ("->", 1), (",", 2), ("i", 1), ("i,->i", 2), (",,", 3), ("   ", 1)])
  func operandCounts(text: String, count: Int) throws {
    #expect(try Equation(parsing: text).inputs.count == count)
  }

  @Test func names() {
    expectParse("{batch}i,ij->{batch}j", "{batch}i,ij->{batch}j")
    expectParse("{head}q d", "{head}qd->d{head}q")
    expectParse("{i}j->ji", "ij->ji")
    expectParse("{a_1}{_}{2}->", "{a_1}{_}{2}->")
    expectParse("{größe}{数}->{größe}", "{größe}数->{größe}")
    expectParse("{٣}->{٣}", "{٣}->{٣}")  // a decimal digit of another script
  }

  @Test func aLetterAndTheSameNameInBracesAreOneLabel() throws {
    let equation = try Equation(parsing: "{i}j,i")
    #expect(equation.output.labels == [Label("j")])
    #expect(equation.inputs[0].labels == [Label("i"), Label("j")])
  }

  @Test func longestName() throws {
    let name = String(repeating: "n", count: Equation.longestName)
    #expect(try Equation(parsing: "{\(name)}").output.labels == [Label(name)])
  }

  @Test func isImplicit() throws {
    #expect(try Equation(parsing: "ij").isImplicit)
    #expect(try !Equation(parsing: "ij->ij").isImplicit)
    #expect(try !Equation(parsing: "->").isImplicit)
  }

  @Test func termsKnowTheirContents() throws {
    let equation = try Equation(parsing: "i...{k}->...")
    #expect(equation.inputs[0].items.map(\.kind) == [.label(Label("i")), .ellipsis, .label(Label("k"))])
    #expect(equation.inputs[0].labels == [Label("i"), Label("k")])
    #expect(equation.inputs[0].hasEllipsis && equation.output.hasEllipsis)
    #expect(try !Equation(parsing: "ik").inputs[0].hasEllipsis)
  }

  @Test func textForm() throws {
    #expect(try Equation(parsing: "ij , jk").description == "equation      ij,jk->ik")
    #expect(try Equation(parsing: "").description == "equation      ->")
  }
}
