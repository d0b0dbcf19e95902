import EinsumIR
import EinsumSyntax
import EinsumTestSupport
import Testing

/// Folding, dropping and canonical order.
@Suite struct SimplificationTests {
  private func simplified(_ text: String, _ shapes: [[Int]]) throws -> Contraction {
    try analyze(text, shapes).contraction.simplified()
  }

  private func extents(_ contraction: Contraction) -> [Int] { contraction.indices.map(\.extent) }

  @Test func folding() throws {
    #expect(try extents(simplified("abcd,de->abce", [[2, 3, 5, 7], [7, 11]])) == [30, 11, 7])
    #expect(try extents(simplified("abc->abc", [[2, 3, 5]])) == [30])
    #expect(try extents(simplified("abc->", [[2, 3, 5]])) == [30])
    #expect(try extents(simplified("abc->cab", [[2, 3, 5]])) == [5, 6])
    #expect(try extents(simplified("abc->cba", [[2, 3, 5]])) == [5, 3, 2])
    #expect(try extents(simplified("abc,abc->c", [[2, 3, 5], [2, 3, 5]])) == [5, 6])
  }

  @Test func foldingNeedsOneStepInEveryTensor() throws {
    let gap = OperandType(.float32, Layout(shape: [2, 3], strides: [4, 1]))
    #expect(try extents(analyze("ij->ij", [gap]).contraction.simplified()) == [2, 3])
    let whole = OperandType(.float32, Layout(shape: [2, 3], strides: [-3, -1]))
    #expect(try extents(analyze("ij->", [whole]).contraction.simplified()) == [6])
    #expect(try extents(analyze("ij->ij", [whole]).contraction.simplified()) == [6])
  }

  @Test func unitIndicesDoNotStopFolding() throws {
    #expect(try extents(simplified("abc->abc", [[2, 1, 5]])) == [10])
    #expect(try extents(simplified("abc->cab", [[1, 1, 1]])) == [])
  }

  @Test func stillOperandsLoseTheIndex() throws {
    let still = OperandType(.float32, Layout(shape: [2, 3], strides: [1, 0]))
    let moving = OperandType(.float32, Layout(shape: [3, 4]))
    let contraction = try analyze("ij,jk->ik", [still, moving]).contraction.simplified()
    #expect(contraction.operands[0].strides == [1])
    #expect(contraction.operands[1].strides.sorted() == [1, 4])
  }

  /// An index that nobody steps by still multiplies a sum and still has its place in the output.
  @Test func oneOperandKeepsAStillIndex() throws {
    let still = OperandType(.float32, Layout(shape: [3], strides: [0]))
    for text in ["i->", "i->i", "i,i->", "i,i->i"] {
      let operands = [OperandType](repeating: still, count: text.contains(",") ? 2 : 1)
      let contraction = try analyze(text, operands).contraction.simplified()
      #expect(extents(contraction) == [3])
      #expect(contraction.operands.map(\.indices.count).reduce(0, +) == 1)
      #expect(contraction.verify() == [])
    }
  }

  @Test func emptyContractionsStayEmpty() throws {
    let contraction = try simplified("ab,bc->ac", [[2, 0], [0, 3]])
    #expect(contraction.isEmpty)
    #expect(contraction.verify() == [])
  }

  /// Pairs of requests that differ in names only, or in how the same thing is written.
  @Test(arguments: [
    ("ij,jk->ik", "xy,yz->xz"), ("ij,jk->ik", "ab,bc"), ("ij,jk->ik", "zy,yx->zx"),
    ("ij,jk->ik", "{m}{k},{k}{n}->{m}{n}"), ("ij,jk->ik", "i...,...k->ik"), ("ii->i", "qq->q"),
  ])
  func namesDoNotMatter(a: String, b: String) throws {
    let count = a.filter { $0 == "," }.count + 1
    let shapes = [[Int]]([[5, 5], [5, 5]].prefix(count))
    let (first, second) = (try simplified(a, shapes), try simplified(b, shapes))
    #expect(first.withoutNames() == second.withoutNames())
    #expect(first.withoutNames().hashValue == second.withoutNames().hashValue)
  }

  @Test func whatDiffersStaysApart() throws {
    let shapes = [[5, 5], [5, 5]]
    let forms = try ["ij,jk->ik", "ij,kj->ik", "ij,jk->ki", "ji,jk->ik", "ij,ij->ij", "ij,ij->", "ii,jk->jk"]
      .map { try simplified($0, shapes).withoutNames() }
    #expect(Set(forms).count == forms.count)
  }

  /// Simplification is done in one go, and random names lead to the same form.
  @Test func randomContractions() throws {
    for seed in 0..<500 {
      let problem = try Problem.random(seed: seed)
      let contraction = problem.analysis.contraction
      let simplified = contraction.simplified()
      #expect(contraction.verify() == [], "\(problem)")
      #expect(simplified.verify() == [], "\(problem)")
      #expect(simplified.indices.count <= contraction.indices.count, "\(problem)")
      let renamed = try Analysis(
        Equation(parsing: problem.renamed()),
        problem.operands.enumerated().map { $1.operandType(isConjugated: problem.conjugated.contains($0)) },
        accumulate: problem.accumulate, outputLayout: problem.analysis.outputLayout)
      #expect(renamed.contraction.simplified().withoutNames() == simplified.withoutNames(), "\(problem)")
    }
  }
}
