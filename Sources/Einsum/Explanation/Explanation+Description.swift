import EinsumIR

extension Explanation: CustomStringConvertible {
  /// The whole explanation for people: the problem, its cost, every step with its loops and reasons, and the notes.
  public var description: String {
    var sections = [
      TextForm.stage("equation", ["\(expr)   \(dtype)"]), TextForm.stage("machine", machineLines),
      TextForm.stage("indices", [indexLine]), TextForm.stage("tensors", tensorLines),
      TextForm.stage("cost", costLines), TextForm.stage("predicted", predictionLines),
    ]
    for (number, step) in steps.enumerated() {
      sections.append("\n" + TextForm.stage("step \(number + 1)", lines(of: step)))
      if !step.loops.isEmpty {
        sections.append(TextForm.stage("loops", ["with what one pass touches, and the cache that holds it"]))
        sections.append(contentsOf: Self.lines(of: step.loops))
      }
      sections.append(TextForm.stage("why", Self.wrapped(step.reason)))
    }
    if !notes.isEmpty {
      let lines = notes.flatMap { note in
        Self.wrapped(note.text).enumerated().map { ($0 == 0 ? "- " : "  ") + $1 }
      }
      sections.append("\n" + TextForm.stage("notes", lines))
    }
    return sections.joined(separator: "\n")
  }

  private var machineLines: [String] {
    let caches =
      "L1 \(Quantity.bytes(Double(machine.l1Bytes))), L2 \(Quantity.bytes(Double(machine.l2Bytes))), "
      + "L3 \(Quantity.bytes(Double(machine.l3Bytes)))"
    let rates =
      "\(Quantity.decimal(limits.fmaF32Gflops)) GFLOP/s f32, \(Quantity.decimal(limits.fmaF64Gflops)) f64, "
      + "reads \(Quantity.decimal(limits.readGbPerS)) GB/s, writes \(Quantity.decimal(limits.writeGbPerS)) GB/s"
    return [
      "\(machine.isa), \(caches)", "\(limits.origin): \(rates)",
    ]
  }

  private var indexLine: String {
    let texts = indices.map { "\($0.label)=\($0.extent)" + ($0.isSummed ? " summed" : "") }
    return texts.isEmpty ? "none" : texts.joined(separator: "  ")
  }

  private var tensorLines: [String] {
    let tensors = operands + [output]
    let names = tensors.map { $0.name + ($0.term.isEmpty ? "" : "  \($0.term)") }
    let width = names.map(\.count).max() ?? 0
    return zip(tensors, names).map { tensor, name in
      let shape = tensor.shape.isEmpty ? "scalar" : tensor.shape.map(String.init).joined(separator: "x")
      let strides =
        tensor.strides.isEmpty
        ? "" : ", strides \(tensor.strides.map(String.init).joined(separator: " "))"
      let padding = String(repeating: " ", count: width - name.count)
      return "\(name)\(padding)   \(tensor.dtype) \(shape), \(Quantity.bytes(tensor.bytes))\(strides)"
    }
  }

  private var costLines: [String] {
    [
      "\(Quantity.count(flop)) flop, \(Quantity.bytes(bytes)): \(Quantity.decimal(intensity)) flop per byte; "
        + "workspace \(Quantity.bytes(Double(workspaceBytes)))"
    ]
  }

  private var predictionLines: [String] {
    var lines = [Self.text(of: prediction, bytes: bytes)]
    if let measurement {
      let share = Quantity.decimal(measurement.minSeconds / prediction.seconds)
      lines.append(
        "measured \(Quantity.seconds(measurement.minSeconds)), \(Quantity.decimal(measurement.gflops)) GFLOP/s, "
          + "\(Quantity.decimal(measurement.gbPerS)) GB/s: \(share) of the predicted time; median "
          + "\(Quantity.seconds(measurement.medianSeconds)) of \(measurement.calls) calls")
    }
    return lines
  }

  /// `0.52 ms, 128 GFLOP/s, 89 % of the peak of 143; bound by arithmetic`.
  static func text(of prediction: Prediction, bytes: Double) -> String {
    let rate =
      prediction.gflops > 0
      ? "\(Quantity.decimal(prediction.gflops)) GFLOP/s, \(Quantity.percent(prediction.share)) of the peak of "
        + Quantity.decimal(prediction.peakGflops)
      : "\(Quantity.decimal(bytes / prediction.seconds * 1e-9)) GB/s"
    return "\(Quantity.seconds(prediction.seconds)), \(rate); \(prediction.bound.title)"
  }

  // MARK: Steps

  private func lines(of step: Step) -> [String] {
    var lines = ["\(step.formula(times: " * "))   \(step.kind)"]
    let groups = [("batch", step.roles.batch), ("m", step.roles.m), ("n", step.roles.n), ("k", step.roles.k)]
      .filter { !$0.1.isEmpty }
      .map { name, group in
        "\(name) " + group.map { "\($0.label)=\($0.extent)" }.joined(separator: " ")
      }
    if !groups.isEmpty { lines.append(groups.joined(separator: "   ")) }
    lines.append(
      "\(Quantity.count(step.flop)) flop, \(Quantity.bytes(step.bytes)), "
        + "\(Quantity.decimal(step.intensity)) flop per byte; "
        + Self.text(of: step.prediction, bytes: step.bytes))
    lines.append(step.schedule.text)
    if let tile = step.schedule.tile {
      lines.append("sums in \(tile.accumulators) of \(tile.registers) vector registers")
    }
    for packed in step.schedule.packed {
      lines.append(
        "packs \(packed.tensor): \(Quantity.bytes(packed.bytes)), stays in \(packed.level.title) (\(packed.access.rawValue))"
      )
    }
    return lines
  }

  // MARK: Loops

  /// The loop nest as an indented tree; what passes touch stands in a column of its own.
  private static func lines(of statements: [Statement]) -> [String] {
    let rows = rows(of: statements, depth: 0)
    let width = rows.map { $0.touched.isEmpty ? 0 : $0.text.count }.max() ?? 0
    return rows.map { text, touched in
      let line = String(repeating: " ", count: 16) + text
      return touched.isEmpty ? line : line + String(repeating: " ", count: width - text.count + 3) + touched
    }
  }

  private static func rows(of statements: [Statement], depth: Int) -> [(text: String, touched: String)] {
    let indent = String(repeating: "  ", count: depth)
    return statements.flatMap { statement -> [(text: String, touched: String)] in
      switch statement {
      case .loop(let loop): [(indent + loop.title, loop.touched)] + rows(of: loop.body, depth: depth + 1)
      case .kernel(let call): [(indent + call.text, "")]
      case .table(let table): [(indent + table.title, "")]
      case .barrier: [(indent + "wait for all threads", "")]
      }
    }
  }

  /// A text in lines of at most 96 characters, broken between words.
  private static func wrapped(_ text: String) -> [String] {
    var lines = [""]
    for word in text.split(separator: " ") {
      if lines[lines.count - 1].isEmpty {
        lines[lines.count - 1] += word
      } else if lines[lines.count - 1].count + 1 + word.count <= 96 {
        lines[lines.count - 1] += " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}

extension Explanation.Loop {
  /// `for k in 0..<1024 by 512`.
  package var title: String {
    "for \(label) in 0..<\(Quantity.decimal(extent.rounded(), digits: 15))" + (step == 1 ? "" : " by \(step)")
      + (isShared ? ", shared among threads" : "")
  }

  /// What one pass touches: `1.2 MiB, L3`.
  package var touched: String { "\(Quantity.bytes(workingSetBytes)), \(level.title)" }
}

extension Explanation.Table {
  /// `fill offsets5: 16 offsets, 128 B`.
  package var title: String { "fill \(name): \(Quantity.count(entries)) offsets, \(Quantity.bytes(bytes))" }
}

extension Explanation.Step {
  /// `%3 = %0 * %1`.
  ///
  /// - Parameter sign: what stands between the factors.
  package func formula(times sign: String) -> String {
    let factors = inputs.joined(separator: sign)
    let value =
      switch operation {
      case "zero": "0"
      case "convert", "conjugate": "\(operation)(\(factors))"
      default: factors
      }
    return "\(output) = \(value)"
  }
}

extension Explanation.Bound {
  /// In people's words.
  package var title: String {
    switch self {
    case .arithmetic: "bound by arithmetic"
    case .memory: "bound by memory"
    case .overhead: "bound by loads, stores and calls"
    }
  }
}

extension Limits {
  /// Where they come from.
  package var origin: String { isMeasured ? "measured" : "assumed, not measured" }
}

extension Explanation.CacheLevel {
  /// As people write it.
  package var title: String {
    switch self {
    case .l1: "L1"
    case .l2: "L2"
    case .l3: "L3"
    case .memory: "memory"
    }
  }
}
