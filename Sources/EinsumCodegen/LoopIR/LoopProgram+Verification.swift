import EinsumIR

extension LoopProgram {
  /// What is wrong with this program: empty if every access of every operand, output and workspace area is in bounds.
  ///
  /// Proved are: workspace areas fill the workspace, tables match their areas, loops are used only inside themselves,
  /// kernel calls have the dimensions of their kind with equal lengths on all sides, and the exact range of every access
  /// lies in the span of its buffer. Beyond bounds, each step touches exactly what its tensors reach, and reads of the
  /// workspace exactly what was written; so that a wrong stride or extent shows even where it stays inside.
  package func verify() -> [String] {
    var verifier = ProgramVerifier(program: self, bounds: BoundsAnalysis(program: self))
    return verifier.verify() + verifyCoverage() + verifyConsistency() + verifySharing()
  }
}

private struct ProgramVerifier {
  let program: LoopProgram
  let bounds: BoundsAnalysis
  var violations: [String] = []
  /// The loops around the statement at hand.
  var open: [LoopID] = []

  mutating func verify() -> [String] {
    for buffer in program.buffers { verify(buffer) }
    for loop in program.loops where loop.step < 1 {
      violations.append("loop \(loop.name) has step \(loop.step)")
    }
    for step in program.steps { verify(step.body) }
    verifyWorkspace()
    return violations
  }

  /// The workspace is as large as its areas, rounded up, and no larger.
  private mutating func verifyWorkspace() {
    let ends = program.buffers.map { buffer in
      if buffer.span.isEmpty { return 0 }
      let end = WorkspaceAlignment.rounded(buffer.span.upperBound * buffer.elementSize)
      return switch buffer.storage {
      case .workspace(let start): start + end
      case .threadWorkspace(let start, let stride): start + (program.threads - 1) * stride + end
      case .operand, .output: 0
      }
    }
    let end = ends.max() ?? 0
    if end != program.workspaceSize {
      violations.append("the workspace has \(program.workspaceSize) bytes, but its areas take \(end)")
    }
  }

  private mutating func verify(_ buffer: ProgramBuffer) {
    switch buffer.storage {
    case .operand(let number):
      if number >= program.operandCount { violations.append("\(buffer.name) is operand \(number)") }
    case .output: break
    case .workspace(let start), .threadWorkspace(let start, _):
      if start < 0 || buffer.span.lowerBound < 0 {
        violations.append("\(buffer.name) begins before the workspace")
      }
      if start % WorkspaceAlignment.bytes != 0 { violations.append("\(buffer.name) is not aligned") }
    }
    if case .threadWorkspace(_, let stride) = buffer.storage {
      let size = buffer.span.upperBound * buffer.elementSize
      if program.threads > 1 && stride < size || stride % WorkspaceAlignment.bytes != 0 {
        violations.append("\(buffer.name) of two threads overlap")
      }
    }
    if case .offsets(let table) = buffer.content, buffer.span != 0..<table.count {
      violations.append("\(buffer.name) has \(table.count) entries in \(buffer.span)")
    }
  }

  private mutating func verify(_ statements: [Statement]) {
    for statement in statements {
      switch statement {
      case .loop(let loop, let body):
        if case .block(let parent) = program[loop].range, !open.contains(parent) {
          violations.append("loop \(program[loop].name) is outside its parent")
        }
        if open.contains(loop) { violations.append("loop \(program[loop].name) is inside itself") }
        open.append(loop)
        verify(body)
        open.removeLast()
      case .fillTable(let buffer):
        guard case .offsets = program[buffer].content else {
          violations.append("\(program[buffer].name) is not a table")
          continue
        }
      case .barrier: break
      case .call(let call): verify(call)
      }
    }
  }

  private mutating func verify(_ call: KernelCall) {
    let symbol = call.spec.symbol
    if let problem = call.shapeViolation { violations.append("\(symbol): \(problem)") }
    if let problem = capacityViolation(of: call) { violations.append("\(symbol): \(problem)") }
    for loop in call.accumulatesAfterFirst where !open.contains(loop) {
      violations.append("\(symbol): accumulates over a loop it is not in")
    }
    for access in call.accesses {
      for problem in violations(of: access) { violations.append("\(symbol): \(problem)") }
    }
  }

  /// Why a register tile or a panel is too small for the blocks that the call gives it, or nil if none is.
  private func capacityViolation(of call: KernelCall) -> String? {
    switch call.spec.kind {
    case .tileInPlace where call.inputs.contains { $0.dimensions.last?.walk != .stride(1) }:
      return "rows are not contiguous"
    case .tileInPlace(let tile, _) where call.readsColumnsInPlace && !hasWholeColumns(call, tile):
      return "columns in place are not whole tiles"
    case .tileHalves where call.inputs.first?.dimensions.last?.walk != .stride(1):
      return "rows are not contiguous"
    case .tileHalves(let tile, _):
      if call.spec.elementType.isHalf && !call.accumulatesAfterFirst.isEmpty {
        return "a sum is rounded more than once"
      }
      let columns = call.output.dimensions.last.map { longest($0.length) } ?? 0
      return columns <= tile.nr ? nil : "\(columns) columns exceed the tile"
    case .tile(let tile, _), .tileInPlace(let tile, _), .tilePairs(let tile, _):
      let block = call.output.dimensions.map { longest($0.length) }
      return block.count == 2 && block[0] <= tile.mr && block[1] <= tile.nr
        ? nil : "a block of \(block) exceeds the tile"
    case .pack(let width, _), .packPairs(let width, _):
      let rows = call.inputs.first?.dimensions.first.map { longest($0.length) } ?? 0
      return rows <= width ? nil : "a block of \(rows) exceeds the panel"
    case .packPanels(let width):
      let rows = call.inputs.first?.dimensions.first.map { longest($0.length) } ?? 0
      let panels = call.output.dimensions.first.map { longest($0.length) } ?? 0
      return rows <= panels * width ? nil : "a block of \(rows) exceeds the panels"
    case .packAcross:
      let rows = call.inputs.first?.dimensions.dropFirst().first.map { longest($0.length) } ?? 0
      let width = call.output.dimensions.last.map { longest($0.length) } ?? 0
      return rows <= width ? nil : "a block of \(rows) exceeds the panel"
    case .lanes:
      let isContiguous = call.accesses.allSatisfy { $0.dimensions.first?.walk == .stride(1) }
      return isContiguous ? nil : "products are not contiguous"
    case .columns:
      let contiguous = [call.output] + call.inputs.dropFirst()
      return contiguous.allSatisfy { $0.dimensions.last?.walk == .stride(1) }
        ? nil : "columns are not contiguous"
    case .dots:
      let sums = zip(call.inputs, [2, 1]).map { $0.dimensions[$1].walk }
      return sums.allSatisfy { $0 == .stride(1) } ? nil : "sums are not contiguous"
    case .widenedProduct where call.spec.elementType.isHalf: return roundingViolation(of: call)
    case .sum, .product, .tripleProduct, .widenedSum, .widenedProduct, .copy, .zero, .convert, .conjugate:
      return nil
    }
  }

  /// Whether each tile of a call has all of its columns: one that reads them in place reads as many.
  private func hasWholeColumns(_ call: KernelCall, _ tile: Tile) -> Bool {
    guard case .block(let loop)? = call.output.dimensions.last?.length else { return false }
    return call.inputs.last?.dimensions.last?.length == .block(loop) && program[loop].step == tile.nr
      && program.hasEqualBlocks(loop)
  }

  /// Why products that are rounded as they are written would be added to, or nil if none is.
  private func roundingViolation(of call: KernelCall) -> String? {
    let isSum = call.output.dimensions.contains { $0.walk == .stride(0) && longest($0.length) > 1 }
    return isSum || !call.accumulatesAfterFirst.isEmpty ? "a sum is rounded more than once" : nil
  }

  private func longest(_ length: Length) -> Int {
    switch length {
    case .constant(let count): count
    case .block(let loop):
      switch program[loop].range {
      case .whole(let extent): min(extent, program[loop].step)
      case .block: program[loop].step
      }
    case .blocks(let loop):
      switch program[loop].range {
      case .whole(let extent): program[loop].blockCount(of: extent)
      case .block(let parent): program[loop].blockCount(of: longest(.block(parent)))
      }
    }
  }

  private func violations(of access: Access) -> [String] {
    let buffer = program[access.buffer]
    var result: [String] = []
    for loop in loops(of: access) where !open.contains(loop) {
      result.append("\(buffer.name) depends on loop \(program[loop].name), which is not round it")
    }
    for dimension in access.dimensions {
      guard case .table(let table, let position) = dimension.walk else { continue }
      guard case .offsets = program[table].content else { return ["\(program[table].name) is not a table"] }
      let span = program[table].span
      if let positions = bounds.positions(from: position, length: dimension.length),
        positions.lowerBound < span.lowerBound || positions.upperBound >= span.upperBound
      {
        result.append("\(program[table].name) is read at \(positions) of \(span)")
      }
    }
    if let reach = bounds.reach(of: access),
      reach.lowerBound < buffer.span.lowerBound || reach.upperBound >= buffer.span.upperBound
    {
      result.append("\(buffer.name) is touched at \(reach) of \(buffer.span)")
    }
    return result
  }

  private func loops(of access: Access) -> [LoopID] {
    var result = access.start.terms.map(\.loop)
    for dimension in access.dimensions {
      if case .block(let loop) = dimension.length { result.append(loop) }
      if case .blocks(let loop) = dimension.length, case .block(let parent) = program[loop].range {
        result.append(parent)
      }
      if case .table(_, let position) = dimension.walk { result += position.terms.map(\.loop) }
    }
    return result
  }
}

extension KernelCall {
  /// Why the accesses do not fit the kernel's signature, or nil if they do.
  fileprivate var shapeViolation: String? {
    let lengths = { (access: Access) in access.dimensions.map(\.length) }
    let out = lengths(output)
    let dimensions = [.packAcross, .columns, .lanes, .dots].contains(spec.kind) ? 3 : 2
    let isPackOfPanels = if case .packPanels = spec.kind { true } else { false }
    guard out.count == (isPackOfPanels ? 3 : dimensions),
      inputs.allSatisfy({ $0.dimensions.count == dimensions })
    else { return "an access has not \(dimensions) dimensions" }
    let components = spec.elementType.componentCount
    switch spec.kind {
    case .tile(let tile, _), .tilePairs(let tile, _):
      guard inputs.count == 2 else { return "a tile needs two panels" }
      let (a, b) = (lengths(inputs[0]), lengths(inputs[1]))
      let isPanels = a[1] == .constant(tile.mr * components) && b[1] == .constant(tile.nr * components)
      return isPanels && a[0] == b[0] ? nil : "the panels do not fit the tile"
    case .tileInPlace(let tile, _), .tileHalves(let tile, _):
      guard inputs.count == 2 else { return "a tile needs rows and a panel" }
      let (a, b) = (lengths(inputs[0]), lengths(inputs[1]))
      return a == [out[0], b[0]] && (b[1] == .constant(tile.nr) || readsColumnsInPlace)
        ? nil : "the rows or the panel do not fit the tile"
    case .pack(let width, _), .packPairs(let width, _):
      guard inputs.count == 1 else { return "a pack needs one source" }
      let isPanel = out[1] == .constant(width * components) && lengths(inputs[0])[1] == out[0]
      return isPanel ? nil : "the panel does not fit the source"
    case .packPanels(let width):
      guard inputs.count == 1, inputs[0].dimensions[0].walk == .stride(1),
        output.dimensions.dropFirst().map(\.walk) == [.stride(width), .stride(1)]
      else { return "a pack of panels needs one source that is contiguous, and whole panels" }
      return out.dropFirst() == [lengths(inputs[0])[1], .constant(width)]
        ? nil : "the panels do not fit the source"
    case .packAcross:
      guard inputs.count == 1, inputs[0].dimensions[0].walk == .stride(1),
        output.dimensions[2].walk == .stride(1)
      else { return "a pack across needs one source and panels that are contiguous" }
      let source = lengths(inputs[0])
      return source[0] == out[0] && source[2] == out[1] ? nil : "the panels do not fit the source"
    case .columns, .lanes, .dots:
      guard inputs.count == 2 else { return "a product needs two operands" }
      let k = lengths(inputs[0])[2]
      return lengths(inputs[0]) == [out[0], out[1], k] && lengths(inputs[1]) == [out[0], k, out[2]]
        ? nil : "lengths differ"
    case .zero: return inputs.isEmpty ? nil : "zero reads nothing"
    case .sum, .widenedSum, .copy, .convert, .conjugate:
      return inputs.map(lengths) == [out] ? nil : "lengths differ"
    case .product, .widenedProduct: return inputs.map(lengths) == [out, out] ? nil : "lengths differ"
    case .tripleProduct: return inputs.map(lengths) == [out, out, out] ? nil : "lengths differ"
    }
  }
}
