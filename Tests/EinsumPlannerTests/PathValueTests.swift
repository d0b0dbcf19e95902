import EinsumPlanner
import Testing

@Suite struct PathValueTests {
  private let chain = PathProblem("ij,jk,kl->il", ["i": 2, "j": 3, "k": 4, "l": 5])

  @Test func printsProblemAndPath() {
    #expect(
      chain.description == """
        extents 2 3 4 5
        %0 [0 1]
        %1 [1 2]
        %2 [2 3]
        -> [0 3]
        """)
    let path = ContractionPath(steps: [.init(0, 1), .init(3, 2)])
    #expect(path.description == "%3 = contract %0 %1\n%4 = contract %3 %2")
    #expect(ContractionPath(steps: []).description == "")
  }

  @Test func countsOperationsAndElements() {
    let path = ContractionPath(steps: [.init(0, 1), .init(3, 2)])
    #expect(chain.resultIndices(of: path) == [[0, 2], [0, 3]])
    let cost = cost(of: path, in: chain)
    #expect(cost.flopCount == 2 * 2 * 3 * 4 + 2 * 2 * 4 * 5)
    #expect(cost.largestIntermediate == 10)
  }

  private static let pairs: [(equation: String, flopCount: Double, why: Comment)] = [
    ("ij,ij->ij", 6.0, "element-wise: products only"),
    ("i,j->ij", 6.0, "outer: products only"),
    ("ij,ij->", 12.0, "sums too"),
    ("ij,i->j", 12.0, "sums too"),
    ("ij,k->ik", 24.0, "j is in one operand only, and summed in the step"),
    (",->", 1.0, "scalars"),
  ]

  @Test(arguments: pairs)
  func countsAdditionsWhereStepSums(equation: String, flopCount: Double, why: Comment) {
    let problem = PathProblem(equation, ["i": 2, "j": 3, "k": 2])
    #expect(cost(of: ContractionPath(steps: [.init(0, 1)]), in: problem).flopCount == flopCount, why)
  }

  @Test func extentOneSumsNothing() {
    let problem = PathProblem("ij,jk->ik", ["i": 2, "j": 1, "k": 3])
    #expect(cost(of: ContractionPath(steps: [.init(0, 1)]), in: problem).flopCount == 6)
  }

  @Test func keepsIndexThatLaterValueNeeds() {
    let problem = PathProblem("ab,ab,ab->")
    let path = ContractionPath(steps: [.init(0, 1), .init(2, 3)])
    #expect(problem.resultIndices(of: path) == [[0, 1], []])
  }

  @Test func costOfOneOperandIsNothing() {
    let nothing = PathCost(flopCount: 0, largestIntermediate: 0)
    #expect(cost(of: ContractionPath(steps: []), in: PathProblem("ab->a")) == nothing)
  }

  private static let badPaths: [(steps: [ContractionPath.Step], violation: String)] = [
    ([.init(0, 1)], "3 operands are contracted in 1 steps"),
    ([.init(0, 1), .init(0, 2)], "step 1 takes %0, which was taken before"),
    ([.init(0, 0), .init(1, 2)], "step 0 takes %0, which was taken before"),
    ([.init(0, 3), .init(1, 2)], "step 0 takes %3, which does not exist before it"),
    ([.init(0, 1), .init(-1, 2)], "step 1 takes %-1, which does not exist before it"),
  ]

  @Test(arguments: badPaths)
  func findsViolationOfPath(steps: [ContractionPath.Step], violation: String) {
    #expect(ContractionPath(steps: steps).verify(for: chain) == [violation])
  }

  private static let badProblems: [(problem: PathProblem, violation: String)] = [
    (PathProblem(extents: [], operands: [], output: []), "there are no operands"),
    (PathProblem(extents: [0], operands: [[0]], output: []), "index 0 has extent 0"),
    (PathProblem(extents: [2], operands: [[0, 1]], output: []), "index 1 of operand 0 has no extent"),
    (PathProblem(extents: [2], operands: [[0], [-1]], output: []), "index -1 of operand 1 has no extent"),
    (
      PathProblem(extents: [2, 2], operands: [[1, 0]], output: []),
      "indices 1 and 0 of operand 0 are not in ascending order"
    ),
    (
      PathProblem(extents: [2, 2], operands: [[0, 1]], output: [1, 1]),
      "indices 1 and 1 of the output are not in ascending order"
    ),
    (PathProblem(extents: [2, 2], operands: [[0]], output: [1]), "index 1 of the output is in no operand"),
  ]

  @Test(arguments: badProblems)
  func findsViolationOfProblem(problem: PathProblem, violation: String) {
    #expect(problem.verify() == [violation])
  }
}
