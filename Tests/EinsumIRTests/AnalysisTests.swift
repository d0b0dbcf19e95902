import EinsumIR
import EinsumSyntax
import EinsumTestSupport
import Testing

/// What each row of the notation means for shapes.
@Suite struct AnalysisTests {
  /// An equation, its operands' shapes, and the result's shape as numpy gives it, where numpy has the
  /// notation.
  struct Row: Sendable, CustomStringConvertible {
    let text: String
    let shapes: [[Int]]
    let output: [Int]

    init(_ text: String, _ shapes: [[Int]], _ output: [Int]) {
      (self.text, self.shapes, self.output) = (text, shapes, output)
    }

    var description: String { "\(text) \(shapes)" }
  }

  static let rows: [Row] = [
    Row("ij,jk->ik", [[2, 3], [3, 4]], [2, 4]),
    Row("ij,jk", [[2, 3], [3, 4]], [2, 4]),
    Row("i j , j k -> i k", [[2, 3], [3, 4]], [2, 4]),
    Row("αβ,βγ->αγ", [[2, 3], [3, 4]], [2, 4]),
    Row("ba", [[2, 3]], [3, 2]),
    Row("bA", [[2, 3]], [3, 2]),
    Row("ii->i", [[3, 3]], [3]),
    Row("ii", [[3, 3]], []),
    Row("iii->i", [[3, 3, 3]], [3]),
    Row("ijij->", [[2, 3, 2, 3]], []),
    Row("aab,bcc->ac", [[2, 2, 3], [3, 4, 4]], [2, 4]),
    Row("i,i", [[2], [1]], []),
    Row("i,i->i", [[1], [5]], [5]),
    Row("ij,jk", [[2, 1], [3, 4]], [2, 4]),
    Row("ij,jk->ik", [[2, 0], [0, 3]], [2, 3]),
    Row("ij,jk->ik", [[2, 1], [0, 3]], [2, 3]),
    Row("ij->ij", [[0, 4]], [0, 4]),
    Row("...ij,...jk", [[5, 1, 2, 3], [6, 3, 4]], [5, 6, 2, 4]),
    Row("...ij,...jk", [[2, 3], [3, 4]], [2, 4]),
    Row("i...,i...", [[3, 4, 5], [3, 5]], [4, 5]),
    Row("ij...->...", [[2, 3, 4, 5]], [4, 5]),
    Row("ij...->...", [[2, 3]], []),
    Row("...->", [[2, 3]], []),
    Row("...->...", [[2, 3]], [2, 3]),
    Row("...i->i", [[2, 3, 4]], [4]),
    Row("i->i...", [[3]], [3]),
    Row("i,...->i...", [[3], [4, 5]], [3, 4, 5]),
    Row("i...j->j...", [[2, 7, 8, 3]], [3, 7, 8]),
    Row("", [[]], []),
    Row("->", [[]], []),
    Row(",", [[], []], []),
    Row("i,->i", [[3], []], [3]),
    Row(",i->", [[], [3]], []),
    Row("i->ii", [[3]], [3, 3]),
    Row("ij->iij", [[2, 3]], [2, 2, 3]),
    Row("ii->ii", [[3, 3]], [3, 3]),
    Row("{batch}i,ij->{batch}j", [[7, 2], [2, 3]], [7, 3]),
    Row("{head}q d,k d->{head}qk", [[2, 3, 4], [5, 4]], [2, 3, 5]),
    Row("ab,bc,cd->ad", [[2, 3], [3, 4], [4, 5]], [2, 5]),
  ]

  @Test(arguments: rows) func outputShape(row: Row) throws {
    let analysis = try analyze(row.text, row.shapes)
    #expect(analysis.outputLayout == Layout(shape: row.output))
    #expect(analysis.contraction.verify() == [])
    #expect(analysis.contraction.simplified().verify() == [])
  }

  @Test func contractions() throws {
    let texts = try Self.rows.map { row in
      let analysis = try analyze(row.text, row.shapes)
      let simplified = analysis.contraction.simplified()
      return "\(row)\n\(analysis.contraction)" + (simplified == analysis.contraction ? "" : "\n\(simplified)")
    }
    let difference = GoldenFile.difference("notation", texts.joined(separator: "\n\n"))
    #expect(difference == nil)
  }

  @Test func interleavedFormIsTheSame() throws {
    let equation = try Equation(interleaved: [[.ellipsis, 0, 7], [7, 2]], output: [.ellipsis, 0, 2])
    let operands = [[5, 2, 3], [3, 4]].map { OperandType(.float32, Layout(shape: $0)) }
    let interleaved = try Analysis(equation, operands).contraction
    #expect(try interleaved.withoutNames() == analyze("...ab,bc->...ac", operands).contraction.withoutNames())
  }

  @Test func manyOperandsAndLabels() throws {
    let scalars = try analyze(String(repeating: ",", count: 999), [[Int]](repeating: [], count: 1000))
    #expect(scalars.contraction.operands.count == 1000)
    let names = (0..<10_000).map { "{n\($0)}" }.joined()
    let wide = try analyze("\(names)->", [[Int](repeating: 1, count: 10_000)])
    #expect(wide.contraction.indices.count == 10_000)
    #expect(wide.contraction.simplified().indices.isEmpty)
  }

  @Test func stridesBecomeSteps() throws {
    let diagonal = OperandType(.float32, Layout(shape: [3, 3], strides: [-4, 1]))
    let contraction = try analyze("ii->i", [diagonal]).contraction
    #expect(contraction.operands[0].strides == [-3])
    #expect(contraction.operands[0].span == -8..<3)
    let still = OperandType(.float32, Layout(shape: [3], strides: [0]))
    #expect(try analyze("i->", [still]).contraction.operands[0].strides == [0])
  }

  @Test func outputLayouts() throws {
    let turned = Layout(shape: [2, 4], strides: [-1, 2])
    #expect(try analyze("ij,jk", [[2, 3], [3, 4]], output: turned).contraction.output.strides == [-1, 2])
    let operands = [OperandType(.float32, Layout(shape: [2, 3]))]
    expectRefusal(
      "ij->ji", operands, output: Layout(shape: [2, 3]),
      "error: the result has shape 3x2, the output that is given 2x3 [output-shape]")
    for strides in [[0, 1], [1, 1], [2, 2], [1, 2]] {
      let error = #expect(throws: EinsumError.self) {
        try analyze("ij->ji", operands, output: Layout(shape: [3, 2], strides: strides))
      }
      #expect(error?.code == "output-layout")
    }
    #expect(throws: Never.self) {
      try analyze("ij->ji", operands, output: Layout(shape: [3, 2], strides: [1, 3]))
    }
  }

  @Test func pureMovementKeepsItsType() throws {
    #expect(try analyze("ij->ji", [[2, 3]], .float16).contraction.computeType == .float16)
    #expect(try analyze("i->ii", [[2]], .bfloat16).contraction.computeType == .bfloat16)
    #expect(try analyze("ij->i", [[2, 3]], .float16).contraction.computeType == .float32)
    #expect(try analyze("i,i->i", [[2], [2]], .float16).contraction.computeType == .float32)
    #expect(try analyze("i,i->i", [[2], [2]], .float16).outputType == .float16)
  }
}
