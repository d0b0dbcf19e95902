import EinsumCodegen
import EinsumIR

/// Describes the loop nest of one step, from the loop program that became its C.
///
/// Everything comes from the program itself, so that it holds for any schedule: how often loops and calls run, which
/// line of the C they are on, and how much of each buffer a pass touches. Statements are explained in the order in which
/// they are printed, so that each takes the next line.
struct LoopNestExplainer {
  private let program: LoopProgram
  private let body: [EinsumCodegen.Statement]
  private let machine: Machine
  private let names: [BufferID: String]
  /// The lines of the statements that are not yet explained.
  private var lines: ArraySlice<Int>

  init(compilation: Compilation, step: Int, machine: Machine) {
    program = compilation.program
    body = program.steps[step].body
    self.machine = machine
    names = Self.names(compilation.plan, program, body)
    lines = CPrinter.statementLines(of: program)[step][...]
  }

  var statements: [Explanation.Statement] {
    mutating get { explain(body, calls: 1) }
  }

  private mutating func explain(
    _ statements: [EinsumCodegen.Statement], calls: Double
  ) -> [Explanation.Statement] {
    statements.map { statement in
      switch statement {
      case .loop(let loop, let body): .loop(explain(loop, body, calls))
      case .fillTable(let table): .table(explain(table))
      case .barrier: .barrier(.init(line: lines.removeFirst()))
      case .call(let call): .kernel(explain(call, calls))
      }
    }
  }

  private mutating func explain(
    _ id: LoopID, _ body: [EinsumCodegen.Statement], _ calls: Double
  ) -> Explanation.Loop {
    let loop = program[id]
    let trips = program.meanTrips(of: id)
    let line = lines.removeFirst()
    let bytes = workingSet(of: body)
    return Explanation.Loop(
      variable: loop.name, label: loop.label, extent: program.meanExtent(of: id), step: loop.step,
      trips: trips, isShared: loop.isShared, workingSetBytes: bytes,
      level: .init(holding: bytes, on: machine), line: line,
      body: explain(body, calls: calls * trips))
  }

  private mutating func explain(_ id: BufferID) -> Explanation.Table {
    let table = program[id]
    let count = Double(table.span.count)
    return Explanation.Table(
      name: table.name, entries: count, bytes: count * Double(table.elementSize),
      line: lines.removeFirst())
  }

  private mutating func explain(_ call: EinsumCodegen.KernelCall, _ calls: Double) -> Explanation.KernelCall {
    Explanation.KernelCall(
      symbol: call.spec.symbol, text: text(of: call), calls: calls, bytes: workingSet(of: [.call(call)]),
      line: lines.removeFirst())
  }

  // MARK: Words

  private func text(of call: EinsumCodegen.KernelCall) -> String {
    let output = name(call.output)
    let inputs = call.inputs.map(name)
    func extent(_ length: Length) -> String { Quantity.decimal(program.meanLength(length)) }
    let lengths = call.output.dimensions.map { extent($0.length) }
    let adds = call.accumulatesAfterFirst.isEmpty ? "=" : "+="
    switch call.spec.kind {
    case .tile(let tile, _), .tileInPlace(let tile, _), .tilePairs(let tile, _):
      let depth = call.inputs.last.map { extent($0.dimensions[0].length) } ?? ""
      return
        "\(output) \(adds) \(inputs.joined(separator: " * ")), a tile of \(tile.mr)x\(tile.nr), \(depth) deep"
    case .tileHalves(let tile, _):
      let depth = call.inputs.last.map { extent($0.dimensions[0].length) } ?? ""
      return
        "\(output) \(adds) \(inputs.joined(separator: " * ")) by dot-product instructions, "
        + "\(lengths[0]) rows in tiles of \(tile.mr)x\(tile.nr), \(depth) deep"
    case .pack(let width, _), .packPairs(let width, _):
      return "\(output): panels \(width) wide and \(lengths[0]) deep, \(Explanation.Packed.Access(call).text)"
    case .packPanels(let width):
      return "\(output): panels \(width) wide and \(lengths[1]) deep, \(Explanation.Packed.Access(call).text)"
    case .packAcross:
      return
        "\(output): \(lengths[0]) panels \(lengths[2]) wide and \(lengths[1]) deep, \(Explanation.Packed.Access(call).text)"
    case .columns, .lanes, .dots:
      let depth = call.inputs.first?.dimensions.last.map { extent($0.length) } ?? ""
      return
        "\(output) \(adds) \(inputs.joined(separator: " * ")), \(lengths[0]) products of "
        + "\(lengths[1]) x \(lengths[2]), \(depth) deep"
    case .zero: return "\(output) = 0, \(lengths.joined(separator: " x "))"
    case .sum, .product, .tripleProduct, .widenedSum, .widenedProduct, .copy, .convert, .conjugate:
      let term = inputs.joined(separator: " * ")
      let operation =
        switch call.spec.kind {
        case .convert: "convert(\(term))"
        case .conjugate: "conjugate(\(term))"
        case .tile, .tileInPlace, .tilePairs, .tileHalves, .columns, .lanes, .dots, .pack, .packPairs,
          .packPanels, .packAcross, .zero, .sum, .product, .tripleProduct, .widenedSum, .widenedProduct,
          .copy:
          term
        }
      return "\(output) \(adds) \(operation), \(lengths.joined(separator: " x "))"
    }
  }

  private func name(_ access: Access) -> String { names[access.buffer] ?? program[access.buffer].name }

  /// Tensors as the plan calls them, panels by what is packed in them.
  private static func names(
    _ plan: EinsumIR.Plan, _ program: LoopProgram, _ body: [EinsumCodegen.Statement]
  ) -> [BufferID: String] {
    var names: [BufferID: String] = [:]
    for number in plan.tensors.indices { names[BufferID(number)] = plan.name(of: number) }
    for call in body.calls {
      switch call.spec.kind {
      case .pack, .packPairs, .packPanels, .packAcross:
        if let source = call.inputs.first.flatMap({ names[$0.buffer] }) {
          names[call.output.buffer] = "packed \(source)"
        }
      case .tile, .tileInPlace, .tilePairs, .tileHalves:
        if names[call.output.buffer] == nil {
          names[call.output.buffer] = call.accumulatesAfterFirst.isEmpty ? "collected tiles" : "sums of parts"
        }
      case .columns, .lanes, .dots, .sum, .product, .tripleProduct, .widenedSum, .widenedProduct, .copy,
        .zero, .convert, .conjugate:
        break
      }
    }
    return names
  }

  // MARK: Packing

  /// The tensors that the step packs, and how.
  var packed: [Explanation.Packed] {
    body.calls.compactMap { call in
      guard call.isPack, let source = call.inputs.first else { return nil }
      let panel = program[call.output.buffer]
      let bytes = Double(panel.span.count * panel.elementSize)
      return .init(
        tensor: name(source), bytes: bytes, level: .init(holding: bytes, on: machine),
        access: .init(call))
    }
  }

  // MARK: Sizes

  /// The bytes that statements touch, each buffer's counted once, offset tables left out.
  private func workingSet(of statements: [EinsumCodegen.Statement]) -> Double {
    var bytes: [BufferID: Double] = [:]
    func visit(_ statements: [EinsumCodegen.Statement], _ loops: [LoopID]) {
      for statement in statements {
        switch statement {
        case .loop(let loop, let body): visit(body, loops + [loop])
        case .fillTable, .barrier: break
        case .call(let call):
          for access in call.accesses {
            let buffer = program[access.buffer]
            let count = min(program.elementCount(of: access, over: loops), Double(buffer.span.count))
            bytes[access.buffer] = max(bytes[access.buffer] ?? 0, count * Double(buffer.elementSize))
          }
        }
      }
    }
    visit(statements, [])
    return bytes.values.reduce(0, +)
  }
}

extension Explanation.Packed.Access {
  /// How a pack kernel reads its tensor.
  fileprivate init(_ call: EinsumCodegen.KernelCall) {
    if call.spec.kind == .packAcross {
      self = .across
      return
    }
    let walks = call.inputs.first?.dimensions.map(\.walk) ?? []
    var strides: [Int] = []
    for walk in walks { if case .stride(let stride) = walk { strides.append(abs(stride)) } }
    if strides.count < walks.count {
      self = .offsets
    } else if strides.first == 1 {
      self = .copy
    } else {
      self = strides.last == 1 ? .transpose : .gather
    }
  }

  fileprivate var text: String {
    switch self {
    case .copy: "copied row by row"
    case .transpose: "transposed in registers"
    case .across: "made together from cache lines that they share"
    case .gather: "gathered element by element"
    case .offsets: "read through offset tables"
    }
  }
}

extension EinsumCodegen.KernelCall {
  /// Whether it copies a tensor into panels.
  fileprivate var isPack: Bool {
    switch spec.kind {
    case .pack, .packPairs, .packPanels, .packAcross: true
    case .tile, .tileInPlace, .tilePairs, .tileHalves, .columns, .lanes, .dots, .sum, .product,
      .tripleProduct, .widenedSum, .widenedProduct, .copy, .zero, .convert, .conjugate:
      false
    }
  }
}
