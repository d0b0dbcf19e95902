package import EinsumIR

/// The kinds of C that standalone files are written in.
package enum StandaloneDialect: Hashable, Sendable {
  /// GNU vector types, for gcc and clang, for each of these instruction sets; with several, the CPU decides at run
  /// time.
  case vector([StandaloneVariant])
  /// C99 without any extension, in plain loops that compilers vectorise.
  case portable(Plan)
}

/// A compilation for one instruction set.
package struct StandaloneVariant: Hashable, Sendable {
  package var plan: Plan
  package var program: LoopProgram

  package init(plan: Plan) {
    self.plan = plan
    program = lower(plan)
  }
}

/// All that a standalone file is made from.
package struct StandaloneKernel: Hashable, Sendable {
  /// The function's name, which ``CIdentifier`` has no objection to.
  package var name: String
  /// The equation's text, for comments.
  package var expression: String
  package var operands: [OperandType]
  package var analysis: Analysis
  package var dialect: StandaloneDialect
  /// Flags for the compiler that suit the target, for the comment.
  package var compilerFlags: String
  /// Whether the function allocates its workspace itself.
  package var allocates: Bool
  /// Whether the file is a program that checks and times itself.
  package var hasMain: Bool

  package init(
    name: String, expression: String, operands: [OperandType], analysis: Analysis, dialect: StandaloneDialect,
    compilerFlags: String, allocates: Bool, hasMain: Bool
  ) {
    self.name = name
    self.expression = expression
    self.operands = operands
    self.analysis = analysis
    self.dialect = dialect
    self.compilerFlags = compilerFlags
    self.allocates = allocates
    self.hasMain = hasMain
  }
}

extension StandaloneKernel {
  /// The plans, one for each instruction set.
  var plans: [Plan] {
    switch dialect {
    case .vector(let variants): variants.map(\.plan)
    case .portable(let plan): [plan]
    }
  }

  /// The bytes that a call needs beside operands and output.
  package var workspaceSize: Int {
    switch dialect {
    case .vector(let variants): variants.map(\.plan.workspaceSize).max() ?? 0
    case .portable(let plan): PlainBody.workspaceSize(of: plan)
    }
  }

  /// The operands' names: `a`, `b`, ..., or `a0`, `a1`, ... if there are many.
  var operandNames: [String] {
    operands.indices.map { operand in
      operands.count <= 14 ? String(UnicodeScalar(UInt8(ascii: "a") + UInt8(operand))) : "a\(operand)"
    }
  }

  /// Whether the function has the workspace as its last parameter.
  var takesWorkspace: Bool { workspaceSize > 0 && !allocates }

  /// The function's parameters but the workspace.
  var parameters: [CDeclaration] {
    zip(operandNames, operands).map {
      CDeclaration(type: "const \(CType.name(of: $1.elementType)) *restrict", name: $0)
    } + [CDeclaration(type: "\(CType.name(of: analysis.outputType)) *restrict", name: "out")]
  }

  static let workspaceParameter = CDeclaration(type: "void *restrict", name: "workspace")

  /// The function's head as the header declares it.
  var head: String {
    let all = parameters + (takesWorkspace ? [Self.workspaceParameter] : [])
    return "\(allocates ? "int" : "void") \(name)(\(all.map { CWriter.text($0) }.joined(separator: ", ")))"
  }

  /// The definitions of the structs in the function's head, guarded as several files may have them.
  var structures: [String] {
    CType.structures(usedBy: operands.map(\.elementType) + [analysis.outputType]).map(Self.guarded)
  }

  static func guarded(_ structure: String) -> String {
    guard let name = structure.split(separator: " ").last?.dropLast() else { return structure }
    let macro = name.uppercased() + "_DEFINED"
    return "#ifndef \(macro)\n#define \(macro)\n\(structure)\n#endif"
  }
}
