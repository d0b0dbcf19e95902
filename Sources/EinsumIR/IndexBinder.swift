import EinsumSyntax

/// Gives each index of an equation its extent, and each term its strides.
///
/// An ellipsis stands for indices `.0`, `.1`, ... of the shape that all ellipses broadcast to, aligned at the right.
struct IndexBinder {
  let equation: Equation
  private(set) var indices: [Index] = []
  private var numbers: [Label: Int] = [:]
  /// Where an index got its extent: the operand, and the label's place in the text.
  private var origins: [(operand: Int, range: SourceRange)] = []
  /// The most dimensions that an ellipsis stands for.
  private var ellipsisRank = 0
  private var ellipsisShapes: [(operand: Int, shape: [Int], range: SourceRange)] = []

  init(_ equation: Equation) { self.equation = equation }

  // MARK: Extents

  /// Checks all operands against their terms and sets every index's extent.
  mutating func bind(_ operands: [OperandType]) throws(EinsumError) {
    guard operands.count == equation.inputs.count else {
      throw EinsumError(
        .operandCount(expected: equation.inputs.count, given: operands.count), in: equation.text,
        at: SourceRange(start: 0, end: equation.inputs.last?.range.end ?? 0))
    }
    for (number, operand) in operands.enumerated() { try check(operand.layout, operand.elementType, number) }
    for (number, operand) in operands.enumerated() {
      ellipsisRank = max(ellipsisRank, ellipsisShape(of: operand.layout, number)?.count ?? 0)
    }
    for (number, operand) in operands.enumerated() { try bind(operand.layout, number) }
  }

  private func check(
    _ layout: Layout, _ type: ElementType, _ number: Int
  ) throws(EinsumError) {
    let term = equation.inputs[number]
    let labels = term.labels.count
    guard term.hasEllipsis ? layout.rank >= labels : layout.rank == labels else {
      throw EinsumError(
        .rank(
          term: text(at: term.range), termRank: labels, operand: number, rank: layout.rank,
          hasEllipsis: term.hasEllipsis),
        in: equation.text, at: term.range)
    }
    if let axis = layout.shape.firstIndex(where: { $0 < 0 }) {
      throw EinsumError(
        .negativeExtent(extent: layout.shape[axis], axis: axis, operand: number), in: equation.text,
        at: term.range)
    }
    guard layout.isAddressable(elementSize: type.size) else {
      throw EinsumError(
        .elementCountOverflow(shape: layout.shape, what: "operand \(number)"), in: equation.text,
        at: term.range)
    }
  }

  private func text(at range: SourceRange) -> String {
    let scalars = equation.text.unicodeScalars.dropFirst(range.start).prefix(range.end - range.start)
    return String(String.UnicodeScalarView(scalars))
  }

  private func ellipsisShape(of layout: Layout, _ number: Int) -> [Int]? {
    let items = equation.inputs[number].items
    guard let place = items.firstIndex(where: { $0.kind == .ellipsis }) else { return nil }
    return Array(layout.shape[place..<(layout.rank - (items.count - 1 - place))])
  }

  private mutating func bind(_ layout: Layout, _ number: Int) throws(EinsumError) {
    var seen: [Label: (extent: Int, range: SourceRange)] = [:]
    for axis in axes(of: layout, number) {
      let extent = layout.shape[axis.position]
      if axis.isEllipsis {
        try bindEllipsis(axis, extent, layout, number)
      } else {
        if let first = seen[axis.label], first.extent != extent {
          throw EinsumError(
            .diagonalMismatch(
              label: axis.label.description, operand: number, firstExtent: first.extent,
              secondExtent: extent),
            in: equation.text, at: axis.range,
            notes: [.init("extent \(first.extent) comes from here", at: first.range)])
        }
        seen[axis.label] = (extent, axis.range)
        try bindLabel(axis, extent, number)
      }
    }
    if let shape = ellipsisShape(of: layout, number),
      let range = equation.inputs[number].items.first(where: { $0.kind == .ellipsis })?.range
    {
      ellipsisShapes.append((number, shape, range))
    }
  }

  private mutating func bindLabel(_ axis: Axis, _ extent: Int, _ operand: Int) throws(EinsumError) {
    guard let known = set(axis, extent, operand) else { return }
    let origin = origins[known]
    throw EinsumError(
      .extentMismatch(
        label: axis.label.description, firstExtent: indices[known].extent, firstOperand: origin.operand,
        secondExtent: extent, secondOperand: operand),
      in: equation.text, at: axis.range,
      notes: [.init("extent \(indices[known].extent) comes from here", at: origin.range)])
  }

  private mutating func bindEllipsis(
    _ axis: Axis, _ extent: Int, _ layout: Layout, _ operand: Int
  ) throws(EinsumError) {
    guard let known = set(axis, extent, operand) else { return }
    let first = ellipsisShapes.first { $0.operand == origins[known].operand }
    throw EinsumError(
      .ellipsisMismatch(
        firstShape: first?.shape ?? [], firstOperand: origins[known].operand,
        secondShape: ellipsisShape(of: layout, operand) ?? [], secondOperand: operand),
      in: equation.text, at: axis.range,
      notes: first.map { [.init("shape \($0.shape) comes from here", at: $0.range)] } ?? [])
  }

  /// Sets an index's extent; size 1 gives way to any other. Returns the index if the two extents clash.
  private mutating func set(_ axis: Axis, _ extent: Int, _ operand: Int) -> Int? {
    guard let known = numbers[axis.label] else {
      numbers[axis.label] = indices.count
      indices.append(Index(axis.label, extent))
      origins.append((operand, axis.range))
      return nil
    }
    if extent == indices[known].extent || extent == 1 { return nil }
    guard indices[known].extent == 1 else { return known }
    indices[known] = Index(axis.label, extent)
    origins[known] = (operand, axis.range)
    return nil
  }

  // MARK: Terms

  /// One axis of an operand and the index that it belongs to.
  private struct Axis {
    let position: Int
    let label: Label
    let range: SourceRange
    let isEllipsis: Bool
  }

  private func axes(of layout: Layout, _ number: Int) -> [Axis] {
    let items = equation.inputs[number].items
    let width = layout.rank - items.count + 1
    var axes: [Axis] = []
    for item in items {
      switch item.kind {
      case .label(let label):
        axes.append(Axis(position: axes.count, label: label, range: item.range, isEllipsis: false))
      case .ellipsis:
        for place in 0..<width {
          let label = Self.ellipsisLabel(ellipsisRank - width + place)
          axes.append(Axis(position: axes.count, label: label, range: item.range, isEllipsis: true))
        }
      }
    }
    return axes
  }

  /// No label of the notation has a dot, so these are free.
  private static func ellipsisLabel(_ place: Int) -> Label { Label(".\(place)") }

  /// The output's labels, one for each of its axes.
  var outputLabels: [Label] {
    equation.output.items.flatMap { item -> [Label] in
      switch item.kind {
      case .label(let label): [label]
      case .ellipsis: (0..<ellipsisRank).map(Self.ellipsisLabel)
      }
    }
  }

  /// The shape of the result.
  var outputShape: [Int] {
    outputLabels.map { label in numbers[label].map { indices[$0].extent } ?? 1 }
  }

  /// An operand's strides by index: sums for repeated labels, none where size 1 broadcasts.
  func access(_ operand: OperandType, _ number: Int) -> TensorAccess {
    var strides: [Int: Int] = [:]
    var order: [Int] = []
    let steps = operand.layout.usedStrides
    for axis in axes(of: operand.layout, number) {
      guard let index = numbers[axis.label] else { continue }
      if operand.layout.shape[axis.position] == 1 && indices[index].extent != 1 { continue }
      if strides[index] == nil { order.append(index) }
      strides[index, default: 0] &+= steps[axis.position]
    }
    return TensorAccess(
      elementType: operand.elementType, indices: order, strides: order.map { strides[$0] ?? 0 },
      span: operand.layout.span ?? 0..<0,
      isConjugated: operand.isConjugated && operand.elementType.numberClass == .complex)
  }

  /// The output's strides by index.
  func outputAccess(_ type: ElementType, _ layout: Layout) -> TensorAccess {
    var strides: [Int: Int] = [:]
    var order: [Int] = []
    for (label, stride) in zip(outputLabels, layout.usedStrides) {
      guard let index = numbers[label] else { continue }
      if strides[index] == nil { order.append(index) }
      strides[index, default: 0] &+= stride
    }
    return TensorAccess(
      elementType: type, indices: order, strides: order.map { strides[$0] ?? 0 },
      span: layout.span ?? 0..<0)
  }
}
