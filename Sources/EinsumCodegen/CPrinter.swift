import EinsumIR

/// Prints a loop program as a driver in C: scalar C99 without includes, for libtcc and any other C compiler.
///
/// The function has the type `void (*)(const void *const *operand, void *output, void *workspace, long thread, long
/// threads, void *team)`. All threads of a team call it with the same pointers and each with its number; a single thread
/// is number 0 of 1 and needs no team. Arithmetic is done by the library kernels that it declares and calls; it contains
/// loops, offsets and calls only.
package enum CPrinter {
  /// The driver's text.
  ///
  /// - Parameters:
  ///   - program: a verified program.
  ///   - name: the C name of the function, an identifier.
  package static func source(for program: LoopProgram, name: String = "es_driver") -> String {
    var printer = Printer(program: program)
    printer.print(name)
    return printer.text
  }

  /// The driver's text where OpenMP runs the threads: each shared step has a parallel region, in which `es_thread()` is the
  /// thread's number, and its shared loops are divided by OpenMP, with a barrier at the end of each.
  static func openMPSource(for program: LoopProgram) -> String {
    var printer = Printer(program: program)
    printer.usesOpenMP = true
    printer.print("es_driver")
    return printer.text
  }

  /// For each step, the lines of the driver's text, from 1, that its statements stand on: in the order in which they are
  /// printed, so that a loop comes before what it holds.
  package static func statementLines(of program: LoopProgram) -> [[Int]] {
    var printer = Printer(program: program)
    printer.print("es_driver")
    return printer.statementLines
  }
}

private struct Printer {
  let program: LoopProgram
  var text = ""
  var depth = 0
  private var lineCount = 0
  private(set) var statementLines: [[Int]] = []
  var usesOpenMP = false

  init(program: LoopProgram) { self.program = program }

  mutating func line(_ line: String) {
    text += String(repeating: "  ", count: depth) + line + "\n"
    lineCount += 1
  }

  /// The line that a statement of the step begins on.
  private mutating func statementLine(_ line: String) {
    self.line(line)
    statementLines[statementLines.count - 1].append(lineCount)
  }

  mutating func print(_ name: String) {
    let kernels = program.kernels
    let types =
      kernels.map(\.elementType) + kernels.flatMap { [$0.sourceType(of: 0), $0.sourceType(of: 1)] }
      + bufferTypes
    for definition in CType.structures(usedBy: types) { line(definition) }
    for kernel in kernels { line(KernelEmitter.prototype(for: kernel)) }
    if hasTeam { line("void es_barrier(void *team);") }
    if program.steps.contains(where: endsStreams) { line("void es_stream_end(void);") }
    line("")
    line("void \(name)(const void *const *operand, void *output, void *workspace,")
    line("    long thread, long threads, void *team)")
    line("{")
    depth = 1
    if !hasTeam { line("(void)thread, (void)threads, (void)team;") }
    if program.operandCount == 0 || !uses({ if case .operand = $0 { true } else { false } }) {
      line("(void)operand;")
    }
    if !uses({ $0 == .output }) { line("(void)output;") }
    if !uses(\.isWorkspace) { line("(void)workspace;") }
    for (number, step) in program.steps.enumerated() {
      if hasTeam && number > 0 { line("es_barrier(team);") }
      statementLines.append([])
      line("/* \(Self.comment(step.comment)) */")
      line(hasTeam && !step.isShared ? "if (thread == 0) {" : "{")
      depth += 1
      if usesOpenMP && step.isShared {
        printRegion(step)
      } else {
        for buffer in buffers(in: step.body) { declare(buffer) }
        for statement in step.body { print(statement) }
        if endsStreams(step) { line("es_stream_end();") }
      }
      depth -= 1
      line("}")
    }
    depth = 0
    line("}")
  }

  /// Whether all threads of a team run the driver.
  private var hasTeam: Bool { program.threads > 1 && !usesOpenMP }

  /// Whether a step's streamed stores are ordered before later ones once, at its end; in a file of its own each kernel does it.
  private func endsStreams(_ step: ProgramStep) -> Bool {
    !usesOpenMP && step.body.calls.contains(where: \.streams)
  }

  /// A shared step for OpenMP: tables are filled before the threads begin.
  private mutating func printRegion(_ step: ProgramStep) {
    let buffers = buffers(in: step.body)
    let own = buffers.filter { if case .threadWorkspace = program[$0].storage { true } else { false } }
    for buffer in buffers where !own.contains(buffer) { declare(buffer) }
    let tables = step.body.prefix { if case .fillTable = $0 { true } else { $0 == .barrier } }
    for table in tables where table != .barrier { print(table) }
    line(own.isEmpty ? OpenMP.region : OpenMP.region(atMost: program.threads))
    line("{")
    depth += 1
    if !own.isEmpty { line("const long thread = \(OpenMP.threadNumber)();") }
    for buffer in own { declare(buffer) }
    for statement in step.body[tables.endIndex...] { print(statement) }
    depth -= 1
    line("}")
  }

  /// A text that C may hold in a comment: labels with other letters than ASCII's appear as question marks.
  private static func comment(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", " ", "%", "=", "-", "_", ".": result.append(scalar)
      default: result.append("?")
      }
    }
    return String(result)
  }

  private var bufferTypes: [ElementType] {
    program.buffers.compactMap { if case .elements(let type) = $0.content { type } else { nil } }
  }

  private func uses(_ isMatch: (ProgramBuffer.Storage) -> Bool) -> Bool {
    program.steps.contains { step in buffers(in: step.body).contains { isMatch(program[$0].storage) } }
  }

  // MARK: Buffers

  /// The buffers that statements touch, in the order of their numbers.
  private func buffers(in statements: [Statement]) -> [BufferID] {
    var numbers = Set<Int>()
    func visit(_ statements: [Statement]) {
      for statement in statements {
        switch statement {
        case .loop(_, let body): visit(body)
        case .fillTable(let table): numbers.insert(table.number)
        case .barrier: break
        case .call(let call):
          for access in call.accesses {
            numbers.insert(access.buffer.number)
            for dimension in access.dimensions {
              if case .table(let table, _) = dimension.walk { numbers.insert(table.number) }
            }
          }
        }
      }
    }
    visit(statements)
    return numbers.sorted().map(BufferID.init)
  }

  private mutating func declare(_ buffer: BufferID) {
    let it = program[buffer]
    let type = cType(of: it)
    switch it.storage {
    case .operand(let number): line("const \(type) *const \(it.name) = operand[\(number)];")
    case .output: line("\(type) *const \(it.name) = output;")
    case .workspace(let offset):
      line("\(type) *const \(it.name) = (\(type) *)((char *)workspace + \(offset));")
    case .threadWorkspace(let offset, let stride):
      line("\(type) *const \(it.name) = (\(type) *)((char *)workspace + \(offset) + \(stride) * thread);")
    }
  }

  private func cType(of buffer: ProgramBuffer) -> String {
    switch buffer.content {
    case .elements(let type): CType.name(of: type)
    case .offsets: "long"
    }
  }

  // MARK: Statements

  private mutating func print(_ statement: Statement) {
    switch statement {
    case .loop(let loop, let body): print(loop, body)
    case .fillTable(let table): printFill(table)
    case .barrier:
      // The loops before it end with one.
      if !usesOpenMP { statementLine("es_barrier(team);") }
    case .call(let call): print(call)
    }
  }

  private mutating func print(_ id: LoopID, _ body: [Statement]) {
    let loop = program[id]
    let end =
      switch loop.range {
      case .whole(let extent): "\(extent)"
      case .block(let parent): length(.block(parent))
      }
    if loop.isShared && usesOpenMP { line(OpenMP.loop) }
    if loop.isShared && !usesOpenMP {
      // A thread's share is whole blocks.
      let blocks = blockCount(of: id)
      let step = loop.step == 1 ? "" : " * \(loop.step)"
      line("const long \(loop.name)_first = \(blocks) * thread / threads\(step);")
      line("const long \(loop.name)_last = \(blocks) * (thread + 1) / threads\(step);")
      statementLine(
        "for (long \(loop.name) = \(loop.name)_first; \(loop.name) < \(loop.name)_last; "
          + "\(loop.name) += \(loop.step)) {")
    } else {
      statementLine("for (long \(loop.name) = 0; \(loop.name) < \(end); \(loop.name) += \(loop.step)) {")
    }
    depth += 1
    if constantLength(of: id) == nil {
      let left = "\(end) - \(loop.name)"
      line("const long \(loop.name)_n = \(left) < \(loop.step) ? \(left) : \(loop.step);")
    }
    for statement in body { print(statement) }
    depth -= 1
    line("}")
  }

  /// The length of all blocks of a loop, or nil if the last is shorter.
  private func constantLength(of id: LoopID) -> Int? {
    let loop = program[id]
    if loop.step == 1 { return 1 }
    let extent: Int? =
      switch loop.range {
      case .whole(let extent): extent
      case .block(let parent): constantLength(of: parent)
      }
    return extent.flatMap { $0 % loop.step == 0 ? loop.step : nil }
  }

  private func length(_ length: Length) -> String {
    switch length {
    case .constant(let count): "\(count)"
    case .block(let loop): constantLength(of: loop).map(String.init) ?? "\(program[loop].name)_n"
    case .blocks(let loop): blockCount(of: loop)
    }
  }

  private func blockCount(of id: LoopID) -> String {
    let loop = program[id]
    return switch loop.range {
    case .whole(let extent): "\(loop.blockCount(of: extent))"
    case .block(let parent): "((\(length(.block(parent))) - 1) / \(loop.step) + 1)"
    }
  }

  private mutating func printFill(_ table: BufferID) {
    guard case .offsets(let offsets) = program[table].content else { return }
    let name = program[table].name
    if hasTeam { line("if (thread == 0) {") }
    statementLine("long \(name)_end = 0;")
    let outer = depth
    for (number, digit) in offsets.digits.enumerated() {
      line("for (long d\(number) = 0; d\(number) < \(digit.extent); d\(number)++)")
      depth += 1
    }
    let terms = offsets.digits.enumerated().map { "\($1.stride) * d\($0)" }.joined(separator: " + ")
    line("\(name)[\(name)_end++] = \(terms.isEmpty ? "0" : terms);")
    depth = outer
    if hasTeam { line("}") }
  }

  private mutating func print(_ call: KernelCall) {
    var arguments: [String] = []
    switch call.spec.kind {
    case .tile, .tilePairs:
      arguments += call.output.dimensions.map { length($0.length) }
      arguments += call.inputs.prefix(1).map { length($0.dimensions[0].length) }
      arguments += call.inputs.map { pointer($0, call.spec.panelType) }
      arguments += [pointer(call.output, call.spec.elementType)] + walks(call.output)
      arguments.append(accumulate(call))
    case .tileInPlace:
      arguments += call.output.dimensions.map { length($0.length) }
      arguments += call.inputs.prefix(1).map { length($0.dimensions[1].length) }
      arguments += call.inputs.prefix(1).flatMap { [pointer($0, call.spec.elementType), walks($0)[0]] }
      arguments += call.inputs.dropFirst().flatMap { [pointer($0, call.spec.elementType), walks($0)[0]] }
      arguments += [pointer(call.output, call.spec.elementType)] + walks(call.output)
      arguments.append(accumulate(call))
    case .tileHalves:
      arguments += call.output.dimensions.map { length($0.length) }
      arguments += call.inputs.prefix(1).map { length($0.dimensions[1].length) }
      arguments += call.inputs.prefix(1).flatMap { [pointer($0, .bfloat16), walks($0)[0]] }
      arguments += call.inputs.dropFirst().map { pointer($0, call.spec.panelType) }
      arguments += [pointer(call.output, call.spec.elementType)] + walks(call.output)
      if call.spec.hasAccumulate { arguments.append(accumulate(call)) }
    case .pack, .packPairs:
      arguments += call.inputs.flatMap { $0.dimensions.map { length($0.length) } }
      arguments += call.inputs.flatMap { [pointer($0, call.spec.elementType)] + walks($0) }
      arguments.append(pointer(call.output, call.spec.panelType))
    case .packPanels:
      arguments += call.inputs.flatMap { $0.dimensions.map { length($0.length) } }
      arguments += call.inputs.flatMap { [pointer($0, call.spec.elementType)] + walks($0).dropFirst() }
      arguments += [pointer(call.output, nil)] + walks(call.output).prefix(1)
    case .packAcross:
      arguments += call.inputs.flatMap { $0.dimensions.map { length($0.length) } }
      arguments += call.inputs.flatMap { [pointer($0, call.spec.elementType)] + walks($0).dropFirst() }
      arguments.append(pointer(call.output, nil))
      arguments += walks(call.output).prefix(2).reversed()
    case .columns: arguments += products(call, [[0, 1], [0, 1, 2], [0, 1]])
    case .lanes: arguments += products(call, [[1, 2], [1, 2], [1, 2]])
    case .dots: arguments += products(call, [[0, 1, 2], [0, 1], [0, 2]])
    case .copy, .zero, .sum, .product, .tripleProduct, .widenedSum, .widenedProduct, .convert, .conjugate:
      arguments += call.output.dimensions.map { length($0.length) }
      arguments += [pointer(call.output, call.spec.elementType)] + walks(call.output)
      for (number, input) in call.inputs.enumerated() {
        arguments += [pointer(input, call.spec.sourceType(of: number))] + walks(input)
      }
      if call.spec.hasAccumulate { arguments.append(accumulate(call)) }
      if call.spec.hasStreams { arguments.append(!call.streams ? "0" : usesOpenMP ? "1" : "2") }
    }
    statementLine("\(call.spec.symbol)(\(arguments.joined(separator: ", ")));")
  }

  /// The arguments of a kernel for small products.
  ///
  /// - Parameter kept: for each access, the dimensions whose walks are arguments: not the one that the kernel takes for
  ///   contiguous.
  private func products(_ call: KernelCall, _ kept: [[Int]]) -> [String] {
    var arguments = call.output.dimensions.map { length($0.length) }
    arguments += call.inputs.prefix(1).compactMap { $0.dimensions.last.map { length($0.length) } }
    for (access, places) in zip(call.accesses, kept) {
      let walks = walks(access)
      arguments += [pointer(access, call.spec.elementType)] + places.map { walks[$0] }
    }
    return arguments + [accumulate(call)]
  }

  /// A pointer to the start of an access, cast where the kernel's type is another than the buffer's.
  private func pointer(_ access: Access, _ type: ElementType?) -> String {
    let buffer = program[access.buffer]
    var text = buffer.name
    if access.start != Affine() { text += " + " + affine(access.start) }
    guard let type, case .elements(let element) = buffer.content,
      CType.name(of: element) != CType.name(of: type)
    else { return text }
    let isConstant = if case .operand = buffer.storage { true } else { false }
    return "(\(isConstant ? "const " : "")\(CType.name(of: type)) *)(\(text))"
  }

  private func walks(_ access: Access) -> [String] {
    access.dimensions.map { dimension in
      switch dimension.walk {
      case .stride(let stride): "\(stride)"
      case .table(let table, let position):
        position == Affine() ? program[table].name : "\(program[table].name) + \(affine(position))"
      }
    }
  }

  private func affine(_ affine: Affine) -> String {
    var terms = affine.terms.map { term in
      let loop = program[term.loop]
      let name = term.countsBlocks && loop.step > 1 ? "(\(loop.name) / \(loop.step))" : loop.name
      return term.coefficient == 1 ? name : "\(term.coefficient) * \(name)"
    }
    if affine.constant != 0 { terms.append("\(affine.constant)") }
    return terms.isEmpty ? "0" : terms.joined(separator: " + ")
  }

  /// Whether a call adds: as 0 or 1.
  private func accumulate(_ call: KernelCall) -> String {
    let names = call.accumulatesAfterFirst.map { program[$0].name }
    return names.isEmpty ? "0" : "(\(names.joined(separator: " | "))) != 0"
  }
}
