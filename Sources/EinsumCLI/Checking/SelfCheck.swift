import Einsum
import EinsumIR
import EinsumSyntax

/// Compiles and runs small einsums of several kinds and types, and compares them with plain loops.
enum SelfCheck {
  struct Case {
    let equation: String
    let shapes: [[Int]]
    let types: [ElementType]
  }

  static let cases: [Case] = [
    Case(equation: "ij,jk->ik", shapes: [[33, 65], [65, 31]], types: [.float32, .float32]),
    Case(equation: "ij,jk->ki", shapes: [[19, 40], [40, 23]], types: [.float64, .float64]),
    Case(equation: "bij,bjk->bik", shapes: [[3, 9, 17], [3, 17, 8]], types: [.complex64, .complex64]),
    Case(equation: "ij,kj->ik", shapes: [[12, 7], [5, 7]], types: [.complex128, .complex128]),
    Case(equation: "ij,jk->ik", shapes: [[17, 33], [33, 16]], types: [.float16, .float16]),
    Case(equation: "ij,jk->ik", shapes: [[8, 20], [20, 8]], types: [.bfloat16, .float32]),
    Case(equation: "ij,jk,kl->il", shapes: [[6, 7], [7, 8], [8, 9]], types: [.int32, .int32, .int32]),
    Case(equation: "ijk,i->kj", shapes: [[5, 6, 7], [5]], types: [.int8, .uint8]),
    Case(equation: "ij,jk->ik", shapes: [[9, 9], [9, 9]], types: [.uint64, .uint64]),
    Case(equation: "ij,jk->ik", shapes: [[15, 6], [6, 17]], types: [.bool, .bool]),
    Case(equation: "iij->j", shapes: [[13, 13, 4]], types: [.float32]),
    Case(equation: "ijk->kji", shapes: [[17, 3, 18]], types: [.int16]),
  ]

  /// What is wrong, in one line for each case that fails; empty if all is well.
  static func run() -> [String] {
    cases.compactMap { test -> String? in
      let types = test.types.map(\.rawValue).joined(separator: ", ")
      let name = "'\(test.equation)' of \(types)"
      do throws(EinsumError) {
        switch try verdict(test) {
        case .agrees: return nil
        case .unknown(let why): return "\(name): not checked, \(why)"
        case .differs(let how): return "\(name): \(how)"
        }
      } catch {
        return "\(name): \(error.message)"
      }
    }
  }

  private static func verdict(_ test: Case) throws(EinsumError) -> Verdict {
    let operands = zip(test.types, test.shapes).map { OperandType($0, Layout(shape: $1)) }
    let request = CompileRequest(equation: try Equation(parsing: test.equation), operands: operands)
    let trial = try Trial(KernelCache.shared.kernel(for: request))
    try trial.run()
    return try trial.check()
  }
}
