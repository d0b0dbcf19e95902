package import EinsumIR

/// The kinds of C that standalone files are written in.
package enum StandaloneDialect: Hashable, Sendable {
  /// GNU vector types, for gcc and clang, for each of these instruction sets; with several, the CPU decides at run
  /// time.
  case vector([StandaloneVariant])
  /// C99 without any extension, in plain loops that compilers vectorise.
  ///
  /// If extents are arguments there is a plan for each of their samples, as in ``StandaloneVariant``.
  case portable(Plan, samples: [Plan] = [])
}

/// A compilation for one instruction set.
package struct StandaloneVariant: Hashable, Sendable {
  package var plan: Plan
  package var program: LoopProgram
  /// If extents are arguments: `plan` is that for their first sample, and these are for the others.
  package var samples: [Plan]

  package init(plan: Plan, samples: [Plan] = []) {
    self.plan = plan
    self.samples = samples
    program = lower(plan)
  }

  /// The programs of all samples.
  var programs: [LoopProgram] { [program] + samples.map { lower($0) } }
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
  /// The extents that are arguments of the function, if there are any.
  package var dynamic: Dynamic?

  /// Extents that are arguments, and what the file says in its comment in place of the problem for which it checks itself.
  package struct Dynamic: Hashable, Sendable {
    package var extents: DynamicExtents
    /// The operands and the analysis of the first sample.
    package var operands: [OperandType]
    package var analysis: Analysis
    /// The plan for the extents of the file's own check.
    package var hintedPlan: Plan

    package init(
      extents: DynamicExtents, operands: [OperandType], analysis: Analysis, hintedPlan: Plan
    ) {
      self.extents = extents
      self.operands = operands
      self.analysis = analysis
      self.hintedPlan = hintedPlan
    }
  }

  package init(
    name: String, expression: String, operands: [OperandType], analysis: Analysis, dialect: StandaloneDialect,
    compilerFlags: String, allocates: Bool, hasMain: Bool, dynamic: Dynamic? = nil
  ) {
    self.name = name
    self.expression = expression
    self.operands = operands
    self.analysis = analysis
    self.dialect =
      if case .portable(let plan, let samples) = dialect {
        .portable(
          plan.forPlainLoops(isDynamic: dynamic != nil),
          samples: samples.map { $0.forPlainLoops(isDynamic: true) })
      } else {
        dialect
      }
    self.compilerFlags = compilerFlags
    self.allocates = allocates
    self.hasMain = hasMain
    self.dynamic = dynamic
  }
}

extension StandaloneKernel {
  /// The plans, one for each instruction set.
  var plans: [Plan] {
    switch dialect {
    case .vector(let variants): variants.map(\.plan)
    case .portable(let plan, _): [plan]
    }
  }

  /// Whether threads have parts of the workspace of their own.
  var numbersThreads: Bool {
    guard case .vector(let variants) = dialect else { return false }
    return variants.contains { variant in
      variant.program.buffers.contains { buffer in
        if case .threadWorkspace = buffer.storage { variant.program.threads > 1 } else { false }
      }
    }
  }

  /// The plan for the extents that the file checks itself with.
  var hintedPlan: Plan? { dynamic?.hintedPlan ?? plans.first }

  /// The operands' names: `a`, `b`, ..., or `a0`, `a1`, ... if there are many.
  var operandNames: [String] {
    operands.indices.map { operand in
      operands.count <= 14 ? String(UnicodeScalar(UInt8(ascii: "a") + UInt8(operand))) : "a\(operand)"
    }
  }

  /// Whether the function has the workspace as its last parameter.
  var takesWorkspace: Bool { hasWorkspace && !allocates }

  /// The function's parameters but the workspace.
  var parameters: [CDeclaration] {
    (dynamic?.extents.parameters ?? []) + tensorParameters
  }

  private var tensorParameters: [CDeclaration] {
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
