import EinsumIR

/// Runs a loop program by the reference meaning of its kernels: slowly, element by element, checking every access.
///
/// One thread does the work of all.
///
/// It shares nothing with the C path below the loop IR, so that tests can tell a wrong program from wrong C.
package struct LoopInterpreter {
  let program: LoopProgram
  var memory: [UnsafeMutableRawPointer]
  var tables: [Int: [Int]] = [:]
  var positions: [Int]

  /// Runs a program on operands and an output whose pointers are at the element at index zero.
  ///
  /// The workspace is filled with ones bits first: whatever is read before it is written shows up as a nan.
  ///
  /// - Precondition: every access is inside the span of its buffer.
  package static func run(
    _ program: LoopProgram, operands: [UnsafeRawPointer], output: UnsafeMutableRawPointer
  ) {
    let workspace = UnsafeMutableRawPointer.allocate(byteCount: max(program.workspaceSize, 1), alignment: 64)
    defer { workspace.deallocate() }
    workspace.initializeMemory(as: UInt8.self, repeating: 0xFF, count: program.workspaceSize)
    let memory = program.buffers.map { buffer in
      switch buffer.storage {
      case .operand(let number): UnsafeMutableRawPointer(mutating: operands[number])
      case .output: output
      case .workspace(let offset), .threadWorkspace(let offset, _): workspace + offset
      }
    }
    var interpreter = LoopInterpreter(
      program: program, memory: memory, positions: .init(repeating: 0, count: program.loops.count))
    for step in program.steps { interpreter.run(step.body) }
  }

  private init(program: LoopProgram, memory: [UnsafeMutableRawPointer], positions: [Int]) {
    self.program = program
    self.memory = memory
    self.positions = positions
  }

  private mutating func run(_ statements: [Statement]) {
    for statement in statements {
      switch statement {
      case .loop(let loop, let body):
        for position in stride(from: 0, to: extent(of: loop), by: program[loop].step) {
          positions[loop.number] = position
          run(body)
        }
        positions[loop.number] = 0
      case .fillTable(let table): tables[table.number] = entries(of: table)
      case .barrier: break
      case .call(let call): run(call)
      }
    }
  }

  private func extent(of loop: LoopID) -> Int {
    switch program[loop].range {
    case .whole(let extent): extent
    case .block(let parent): length(.block(parent))
    }
  }

  func length(_ length: Length) -> Int {
    switch length {
    case .constant(let count): count
    case .block(let loop): min(program[loop].step, extent(of: loop) - positions[loop.number])
    case .blocks(let loop): program[loop].blockCount(of: extent(of: loop))
    }
  }

  private func value(_ affine: Affine) -> Int {
    program.value(of: affine, at: positions)
  }

  private func entries(of table: BufferID) -> [Int] {
    guard case .offsets(let offsets) = program[table].content else { return [] }
    return offsets.digits.reduce([0]) { sums, digit in
      sums.flatMap { sum in (0..<digit.extent).map { sum + digit.stride * $0 } }
    }
  }

  // MARK: Elements

  /// Where the element of an access at the given place in its dimensions lies.
  private func pointer(_ access: Access, _ place: [Int]) -> UnsafeMutableRawPointer {
    var element = value(access.start)
    for (dimension, position) in zip(access.dimensions, place) {
      switch dimension.walk {
      case .stride(let stride): element += stride * position
      case .table(let table, let start): element += tables[table.number]?[value(start) + position] ?? 0
      }
    }
    let buffer = program[access.buffer]
    precondition(buffer.span.contains(element), "internal: \(buffer.name)[\(element)] is out of bounds")
    return memory[access.buffer.number] + element * buffer.elementSize
  }

  private func load(_ type: ElementType, _ access: Access, _ i: Int, _ j: Int) -> Number {
    Number.load(type, pointer(access, [i, j]))
  }

  // MARK: Kernels

  private func run(_ call: KernelCall) {
    switch call.spec.kind {
    case .tile(let tile, _): runTile(call, tile, isInPlace: false)
    case .tileInPlace(let tile, _): runTile(call, tile, isInPlace: true)
    case .tilePairs(let tile, _): runTile(call, tile, isInPlace: false, panelType: .int16)
    case .tileHalves(let tile, _): runTile(call, tile, isInPlace: true, panelType: .bfloat16)
    case .pack(let width, _), .packPairs(let width, _): runPack(call, width)
    case .packPanels(let width): runPackPanels(call, width)
    case .packAcross: runPackAcross(call)
    case .columns, .lanes, .dots: runProducts(call)
    case .zero: forEach(call) { _, _ in Number() }
    case .sum:
      runSum(call) { load(call.spec.elementType, call.inputs[0], $0, $1) }
    case .product:
      let type = call.spec.elementType
      runSum(call) {
        Number.product(load(type, call.inputs[0], $0, $1), load(type, call.inputs[1], $0, $1), type)
      }
    case .tripleProduct:
      let type = call.spec.elementType
      forEach(call) { i, j in
        call.inputs.dropFirst().reduce(load(type, call.inputs[0], i, j)) {
          Number.product($0, load(type, $1, i, j), type)
        }
      }
    case .widenedSum(let source): runSum(call) { load(source, call.inputs[0], $0, $1) }
    case .widenedProduct(let first, let second):
      runSum(call) {
        Number.product(
          load(first, call.inputs[0], $0, $1), load(second, call.inputs[1], $0, $1), .float32
        ).roundedToFloat
      }
    case .copy: runCopy(call)
    case .convert(let source):
      forEach(call) {
        load(source, call.inputs[0], $0, $1).converted(from: source, to: call.spec.elementType)
      }
    case .conjugate:
      forEach(call) {
        var number = load(call.spec.elementType, call.inputs[0], $0, $1)
        number.im = -number.im
        return number
      }
    }
  }

  private func isAccumulating(_ call: KernelCall) -> Bool {
    call.accumulatesAfterFirst.contains { positions[$0.number] != 0 }
  }

  private func forEach(_ call: KernelCall, _ element: (Int, Int) -> Number) {
    let lengths = call.output.dimensions.map { length($0.length) }
    for i in 0..<lengths[0] {
      for j in 0..<lengths[1] {
        element(i, j).store(call.spec.elementType, pointer(call.output, [i, j]))
      }
    }
  }

  private func runCopy(_ call: KernelCall) {
    let lengths = call.output.dimensions.map { length($0.length) }
    for i in 0..<lengths[0] {
      for j in 0..<lengths[1] {
        pointer(call.output, [i, j]).copyMemory(
          from: pointer(call.inputs[0], [i, j]), byteCount: call.spec.elementType.size)
      }
    }
  }

  /// The first term that meets an output element replaces it unless the call accumulates; later ones are added.
  private func runSum(_ call: KernelCall, _ term: (Int, Int) -> Number) {
    let type = call.spec.elementType
    let lengths = call.output.dimensions.map { length($0.length) }
    var seen = Set<UnsafeMutableRawPointer>()
    for i in 0..<lengths[0] {
      for j in 0..<lengths[1] {
        let target = pointer(call.output, [i, j])
        var number = term(i, j)
        if !seen.insert(target).inserted || isAccumulating(call) {
          number = Number.sum(Number.load(type, target), number, type)
        }
        number.store(type, target)
      }
    }
  }

  private func runPack(_ call: KernelCall, _ width: Int) {
    let type = call.spec.elementType
    let lengths = call.inputs[0].dimensions.map { length($0.length) }
    for p in 0..<lengths[1] {
      for i in 0..<width {
        let number = i < lengths[0] ? load(type, call.inputs[0], i, p) : Number()
        if type.numberClass == .complex {
          let part = type.componentType
          Number(re: number.re).store(part, pointer(call.output, [p, i]))
          Number(re: number.im).store(part, pointer(call.output, [p, width + i]))
        } else {
          number.store(type, pointer(call.output, [p, i]))
        }
      }
    }
  }

  private func runPackPanels(_ call: KernelCall, _ width: Int) {
    let type = call.spec.elementType
    let lengths = call.inputs[0].dimensions.map { length($0.length) }
    for p in 0..<lengths[1] {
      for i in 0..<length(call.output.dimensions[0].length) * width {
        let number = i < lengths[0] ? load(type, call.inputs[0], i, p) : Number()
        number.store(type, pointer(call.output, [i / width, p, i % width]))
      }
    }
  }

  private func runPackAcross(_ call: KernelCall) {
    let type = call.spec.elementType
    let lengths = call.inputs[0].dimensions.map { length($0.length) }
    for q in 0..<lengths[0] {
      for p in 0..<lengths[2] {
        for i in 0..<length(call.output.dimensions[2].length) {
          let number = i < lengths[1] ? Number.load(type, pointer(call.inputs[0], [q, i, p])) : Number()
          number.store(type, pointer(call.output, [q, p, i]))
        }
      }
    }
  }

  /// Pairs are kept as elements one by one, which nothing else sees.
  private func runTile(_ call: KernelCall, _ tile: Tile, isInPlace: Bool, panelType: ElementType? = nil) {
    let type = call.spec.elementType
    let lengths = call.output.dimensions.map { length($0.length) }
    let depth = length(call.inputs[1].dimensions[0].length)
    func panel(_ access: Access, _ p: Int, _ i: Int, _ width: Int) -> Number {
      if type.numberClass != .complex { return load(panelType ?? type, access, p, i) }
      let part = type.componentType
      return Number(re: load(part, access, p, i).re, im: load(part, access, p, width + i).re)
    }
    for i in 0..<lengths[0] {
      for j in 0..<lengths[1] {
        let target = pointer(call.output, [i, j])
        var sum = isAccumulating(call) ? Number.load(type, target) : Number()
        for p in 0..<depth {
          let term = Number.product(
            isInPlace ? load(panelType ?? type, call.inputs[0], i, p) : panel(call.inputs[0], p, i, tile.mr),
            panel(call.inputs[1], p, j, tile.nr), type)
          sum = Number.sum(sum, term, type)
        }
        sum.store(type, target)
      }
    }
  }

  /// Products that are added in the order of p to a sum of their own, as in ``runTile``.
  private func runProducts(_ call: KernelCall) {
    let type = call.spec.elementType
    let lengths = call.output.dimensions.map { length($0.length) }
    let depth = call.inputs[0].dimensions.last.map { length($0.length) } ?? 0
    for t in 0..<lengths[0] {
      for i in 0..<lengths[1] {
        for j in 0..<lengths[2] {
          let target = pointer(call.output, [t, i, j])
          var sum = isAccumulating(call) ? Number.load(type, target) : Number()
          for p in 0..<depth {
            let a = Number.load(type, pointer(call.inputs[0], [t, i, p]))
            let b = Number.load(type, pointer(call.inputs[1], [t, p, j]))
            sum = Number.sum(sum, Number.product(a, b, type), type)
          }
          sum.store(type, target)
        }
      }
    }
  }
}
