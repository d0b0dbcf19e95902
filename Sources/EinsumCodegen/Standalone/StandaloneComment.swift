import EinsumIR
import EinsumSyntax

/// The comment at the head of a standalone file: what it computes, from what, how, and how to compile it.
enum StandaloneComment {
  /// The whole comment.
  static func text(for kernel: StandaloneKernel) -> String {
    var lines = tensors(kernel)
    if let plan = kernel.plans.first {
      lines.append("")
      for step in plan.steps { lines += nest(step, plan, kernel) }
      lines += ["", cost(plan, kernel)]
    }
    if kernel.takesWorkspace {
      lines.append(
        "The caller gives \(kernel.workspaceCall) bytes of workspace, with any alignment.")
    }
    lines.append(
      "cc \(kernel.compilerFlags) \(kernel.hasMain ? "\(kernel.name).c -o \(kernel.name)" : "-c \(kernel.name).c")"
    )
    return comment(lines)
  }

  /// What it computes, and from what: for the header.
  static func summary(for kernel: StandaloneKernel) -> String { comment(tensors(kernel)).trimmingLastNewline }

  private static func comment(_ lines: [String]) -> String {
    let body = lines.enumerated().map { number, line in
      number == 0 ? "/* " + line : line.isEmpty ? " *" : " * " + line
    }
    return body.joined(separator: "\n") + "\n */\n"
  }

  // MARK: Tensors

  private static func tensors(_ kernel: StandaloneKernel) -> [String] {
    let types = kernel.operands.map(\.elementType)
    let isUniform = Set(types + [kernel.analysis.outputType]).count == 1
    let analysis = kernel.dynamic?.analysis ?? kernel.analysis
    let contraction = analysis.contraction
    let sizes = contraction.indices.indices
      .map {
        " \(CIdentifier.harmless(contraction.names([$0])))=\(kernel.spelled(contraction.indices[$0].extent))"
      }.joined()
    let type = isUniform ? kernel.analysis.outputType.rawValue : "mixed types"
    var lines = ["\(CIdentifier.harmless(kernel.expression))   \(type)  \(sizes)", ""]
    for (name, operand) in zip(kernel.operandNames, kernel.dynamic?.operands ?? kernel.operands) {
      lines.append(
        tensor(name, operand.elementType, operand.layout, isUniform, kernel)
          + (operand.isConjugated ? "   conjugated" : ""))
    }
    lines.append(tensor("out", analysis.outputType, analysis.outputLayout, isUniform, kernel))
    return lines
  }

  private static func tensor(
    _ name: String, _ type: ElementType, _ layout: Layout, _ isUniform: Bool, _ kernel: StandaloneKernel
  ) -> String {
    let shape = layout.shape.map { "[\(kernel.spelled($0))]" }.joined()
    var text = "  \(padded(name, 4)) \(padded(shape.isEmpty ? "scalar" : shape, 20))"
    if !layout.isRowMajor { text += " strides " + layout.strides.map(String.init).joined(separator: " ") }
    if !isUniform { text += " " + type.rawValue }
    if let storage = storage(type) { text += " \(storage)" }
    return kernel.dynamic != nil
      ? text : text + "  " + bytes(Double(layout.elementCount ?? 0) * Double(type.size))
  }

  /// What C does not say about a type.
  private static func storage(_ type: ElementType) -> String? {
    switch type {
    case .float16, .bfloat16: "(bits of \(type.rawValue))"
    case .bool: "(0 or 1)"
    default: nil
    }
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private static func bytes(_ count: Double) -> String {
    let units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
    var value = count
    var unit = 0
    while value >= 1024 && unit + 1 < units.count {
      value /= 1024
      unit += 1
    }
    return "\(rounded(value)) \(units[unit])"
  }

  /// A number with one digit behind the point, if that is not 0.
  private static func rounded(_ value: Double) -> String {
    let tenths = (value * 10).rounded()
    guard let whole = Int(exactly: (tenths / 10).rounded(.down)), tenths < 1e15 else { return "\(value)" }
    let digit = Int(tenths) - whole * 10
    return digit == 0 ? "\(whole)" : "\(whole).\(digit)"
  }

  // MARK: Steps

  /// A step's formula and loops.
  private static func nest(_ step: Step, _ plan: Plan, _ kernel: StandaloneKernel) -> [String] {
    let first = formula(of: step, plan, kernel)
    if case .portable = kernel.dialect {
      return [first] + loops(PlainStep.order(of: step), step.contraction, kernel)
    }
    switch step.schedule {
    case .map(let schedule):
      let notes = notes(vectors: schedule.columns, shared: schedule.shared, step.contraction)
      return [first] + loops(schedule.order, step.contraction, kernel, notes)
    case .batched(let schedule):
      let vectors =
        switch schedule.kernel {
        case .columns: schedule.n
        case .lanes: schedule.batch
        case .dots: schedule.k
        }
      var notes = notes(vectors: vectors, shared: schedule.shared, step.contraction)
      let order = schedule.outer + [schedule.batch, schedule.m, schedule.n, schedule.k].compactMap(\.self)
      if let last = order.last, !schedule.copied.isEmpty {
        let rows = name(step.inputs[schedule.rowOperand], plan, kernel)
        let columns = name(step.inputs[1 - schedule.rowOperand], plan, kernel)
        let copied = [
          (PairTensor.rows, rows), (.columns, columns), (.output, name(step.output, plan, kernel)),
        ]
        .filter { schedule.copied.contains($0.0) }.map(\.1)
        notes[last, default: []].append("\(copied.joined(separator: ", ")) by way of the workspace")
      }
      return [first] + loops(order, step.contraction, kernel, notes)
    case .tiled(let schedule):
      let names = step.inputs.map { name($0, plan, kernel) }
      return [first]
        + tiled(
          schedule, step.contraction, names[schedule.rowOperand], names[1 - schedule.rowOperand], kernel)
    }
  }

  private static func name(_ tensor: Int, _ plan: Plan, _ kernel: StandaloneKernel) -> String {
    switch plan.tensors[tensor].place {
    case .operand(let number): kernel.operandNames[number]
    case .output: "out"
    case .workspace: "t\(tensor)"
    }
  }

  /// What a step computes, as a formula. Indices are in the order of memory, so that those of an operand in C order are
  /// as in the expression.
  static func formula(of step: Step, _ plan: Plan, _ kernel: StandaloneKernel) -> String {
    let contraction = step.contraction
    func indexed(_ tensor: Int, _ access: TensorAccess) -> String {
      let name = name(tensor, plan, kernel)
      let places = access.indices.indices.sorted {
        (access.strides[$1].magnitude, $0) < (access.strides[$0].magnitude, $1)
      }
      let indices = places.map { access.indices[$0] }
      return indices.isEmpty ? name : "\(name)[\(labels(indices, contraction))]"
    }
    let terms = zip(step.inputs, contraction.operands).map(indexed)
    let sums = contraction.summed.isEmpty ? "" : "sum over \(labels(contraction.summed, contraction)) of "
    let value =
      switch step.operation {
      case .zero: "0"
      case .convert: "\(terms[0]), converted"
      case .conjugate: "conjugate of \(terms[0])"
      case .sum, .contract: sums + terms.joined(separator: " * ")
      }
    return "\(indexed(step.output, contraction.output)) = \(value)"
  }

  private static func labels(_ positions: [Int], _ contraction: Contraction) -> String {
    CIdentifier.harmless(contraction.names(positions))
  }

  /// What the loop nest says of the index that vectors run along, and of the one that threads share.
  private static func notes(vectors: Int?, shared: Int?, _ contraction: Contraction) -> [Int: [String]] {
    var notes: [Int: [String]] = [:]
    if let shared { notes[shared, default: []].append("shared among threads") }
    if let vectors { notes[vectors, default: []].append("vectors") }
    return notes
  }

  private static func loops(
    _ order: [Int], _ contraction: Contraction, _ kernel: StandaloneKernel, _ notes: [Int: [String]] = [:]
  ) -> [String] {
    let known = Set(kernel.analysis.contraction.indices.map(\.label.name))
    return order.enumerated().map { depth, index in
      let label = contraction.names([index])
      let line =
        String(repeating: "  ", count: depth + 1)
        + "\(CIdentifier.harmless(label)) in 0..<\(kernel.spelled(contraction.indices[index].extent))"
      let parts = label.map(String.init)
      let isFolded = !known.contains(label)
      let folding =
        parts.allSatisfy(known.contains)
        ? CIdentifier.harmless(parts.joined(separator: " and ")) + " folded" : "folded"
      let remarks = (isFolded ? [folding] : []) + notes[index, default: []]
      return remarks.isEmpty ? line : "\(padded(line, 30))  \(remarks.joined(separator: "; "))"
    }
  }

  private static func tiled(
    _ schedule: TiledSchedule, _ contraction: Contraction, _ rows: String, _ columns: String,
    _ kernel: StandaloneKernel
  ) -> [String] {
    func line(_ index: Int, _ note: String = "") -> String {
      "\(labels([index], contraction)) in 0..<\(kernel.spelled(contraction.indices[index].extent))\(note)"
    }
    var lines = (schedule.batch + schedule.outer).map { line($0) }
    if let across = schedule.across { lines.append(line(across.index, " by \(across.block)")) }
    func block(_ group: PairGroup, _ size: Int, _ note: String) {
      let members = schedule.indices(of: group)
      let extent = schedule.extent(of: group, in: contraction)
      let name = members.isEmpty ? "one \(group.rawValue)" : labels(members, contraction)
      lines.append("\(name) in 0..<\(kernel.spelled(extent))" + (size < extent ? " by \(size)" : "") + note)
    }
    block(.n, schedule.blocking.nc, "")
    block(.k, schedule.blocking.kc, schedule.readsColumnsInPlace ? "" : "   a block of \(columns) is packed")
    block(.m, schedule.blocking.mc, schedule.readsRowsInPlace ? "" : "   a block of \(rows) is packed")
    lines.append("tiles of \(schedule.tile.mr) x \(schedule.tile.nr) in registers")
    return lines.enumerated().map { String(repeating: "  ", count: $0 + 1) + $1 }
  }

  private static func cost(_ plan: Plan, _ kernel: StandaloneKernel) -> String {
    if let extents = kernel.dynamic?.extents.extents {
      return "Any sizes: \(extents.map(\.name).joined(separator: ", ")); the loops suit large ones."
    }
    let workspace = kernel.workspaceSize
    let flop = Plan.count(plan.flopCount)
    return
      "\(flop) flop, \(rounded(plan.flopCount / max(plan.byteCount, 1))) per byte; workspace \(bytes(Double(workspace)))."
  }
}

extension StandaloneKernel {
  /// An extent as people read it: by name, if it is an argument.
  fileprivate func spelled(_ extent: Int) -> String { dynamic?.extents.spelled(extent) ?? "\(extent)" }
}

extension String {
  fileprivate var trimmingLastNewline: String { hasSuffix("\n") ? String(dropLast()) : self }
}
