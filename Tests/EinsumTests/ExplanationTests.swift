import Einsum
import EinsumIR
import EinsumSyntax
import EinsumTestSupport
import Foundation
import Testing

/// Explanations: their text on the reference machine, their JSON, and that their figures are the compiler's own.
@Suite struct ExplanationTests {
  private func explained(
    _ text: String, _ shapes: [[Int]], _ types: [ElementType] = [.float32],
    accumulate: ElementType? = nil
  ) throws -> Explanation {
    let request = CompileRequest(
      equation: try Equation(parsing: text),
      operands: shapes.enumerated().map { OperandType(types[$0 % types.count], Layout(shape: $1)) },
      accumulate: accumulate)
    return try explained(request)
  }

  private func explained(_ request: CompileRequest) throws -> Explanation {
    let compilation = try Compilation(request, on: .reference)
    return Explanation(of: compilation, request, on: .reference, limits: .assumed(for: .reference))
  }

  // MARK: Text

  @Test(arguments: GoldenTests.cases) func text(test: GoldenTests.Case) throws {
    let text = try explained(test.text, test.shapes, [test.type]).description
    let difference = GoldenFile.difference("explain-\(test.name)", text)
    #expect(difference == nil)
  }

  // MARK: JSON

  private func encoder() -> JSONEncoder {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    return encoder
  }

  @Test func jsonIsReadBack() throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    for seed in 0..<100 {
      let problem = try Problem.random(seed: seed, points: 4000)
      var value = try explained(problem.request)
      value.measurement = .init(times: [2e-6, 1e-6, 3e-6], flop: 3e3, bytes: 4e3)
      value.limits.copyStreamGbPerS = 25
      value.limits.tileGflops = ["es_tile_f32_6x64_avx512": 100]
      let data = try encoder().encode(value)
      #expect(try decoder.decode(Explanation.self, from: data) == value, "\(problem)")
    }
  }

  /// The article on the schema names every key that occurs, and the version.
  @Test func schemaIsDocumented() throws {
    let article = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Sources/Einsum/Einsum.docc/ExplanationSchema.md")
    let text = try String(contentsOf: article, encoding: .utf8)
    #expect(text.contains("`schema_version` | \(Explanation.currentSchemaVersion)"))
    var value = try explained("dabfe,fc->edcba", [[24, 16, 24, 16, 16], [16, 24]])
    value.measurement = .init(times: [2e-6, 1e-6, 3e-6], flop: 3e3, bytes: 4e3)
    value.limits.writeStreamGbPerS = 1
    value.limits.copyStreamGbPerS = 1
    value.limits.triadStreamGbPerS = 1
    let object = try JSONSerialization.jsonObject(with: encoder().encode(value))
    for key in keys(object) { #expect(text.contains("`\(key)`"), "'\(key)' is not documented") }
  }

  private func keys(_ object: Any) -> Set<String> {
    if let list = object as? [Any] { return list.reduce(into: []) { $0.formUnion(keys($1)) } }
    guard let dictionary = object as? [String: Any] else { return [] }
    return dictionary.reduce(into: Set(dictionary.keys)) { $0.formUnion(keys($1.value)) }
  }

  // MARK: Figures

  @Test func figuresAreThePlans() throws {
    for seed in 0..<300 {
      let problem = try Problem.random(seed: seed, points: 4000)
      let compilation = try Compilation(problem.request, on: .reference)
      let value = Explanation(
        of: compilation, problem.request, on: .reference, limits: .assumed(for: .reference))
      #expect(value.flop == compilation.plan.flopCount, "\(problem)")
      #expect(value.bytes == compilation.plan.byteCount, "\(problem)")
      #expect(value.steps.count == compilation.plan.steps.count, "\(problem)")
      let lines = compilation.source.split(separator: "\n", omittingEmptySubsequences: false)
      for step in value.steps {
        let time = step.prediction
        #expect(time.seconds > 0 && time.share >= 0 && time.share <= 1 && time.gflops <= time.peakGflops)
        #expect(step.alternatives.allSatisfy { $0.ratio >= 1 }, "\(problem)")
        check(step.loops, lines, "\(problem)")
      }
    }
  }

  /// Each loop and call stands on the line that is named, and what it touches grows from the inside out.
  private func check(_ statements: [Explanation.Statement], _ lines: [Substring], _ problem: String) {
    for statement in statements {
      switch statement {
      case .loop(let loop):
        #expect(lines[loop.line - 1].contains("for (long \(loop.variable) = "), "\(problem)")
        #expect(!loop.label.isEmpty && loop.trips >= 1, "\(problem)")
        for case .loop(let inner) in loop.body {
          #expect(inner.workingSetBytes <= loop.workingSetBytes, "\(problem)")
        }
        check(loop.body, lines, problem)
      case .kernel(let call): #expect(lines[call.line - 1].contains(" \(call.symbol)("), "\(problem)")
      case .barrier(let barrier): #expect(lines[barrier.line - 1].contains(" es_barrier("), "\(problem)")
      case .table(let table): #expect(lines[table.line - 1].contains("\(table.name)_end"), "\(problem)")
      }
    }
  }

  @Test func workingSets() throws {
    let value = try explained("ij,jk->ik", [[512, 1024], [1024, 768]])
    #expect(value.steps.count == 1)
    #expect(value.steps[0].kind == "matrix product")
    guard case .loop(let k) = value.steps[0].loops[0] else {
      Issue.record("the outermost statement is no loop")
      return
    }
    // A block of k: as much of 512 x 1024 and of 1024 x 768, the whole result, and both packed blocks.
    let tile = try #require(value.steps[0].schedule.tile)
    let blocks = (1024 - 1) / tile.kc + 1
    #expect(k.label == "j" && k.trips == Double(blocks))
    let operands = tile.kc * (512 + 768), panels = tile.kc * (min(tile.mc, 512) + tile.nc)
    let expected = 4 * (operands + 512 * 768 + panels)
    #expect(abs(k.workingSetBytes - Double(expected)) <= 0.02 * Double(expected))
    #expect(k.level == .l3)
  }

  // MARK: Notes

  /// Expressions, and the code and words of a note that each must have.
  static let noteCases: [(text: String, shapes: [[Int]], code: String, words: String)] = [
    ("ij,k->i", [[4, 5], [6]], "summed-first", "index k is only in operand 1"),
    ("i,j->ij", [[400], [500]], "outer-product", "outer product"),
    ("ii->i", [[40, 40]], "diagonal", "in steps of 41"),
    ("i->ii", [[40]], "output-diagonal", "more than once"),
    ("ij,jk", [[40, 1], [30, 50]], "broadcast", "operand 0 has extent 1 along j"),
    ("ij,jk", [[0, 3], [3, 4]], "empty", "index i has extent 0"),
    ("ijk,il->ijkl", [[32, 16, 8], [32, 64]], "folded", "{jk}"),
    ("ab,bc,cd->ad", [[64, 128], [128, 32], [32, 256]], "path", "one loop nest"),
    ("fbea,cedf->dcba", [[36, 28, 36, 28], [28, 36, 28, 36]], "offset-tables", "operand 0"),
    ("ij,kj->ik", [[300, 300], [300, 300]], "packing", "operand 1 is contiguous along the sum"),
    ("adb,cd->cba", [[168, 768, 768], [24, 768]], "transposed-result", "%2 is formed in the order"),
    ("ij,jk->ik", [[2, 3], [3, 2]], "small", "little more than start and end"),
    ("ij->ji", [[4000, 4000]], "memory-bound", "memory sets the time"),
  ]

  @Test(arguments: noteCases.indices) func notes(number: Int) throws {
    let test = Self.noteCases[number]
    let value = try explained(test.text, test.shapes)
    #expect(
      value.notes.contains { $0.code == test.code && $0.text.contains(test.words) },
      "\(test.text): \(value.notes)")
  }

  @Test func plainProductHasNoWarnings() throws {
    let codes = try explained("ij,jk->ik", [[512, 512], [512, 512]]).notes.map(\.code)
    #expect(codes.allSatisfy { $0 == "packing" })
  }

  @Test func kinds() throws {
    func kinds(_ text: String, _ shapes: [[Int]]) throws -> [String] {
      try explained(text, shapes).steps.map(\.kind)
    }
    #expect(try kinds("bij,bjk->bik", [[5, 6, 7], [5, 7, 8]]) == ["batched matrix product"])
    #expect(try kinds("ij,j->i", [[6, 7], [7]]) == ["matrix-vector product"])
    #expect(try kinds("i,i->", [[6], [6]]) == ["inner product"])
    #expect(try kinds("ij,ij->ij", [[6, 7], [6, 7]]) == ["elementwise product"])
    #expect(try kinds("ij,i->ij", [[6, 7], [6]]) == ["scaling"])
    #expect(try kinds("ij->ji", [[6, 7]]) == ["transpose"])
    #expect(try kinds("ij->ij", [[6, 7]]) == ["copy"])
    #expect(try kinds("ij->i", [[6, 7]]) == ["sum"])
    #expect(try kinds("ij->", [[6, 7]]) == ["sum of all elements"])
    #expect(try kinds("i->ii", [[6]]) == ["clearing", "copy"])
  }

  // MARK: Numbers

  @Test func quantities() {
    #expect(Quantity.bytes(0) == "0 B")
    #expect(Quantity.bytes(1023) == "1023 B")
    #expect(Quantity.bytes(1536) == "1.5 KiB")
    #expect(Quantity.bytes(0x1p70) == "1024 EiB")
    #expect(Quantity.seconds(1.2345e-5) == "12.3 us")
    #expect(Quantity.seconds(12) == "12 s")
    #expect(Quantity.percent(0.894) == "89 %")
    #expect(Quantity.percent(0.00123) == "0.12 %")
    #expect(Quantity.count(123_456) == "123456")
    #expect(Quantity.count(2_147_483_648) == "2.15e9")
    #expect(Quantity.count(9.999e11) == "1e12")
    #expect(Quantity.count(.infinity) == "inf")
    #expect(Quantity.decimal(0.000123456) == "0.000123")
    #expect(Quantity.decimal(9.999) == "10")
    #expect(Quantity.decimal(-2.5) == "-2.5")
  }
}
