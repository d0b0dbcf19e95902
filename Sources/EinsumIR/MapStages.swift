/// A kernel call of a map or reduce step, on one block of its nest.
package struct MapStage: Hashable, Sendable {
  package enum Kind: Hashable, Sendable { case copy, convert, sum, product, tripleProduct }

  /// What a stage reads or writes: a tensor's block, or a strip of scratch as large as a block.
  package enum Place: Hashable, Sendable {
    case operand(Int)
    case output
    case strip(Int)
  }

  package let kind: Kind
  package let inputs: [Place]
  package let output: Place
}

/// A block of scratch between two stages, which stays in the first cache.
package struct MapStrip: Hashable, Sendable {
  package let elementType: ElementType
  /// The operand of which it holds a block; nil for products. Along an index that the operand lacks it has one element.
  package let operand: Int?
  /// In bytes from the start of the scratch.
  package let offset: Int
  package let rows: Int
  package let columns: Int

  /// The steps from row to row and from column to column; 0 along a dimension of one.
  package var strides: [Int] { [rows == 1 ? 0 : columns, columns == 1 ? 0 : 1] }
}

/// A map or reduce step in stages: staged operands are brought to strips, then multiplied one after the other; the
/// last product goes to the output, by way of a conversion where no kernel rounds to its type. Where nothing is summed,
/// the last product is one of three.
///
/// So products of many tensors, and of types that are computed in another, need no intermediate in memory.
package struct MapStages: Hashable, Sendable {
  package private(set) var stages: [MapStage] = []
  package private(set) var strips: [MapStrip] = []
  /// The bytes of all strips.
  package private(set) var size = 0

  private var slots: [Bool] = []
  private var slotOfStrip: [Int] = []
  private let height: Int
  private let width: Int
  /// The bytes of the largest element that a strip may hold.
  private let elementSize: Int

  /// - Parameter contraction: of one or more operands; the output has the compute type, or nothing is summed.
  package init(_ schedule: MapSchedule, of contraction: Contraction) {
    let extent = { (index: Int?) in index.map { contraction.indices[$0].extent } ?? 1 }
    height = min(schedule.rowBlock, extent(schedule.rows))
    width = min(schedule.columnBlock, extent(schedule.columns))
    let type = contraction.computeType
    elementSize = max(type.size, contraction.output.elementType.size)
    if schedule.isGrouped {
      let pitch = schedule.stripPitch(of: contraction.output.elementType)
      let strip = makeStrip(contraction.output.elementType, 0, schedule.rowBlock, pitch)
      stages = [
        .init(kind: .copy, inputs: [.operand(0)], output: strip),
        .init(kind: .copy, inputs: [strip], output: .output),
      ]
      return
    }

    var current = value(of: 0, schedule, contraction)
    let last = contraction.operands.count - 1
    for number in contraction.operands.indices.dropFirst() {
      let next = value(of: number, schedule, contraction)
      if number == last - 1 && contraction.endsInTripleProduct {
        let factors = [current, next, value(of: last, schedule, contraction)].map(\.place)
        stages.append(
          .init(kind: .tripleProduct, inputs: ordered(factors, schedule, contraction), output: .output))
        return
      }
      // Kernels of two types take the compute type first.
      let inputs = current.type.isHalf && !next.type.isHalf ? [next, current] : [current, next]
      let result = contraction.output.elementType
      let isDirect =
        number == last
        && KernelKind.product(of: inputs[0].type, by: inputs[1].type, in: type, to: result) != nil
      let target = isDirect ? .output : makeStrip(type, nil, height, width)
      stages.append(.init(kind: .product, inputs: inputs.map(\.place), output: target))
      free(current.place)
      free(next.place)
      current = (target, type)
    }
    if last == 0 {
      stages.append(
        .init(
          kind: contraction.summed.isEmpty ? .copy : .sum, inputs: [current.place], output: .output))
    } else if current.place != .output {
      if schedule.streams {
        let narrow = makeStrip(contraction.output.elementType, nil, height, width)
        stages.append(.init(kind: .convert, inputs: [current.place], output: narrow))
        stages.append(.init(kind: .copy, inputs: [narrow], output: .output))
      } else {
        stages.append(.init(kind: .convert, inputs: [current.place], output: .output))
      }
    }
  }

  /// Where an operand is read from, once it has been staged if it must be, and what type it has there.
  private mutating func value(
    of number: Int, _ schedule: MapSchedule, _ contraction: Contraction
  ) -> (place: MapStage.Place, type: ElementType) {
    let operand = contraction.operands[number]
    guard schedule.staged.contains(number) else { return (.operand(number), operand.elementType) }
    let isLacking = { (index: Int?) in index.map { operand.stride(of: $0) ?? 0 == 0 } ?? true }
    let converts = schedule.converted.contains(number)
    let type = converts ? contraction.computeType : operand.elementType
    let strip = makeStrip(
      type, number, isLacking(schedule.rows) ? 1 : height, isLacking(schedule.columns) ? 1 : width)
    stages.append(.init(kind: converts ? .convert : .copy, inputs: [.operand(number)], output: strip))
    return (strip, type)
  }

  /// Factors in the order that suits kernels: those that are contiguous along the columns, those that are constant, others.
  private func ordered(
    _ factors: [MapStage.Place], _ schedule: MapSchedule, _ contraction: Contraction
  ) -> [MapStage.Place] {
    func rank(_ place: MapStage.Place) -> Int {
      let stride =
        switch place {
        case .operand(let number):
          (schedule.columns ?? schedule.rows).flatMap { contraction.operands[number].stride(of: $0) } ?? 0
        case .strip(let number): strips[number].strides[1]
        case .output: 0
        }
      return stride == 1 ? 0 : stride == 0 ? 1 : 2
    }
    return (0...2).flatMap { wanted in factors.filter { rank($0) == wanted } }
  }

  /// The bytes set aside for a strip. Only for schedules that have strips: the blocks of others may be of any size, past
  /// what `Int` counts.
  private var slotSize: Int { WorkspaceAlignment.rounded(height * width * elementSize) }

  private mutating func makeStrip(
    _ type: ElementType, _ operand: Int?, _ rows: Int, _ columns: Int
  ) -> MapStage.Place {
    let slot = slots.firstIndex(of: false) ?? slots.count
    if slot == slots.count { slots.append(true) } else { slots[slot] = true }
    strips.append(
      MapStrip(
        elementType: type, operand: operand, offset: slot * slotSize, rows: rows, columns: columns))
    slotOfStrip.append(slot)
    size = max(size, slot * slotSize + WorkspaceAlignment.rounded(rows * columns * type.size))
    return .strip(strips.count - 1)
  }

  private mutating func free(_ place: MapStage.Place) {
    if case .strip(let number) = place { slots[slotOfStrip[number]] = false }
  }
}

extension MapSchedule {
  /// The bytes that a step needs: first strips, of which each thread has its own, then the sums of parts.
  package func scratchSize(for contraction: Contraction, threads: Int) -> Int {
    allStripsSize(for: contraction, threads: threads) + partsScratch(for: contraction).size
  }

  /// The bytes of all threads' strips.
  package func allStripsSize(for contraction: Contraction, threads: Int) -> Int {
    let size = stripsSize(for: contraction)
    return shared == nil ? size : size * threads
  }

  /// The bytes of one thread's strips.
  package func stripsSize(for contraction: Contraction) -> Int {
    contraction.operands.isEmpty ? 0 : MapStages(self, of: contraction).size
  }
}

extension Contraction {
  /// Whether the last three of the step's operands are multiplied at once: products of real numbers of one type, of which
  /// nothing is summed.
  package var endsInTripleProduct: Bool {
    operands.count > 2 && summed.isEmpty && computeType.numberClass != .complex
      && (operands + [output]).allSatisfy { $0.elementType.sharesKernels(with: computeType) }
  }

  /// Whether the step multiplies two tensors of 16-bit integers and adds up in 32 bits, as tiles of pairs do.
  package var multipliesPairs: Bool {
    operands.count == 2 && operands.allSatisfy { $0.elementType == .int16 }
      && computeType.sharesKernels(with: .int32) && output.elementType.sharesKernels(with: .int32)
  }

  /// Whether the step multiplies two tensors of bfloat16, adds up in float32 and gives that or rounds the sums, as tiles of
  /// halves do.
  package var multipliesHalves: Bool {
    operands.count == 2 && operands.allSatisfy { $0.elementType == .bfloat16 } && computeType == .float32
      && [.float32, .bfloat16].contains(output.elementType)
  }

  /// The type of the elements in a tiled step's panels.
  package var panelType: ElementType {
    multipliesPairs ? .int16 : multipliesHalves ? .bfloat16 : computeType.kernelType
  }

  /// Whether a step that multiplies or sums takes more than two operands, or types that are computed in another.
  package var needsStages: Bool {
    operands.count > 2 || !output.elementType.sharesKernels(with: computeType)
      || operands.contains { !$0.elementType.sharesKernels(with: computeType) }
  }

  /// The operands that have to be converted where some others are: those of types that no kernel takes as they are.
  package func converted(besides others: [Int] = []) -> [Int] {
    var converted = Set(others)
    func type(_ number: Int) -> ElementType {
      converted.contains(number) ? computeType : operands[number].elementType
    }
    func convert(_ numbers: Set<Int>) {
      converted.formUnion(numbers.filter { !operands[$0].elementType.sharesKernels(with: computeType) })
    }
    if operands.count == 1 && KernelKind.sum(of: type(0), in: computeType) == nil { convert([0]) }
    for number in operands.indices.dropFirst() {
      let (first, second) = (number == 1 ? type(0) : computeType, type(number))
      let results = [computeType] + (number == operands.count - 1 ? [output.elementType] : [])
      let hasKernel = results.contains { result in
        [(first, second), (second, first)].contains {
          KernelKind.product(of: $0.0, by: $0.1, in: computeType, to: result) != nil
        }
      }
      if !hasKernel { convert(number == 1 ? [0, 1] : [number]) }
    }
    return converted.sorted()
  }
}
