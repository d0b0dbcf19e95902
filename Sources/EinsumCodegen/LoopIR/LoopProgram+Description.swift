import EinsumIR

extension LoopProgram: CustomStringConvertible {
  /// The stable text form: buffers with what may be touched of them, then each step's loops.
  ///
  ///     loops         workspace 98304 B
  ///                   a0 f32 operand 0 [0, 4096)
  ///                   ...
  ///                   %2 = contract %0 %1   batch -  m i  n l  k j   gemm 14x32  mc 336 kc 512 nc 768
  ///                     for i3 in 0..<1024 step 512
  ///                       ...
  package var description: String {
    var lines = ["workspace \(workspaceSize) B" + (threads > 1 ? "  threads \(threads)" : "")]
    lines += buffers.map(text)
    for step in steps {
      lines.append(step.comment)
      lines += self.lines(step.body, depth: 1)
    }
    return TextForm.stage("loops", lines)
  }

  private func text(_ buffer: ProgramBuffer) -> String {
    let place =
      switch buffer.storage {
      case .operand(let number): "operand \(number)"
      case .output: "output"
      case .workspace(let offset): "workspace at \(offset)"
      case .threadWorkspace(let offset, let stride): "workspace at \(offset) + \(stride) * thread"
      }
    let span = "[\(buffer.span.lowerBound), \(buffer.span.upperBound))"
    switch buffer.content {
    case .elements(let type): return "\(buffer.name) \(type.code) \(place) \(span)"
    case .offsets(let table):
      let digits = table.digits.map { "\($0.extent)*\($0.stride)" }.joined(separator: " ")
      return "\(buffer.name) offsets \(digits) \(place) \(span)"
    }
  }

  private func lines(_ statements: [Statement], depth: Int) -> [String] {
    let indent = String(repeating: "  ", count: depth)
    return statements.flatMap { statement -> [String] in
      switch statement {
      case .loop(let loop, let body):
        [indent + (self[loop].isShared ? "share " : "for ") + text(self[loop])]
          + lines(body, depth: depth + 1)
      case .fillTable(let table): [indent + "fill \(self[table].name)"]
      case .barrier: [indent + "barrier"]
      case .call(let call): [indent + text(call)]
      }
    }
  }

  private func text(_ loop: Loop) -> String {
    let end =
      switch loop.range {
      case .whole(let extent): "\(extent)"
      case .block(let parent): "\(self[parent].name).length"
      }
    return "\(loop.name) in 0..<\(end)" + (loop.step == 1 ? "" : " step \(loop.step)")
  }

  private func text(_ call: KernelCall) -> String {
    var text = "\(call.spec.symbol) \(self.text(call.output)) <-"
    for input in call.inputs { text += " " + self.text(input) }
    if !call.accumulatesAfterFirst.isEmpty {
      text += " accumulate after " + call.accumulatesAfterFirst.map { self[$0].name }.joined(separator: " ")
    }
    return text
  }

  private func text(_ access: Access) -> String {
    let dimensions = access.dimensions.map { dimension in
      let length =
        switch dimension.length {
        case .constant(let count): "\(count)"
        case .block(let loop): "\(self[loop].name).length"
        case .blocks(let loop): "\(self[loop].name).blocks"
        }
      switch dimension.walk {
      case .stride(let stride): return "\(length)*\(stride)"
      case .table(let table, let position): return "\(length)*\(self[table].name)[\(text(position))]"
      }
    }
    return "\(self[access.buffer].name)[\(text(access.start))](\(dimensions.joined(separator: ", ")))"
  }

  private func text(_ affine: Affine) -> String {
    let terms = affine.terms.map { term in
      let name = self[term.loop].name
      let value = term.countsBlocks ? "(\(name)/\(self[term.loop].step))" : name
      return term.coefficient == 1 ? value : "\(term.coefficient)*\(value)"
    }
    let constant = affine.constant == 0 && !terms.isEmpty ? [] : ["\(affine.constant)"]
    return (terms + constant).joined(separator: " + ")
  }
}
