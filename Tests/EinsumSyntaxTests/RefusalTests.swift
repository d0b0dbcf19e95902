import EinsumSyntax
import Testing

/// Every error of the front end, in full: message, code and the carets' columns.
@Suite struct RefusalTests {
  private let hint = "; a label is a letter, or a name in braces"

  @Test func unknownCharacters() {
    expectRefusal(
      "i%,j->ij",
      """
      error: unknown character '%'\(hint) [unknown-character]
        i%,j->ij
         ^
      """)
    expectRefusal(
      "ij->i2",
      """
      error: unknown character '2'\(hint) [unknown-character]
        ij->i2
             ^
      """)
    expectRefusal(
      "_",
      """
      error: unknown character '_'\(hint) [unknown-character]
        _
        ^
      """)
    expectRefusal(
      "i\tj",
      """
      error: unknown character U+0009\(hint) [unknown-character]
        i␉j
         ^
      """)
    expectRefusal(
      "ij\n",
      """
      error: unknown character U+000A\(hint) [unknown-character]
        ij␊
          ^
      """)
    expectRefusal(
      "i\r\nj",
      """
      error: unknown character U+000D\(hint) [unknown-character]
        i␍␊j
         ^
      """)
    expectRefusal(
      "i\u{A0}j",
      """
      error: unknown character U+00A0\(hint) [unknown-character]
        i␣j
         ^
      """)
    expectRefusal(
      "ij→ji",
      """
      error: unknown character '→'\(hint) [unknown-character]
        ij→ji
          ^
      """)
  }

  @Test(arguments: [
    "0", "9", "*", "(", ";", "/", "=", "\u{0}", "\u{1B}", "\u{661}", "²", "😀", "\u{FEFF}", "\u{301}",
  ])
  func otherUnknownCharacters(character: String) {
    #expect { try Equation(parsing: "i\(character)") } throws: { error in
      guard let error = error as? EinsumError else { return false }
      return error.code == "unknown-character" && error.range == SourceRange(start: 1, end: 2)
    }
  }

  @Test func combiningMarksAreNotLetters() {
    expectRefusal(
      "e\u{301}j",
      """
      error: unknown character U+0301\(hint) [unknown-character]
        e\u{301}j
        ^
      """)
    expectRefusal(
      "{e\u{301}}j",
      """
      error: U+0301 inside braces; a name has letters, digits and '_' only [name-character]
        {e\u{301}}j
         ^
      """)
  }

  @Test func dots() {
    for text in [".", "..", ". . .i", "..." + ".", "i.j", ".. .", "....."] {
      #expect(throws: EinsumError.self, "\(text)") { try Equation(parsing: text) }
    }
    expectRefusal(
      ". . .i",
      """
      error: stray '.'; an ellipsis is '...', without a space inside [stray-dot]
        . . .i
        ^
      """)
    expectRefusal(
      "i..j",
      """
      error: stray '.'; an ellipsis is '...', without a space inside [stray-dot]
        i..j
         ^
      """)
    expectRefusal(
      "i....",
      """
      error: stray '.'; an ellipsis is '...', without a space inside [stray-dot]
        i....
            ^
      """)
  }

  @Test func ellipsisTwiceInATerm() {
    expectRefusal(
      "ij,i...j...->i",
      """
      error: second ellipsis in one term [repeated-ellipsis]
        ij,i...j...->i
                ^~~
      note: the first ellipsis is here
        ij,i...j...->i
            ^~~
      """)
    expectRefusal(
      "...-> ......",
      """
      error: second ellipsis in one term [repeated-ellipsis]
        ...-> ......
                 ^~~
      note: the first ellipsis is here
        ...-> ......
              ^~~
      """)
  }

  @Test func arrows() {
    expectRefusal(
      "ij->j->i",
      """
      error: second arrow in one equation [second-arrow]
        ij->j->i
             ^~
      note: the first arrow is here
        ij->j->i
          ^~
      """)
    expectRefusal(
      "ij- >ji",
      """
      error: lone '-'; an arrow is '->', without a space inside [broken-arrow]
        ij- >ji
          ^
      """)
    expectRefusal(
      "ij>ji",
      """
      error: lone '>'; an arrow is '->', without a space inside [broken-arrow]
        ij>ji
          ^
      """)
    expectRefusal(
      "ij-",
      """
      error: lone '-'; an arrow is '->', without a space inside [broken-arrow]
        ij-
          ^
      """)
    expectRefusal(
      "ij->>i",
      """
      error: lone '>'; an arrow is '->', without a space inside [broken-arrow]
        ij->>i
            ^
      """)
  }

  @Test func output() {
    expectRefusal(
      "ij,jk->ix",
      """
      error: output index 'x' occurs in no input [output-label]
        ij,jk->ix
                ^
      """)
    expectRefusal(
      "{b}i->{batch}i",
      """
      error: output index '{batch}' occurs in no input [output-label]
        {b}i->{batch}i
              ^~~~~~~
      """)
    expectRefusal(
      "->i",
      """
      error: output index 'i' occurs in no input [output-label]
        ->i
          ^
      """)
    expectRefusal(
      "ij->i,j",
      """
      error: a comma in the output, which is a single term [output-comma]
        ij->i,j
             ^
      """)
    // What comes first in the text is reported, whatever else is wrong.
    expectRefusal(
      "ij->x,j",
      """
      error: a comma in the output, which is a single term [output-comma]
        ij->x,j
             ^
      """)
  }

  @Test func braces() {
    expectRefusal(
      "{batch,j",
      """
      error: '{' without a '}' [unclosed-brace]
        {batch,j
        ^
      """)
    for text in ["i{", "i{a", "i{a{b}", "i{a->b", "i{a,b}", "i{a b"] {
      #expect(throws: EinsumError(.unclosedBrace, in: text, at: SourceRange(start: 1, end: 2))) {
        try Equation(parsing: text)
      }
    }
    expectRefusal(
      "ab}",
      """
      error: '}' without a '{' [unopened-brace]
        ab}
          ^
      """)
    expectRefusal(
      "a{}",
      """
      error: empty name in braces; a name has at least one letter, digit or '_' [empty-name]
        a{}
         ^~
      """)
    expectRefusal(
      "{head dim}",
      """
      error: a space inside braces; a name has letters, digits and '_' only [name-character]
        {head dim}
             ^
      """)
    expectRefusal(
      "{ i}",
      """
      error: a space inside braces; a name has letters, digits and '_' only [name-character]
        { i}
         ^
      """)
    expectRefusal(
      "i,{head-dim}",
      """
      error: '-' inside braces; a name has letters, digits and '_' only [name-character]
        i,{head-dim}
               ^
      """)
  }

  @Test func longNames() {
    let name = String(repeating: "n", count: Equation.longestName + 1)
    expectRefusal(
      "i{\(name)}",
      """
      error: the name has 257 characters, and at most 256 are allowed [name-too-long]
        i{\(name.prefix(98))...
         ^\(String(repeating: "~", count: 98))
      """)
  }

  @Test func theTextIsNotShownWhenItIsTooLong() {
    let bytes = Equation.longestText + 1
    expectRefusal(
      String(repeating: "i", count: bytes),
      "error: the equation has 1048577 bytes, and at most 1048576 are read [expression-too-long]")
    #expect(throws: EinsumError(.expressionTooLong(bytes: bytes, limit: Equation.longestText))) {
      try Equation(parsing: String(repeating: "α", count: Equation.longestText / 2) + "i")
    }
  }

  @Test func theFirstErrorInTheTextIsReported() {
    #expect(throws: EinsumError(.strayDot, in: "i.%", at: SourceRange(start: 1, end: 2))) {
      try Equation(parsing: "i.%")
    }
  }
}
