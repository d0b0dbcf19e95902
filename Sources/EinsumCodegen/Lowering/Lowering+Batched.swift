import EinsumIR

extension Lowering {
  /// A pairwise step as loops round calls that compute many small products each.
  ///
  ///     outer loops
  ///       operands that all products have in common are copied into scratch, if the kernel cannot reach them
  ///       products in blocks
  ///         other operands that it cannot reach are copied
  ///         the kernel; adds to the output from the second block of summed loops on
  ///         the output is copied from scratch, or added, if the kernel could not write it
  mutating func lowerBatched(_ step: Step, _ schedule: BatchedSchedule) -> [Statement] {
    let parts = BatchedParts(step, schedule, &self)
    let (rows, columns, output) = (parts.view(.rows), parts.view(.columns), parts.view(.output))
    func copies(once: Bool) -> [Statement] {
      [rows, columns].filter { $0.isOnce == once }.flatMap { copy($0, $0.memory, to: $0.scratch, parts.type) }
    }
    let before = copies(once: true)
    var body = copies(once: false)
    body.append(
      .call(
        KernelCall(
          KernelSpec(schedule.kernel.kind, parts.type, plan.isa), output: output.forKernel,
          inputs: [rows.forKernel, columns.forKernel],
          accumulatesAfterFirst: output.scratch == nil ? parts.summedLoops : [])))
    if let source = output.scratch {
      body += copy(
        output, source, to: output.memory, parts.type, accumulatesAfterFirst: parts.summedLoops)
    }
    return nest(parts.outer.map(\.loop), before + nest([parts.products], body))
  }

  /// A copy of a block of products: two dimensions by the kernel, the third by a loop.
  ///
  /// Rows and columns that follow each other evenly on both sides count as one dimension. The kernel's columns are where
  /// the destination is contiguous, its rows where the source is, or the longer of what is left.
  private mutating func copy(
    _ view: BatchedView, _ source: BatchedView.Side, to destination: BatchedView.Side?, _ type: ElementType,
    accumulatesAfterFirst: [LoopID] = []
  ) -> [Statement] {
    guard let destination else { return [] }
    var dimensions = (view.isOnce ? 1..<3 : 0..<3).map {
      CopyDimension(view.lengths[$0], source.strides[$0], destination.strides[$0], view.labels[$0])
    }
    if !view.isOnce,
      let merged = CopyDimension(dimensions[1], dimensions[2]) ?? CopyDimension(dimensions[2], dimensions[1])
    {
      dimensions = [dimensions[0], merged]
    }
    func takeSmallest(_ stride: (CopyDimension) -> Int) -> CopyDimension {
      let place = dimensions.indices.min { abs(stride(dimensions[$0])) < abs(stride(dimensions[$1])) } ?? 0
      return dimensions.remove(at: place)
    }
    let inner = takeSmallest(\.destination)
    let middle = takeSmallest(\.source)
    var sourceStart = source.start
    var destinationStart = destination.start
    var loops: [LoopID] = []
    for dimension in dimensions {
      let range: Loop.Range =
        switch dimension.length {
        case .constant(let extent): .whole(extent)
        case .block(let loop): .block(of: loop)
        case .blocks: preconditionFailure("internal: a copy for small products goes from block to block")
        }
      let loop = loop(range, step: 1, label: dimension.label)
      loops.append(loop)
      sourceStart.append((loop, dimension.source))
      destinationStart.append((loop, dimension.destination))
    }
    let spec =
      accumulatesAfterFirst.isEmpty
      ? KernelSpec(.copy, type.copyType, plan.isa) : KernelSpec(.sum, type, plan.isa)
    let call = KernelCall(
      spec,
      output: Access(
        destination.buffer, Affine(0, destinationStart),
        [middle, inner].map { .init(.stride($0.destination), $0.length) }),
      inputs: [
        Access(
          source.buffer, Affine(0, sourceStart), [middle, inner].map { .init(.stride($0.source), $0.length) })
      ], accumulatesAfterFirst: accumulatesAfterFirst)
    return nest(loops, [.call(call)])
  }
}

extension BatchedSchedule.Kernel {
  fileprivate var kind: KernelKind {
    switch self {
    case .columns: .columns
    case .lanes: .lanes
    case .dots: .dots
    }
  }
}

/// The loops and copies of a batched step, and how each of its tensors is reached.
private struct BatchedParts {
  let step: Step
  let schedule: BatchedSchedule
  /// The type of the kernels.
  let type: ElementType
  /// The loops round the kernel's dimensions.
  let outer: [IndexLoop]
  let products: LoopID
  /// The tensors' copies.
  let scratch: [PairTensor: (buffer: BufferID, strides: [Int])]

  init(_ step: Step, _ schedule: BatchedSchedule, _ lowering: inout Lowering) {
    let contraction = step.contraction
    self.step = step
    self.schedule = schedule
    let type = contraction.computeType.kernelType
    self.type = type
    outer = schedule.outer.map {
      ($0, lowering.loop(over: $0, of: contraction, isShared: $0 == schedule.shared))
    }
    products = lowering.loop(
      .whole(schedule.extent(schedule.batch, in: contraction)), step: schedule.batchBlock,
      label: contraction.names(schedule.batch.map { [$0] } ?? []),
      isShared: schedule.batch != nil && schedule.batch == schedule.shared)
    let layout = schedule.scratch(for: contraction)
    let copies = layout.copies.map { copy in
      let buffer = lowering.buffer(
        "block", at: step.scratchOffset + copy.offset, threadStride: schedule.shared == nil ? 0 : layout.own,
        .elements(type), count: copy.count)
      return (copy.tensor, (buffer, copy.strides))
    }
    scratch = Dictionary(uniqueKeysWithValues: copies)
  }

  /// The loops over indices that are summed.
  var summedLoops: [LoopID] {
    outer.filter { step.contraction.output.stride(of: $0.index) == nil }.map(\.loop)
  }

  /// A tensor over a block of products, in memory and, if it is copied, in scratch.
  func view(_ tensor: PairTensor) -> BatchedView {
    let contraction = step.contraction
    let isOnce = schedule.isCopiedOnce(tensor, in: contraction)
    let access = schedule.access(tensor, in: contraction)
    let indices = [schedule.batch] + schedule.matrix(tensor)
    let strides = indices.map { index in
      // A dimension that the step lacks counts as contiguous.
      index.map { access.stride(of: $0) ?? 0 } ?? 1
    }
    let lengths: [Length] =
      [.block(products)] + indices.dropFirst().map { .constant(schedule.extent($0, in: contraction)) }
    let copy = scratch[tensor]
    return BatchedView(
      memory: .init(
        BufferID(schedule.number(of: tensor, in: step)), copy != nil && isOnce ? nil : products,
        access.terms(outer), strides),
      scratch: copy.map { .init($0.buffer, nil, [], $0.strides) }, lengths: lengths, isOnce: isOnce,
      labels: indices.map { contraction.names($0.map { [$0] } ?? []) })
  }
}

/// A tensor of a batched step over a block of products: where it lies, and its copy in scratch.
private struct BatchedView {
  /// A place of the block: a buffer, the terms of its start, and strides for products, rows and columns.
  struct Side {
    let buffer: BufferID
    let start: [(loop: LoopID, coefficient: Int)]
    let strides: [Int]

    init(
      _ buffer: BufferID, _ products: LoopID?, _ terms: [(loop: LoopID, coefficient: Int)], _ strides: [Int]
    ) {
      self.buffer = buffer
      start = terms + (products.map { [($0, strides[0])] } ?? [])
      self.strides = strides
    }
  }

  let memory: Side
  let scratch: Side?
  let lengths: [Length]
  /// Whether its copy is made once for all products.
  let isOnce: Bool
  let labels: [String]

  /// The access of the kernel that multiplies.
  var forKernel: Access {
    let side = scratch ?? memory
    return Access(
      side.buffer, Affine(0, side.start), zip(side.strides, lengths).map { .init(.stride($0), $1) })
  }
}

/// A dimension of a copy: how far it goes, and its strides on both sides.
private struct CopyDimension {
  let length: Length
  let source: Int
  let destination: Int
  let label: String

  init(_ length: Length, _ source: Int, _ destination: Int, _ label: String) {
    self.length = length
    self.source = source
    self.destination = destination
    self.label = label
  }

  /// Two dimensions as one; nil if they do not follow each other evenly on both sides.
  init?(_ outer: CopyDimension, _ inner: CopyDimension) {
    guard case .constant(let outerCount) = outer.length, case .constant(let count) = inner.length,
      outer.source == count * inner.source, outer.destination == count * inner.destination
    else { return nil }
    self.init(.constant(outerCount * count), inner.source, inner.destination, outer.label + inner.label)
  }
}
