package import EinsumIR

/// A loop of a program, by its place in ``LoopProgram/loops``.
package struct LoopID: Hashable, Sendable {
  package let number: Int
  package init(_ number: Int) { self.number = number }
}

/// A buffer of a program, by its place in ``LoopProgram/buffers``.
package struct BufferID: Hashable, Sendable {
  package let number: Int
  package init(_ number: Int) { self.number = number }
}

/// A loop over an index, in blocks: `for (i = 0; i < extent; i += step)`.
///
/// A loop with a parent divides each of the parent's blocks further; its variable counts from the start of that
/// block. A block's length is `step`, or what is left at the end. If a loop is shared, each thread runs its share of the
/// blocks, which lie side by side.
package struct Loop: Hashable, Sendable {
  package enum Range: Hashable, Sendable {
    case whole(Int)
    case block(of: LoopID)
  }

  package var name: String
  package var range: Range
  package var step: Int
  package var isShared: Bool
  /// The labels of the indices that it runs over, slowest first; for people.
  package var label: String

  package init(name: String, range: Range, step: Int, isShared: Bool = false, label: String = "") {
    self.name = name
    self.range = range
    self.step = step
    self.isShared = isShared
    self.label = label
  }
}

extension Loop {
  /// How many blocks an extent of at least 1 has.
  func blockCount(of extent: Int) -> Int { (extent - 1) / max(step, 1) + 1 }
}

/// How many elements a kernel covers along one of its dimensions.
package enum Length: Hashable, Sendable {
  case constant(Int)
  /// The length of the current block of a loop.
  case block(LoopID)
  /// How many blocks a loop has each time that it is entered; the loop itself need not be there.
  case blocks(of: LoopID)
}

/// `constant + sum of coefficient * loop variable`, in elements.
package struct Affine: Hashable, Sendable {
  package struct Term: Hashable, Sendable {
    package var loop: LoopID
    package var coefficient: Int
    /// Whether the loop's blocks are counted, in place of the values that they hold.
    package var countsBlocks = false
  }

  package var constant: Int
  package var terms: [Term]

  package init(_ constant: Int = 0, _ terms: [(loop: LoopID, coefficient: Int)] = []) {
    self.constant = constant
    self.terms = terms.filter { $0.coefficient != 0 }.map { Term(loop: $0.loop, coefficient: $0.coefficient) }
  }

  /// `coefficient` for each block of a loop before the present one.
  package init(blocksOf loop: LoopID, times coefficient: Int) {
    self.init(0, [(loop, coefficient)])
    for number in terms.indices { terms[number].countsBlocks = true }
  }
}

/// How a kernel moves along one of its dimensions in a buffer.
package enum Walk: Hashable, Sendable {
  /// By a constant number of elements.
  case stride(Int)
  /// By looking up a table of offsets, from the position on.
  case table(BufferID, position: Affine)
}

/// The elements of a buffer that a kernel touches: a start, and a walk and a length for each of its dimensions.
package struct Access: Hashable, Sendable {
  package struct Dimension: Hashable, Sendable {
    package var walk: Walk
    package var length: Length

    package init(_ walk: Walk, _ length: Length) {
      self.walk = walk
      self.length = length
    }
  }

  package var buffer: BufferID
  package var start: Affine
  package var dimensions: [Dimension]

  package init(_ buffer: BufferID, _ start: Affine, _ dimensions: [Dimension]) {
    self.buffer = buffer
    self.start = start
    self.dimensions = dimensions
  }
}

/// A call of a library kernel.
///
/// The dimensions of the accesses are, by kind:
///
/// - tile: output `m n`, inputs the panels `k mr` and `k nr`.
/// - pack: output the panel `k width`, input `rows k`.
/// - packPanels: output the panels `count k width`, input `rows k`.
/// - packAcross: output the panels `count k width`, input `count rows k`.
/// - tileInPlace: as tile, but the first input is the rows, `m k`; the second may be whole rows of columns, `k n`.
/// - columns, lanes, dots: output `batch m n`, inputs `batch m k` and `batch k n`.
/// - all others: `rows columns` for the output and each input.
package struct KernelCall: Hashable, Sendable {
  package var spec: KernelSpec
  package var output: Access
  package var inputs: [Access]
  /// The output's old value is a term if one of these loops is past its first block; it is not read otherwise.
  package var accumulatesAfterFirst: [LoopID]
  /// Whether the output is written past the caches, by kernels that can.
  package var streams: Bool

  package init(
    _ spec: KernelSpec, output: Access, inputs: [Access], accumulatesAfterFirst: [LoopID] = [],
    streams: Bool = false
  ) {
    self.spec = spec
    self.output = output
    self.inputs = inputs
    self.accumulatesAfterFirst = accumulatesAfterFirst
    self.streams = streams
  }

  /// The output and the inputs.
  package var accesses: [Access] { [output] + inputs }

  /// Whether a tile's second input is whole rows of columns where they lie, not a panel.
  var readsColumnsInPlace: Bool {
    guard case .tileInPlace = spec.kind, case .block = inputs.last?.dimensions.last?.length else {
      return false
    }
    return true
  }
}

/// A table of offsets: for each value of a composite group, slowest index first, the sum of its strides.
package struct OffsetTable: Hashable, Sendable {
  package struct Digit: Hashable, Sendable {
    package var extent: Int
    package var stride: Int
  }

  package var digits: [Digit]

  package init(_ digits: [(extent: Int, stride: Int)]) {
    self.digits = digits.map { Digit(extent: $0.extent, stride: $0.stride) }
  }

  /// The number of entries.
  package var count: Int { digits.reduce(1) { $0 * $1.extent } }
}

/// Memory that a program touches.
package struct ProgramBuffer: Hashable, Sendable {
  package enum Storage: Hashable, Sendable {
    case operand(Int)
    case output
    /// In the workspace, from this byte on.
    case workspace(Int)
    /// In the workspace, one for each thread: from this byte on, `stride` bytes apart.
    case threadWorkspace(Int, stride: Int)
  }

  package enum Content: Hashable, Sendable {
    case elements(ElementType)
    case offsets(OffsetTable)
  }

  package var name: String
  package var storage: Storage
  package var content: Content
  /// The elements that may be touched, relative to the buffer's pointer.
  package var span: Range<Int>

  package init(name: String, storage: Storage, content: Content, span: Range<Int>) {
    self.name = name
    self.storage = storage
    self.content = content
    self.span = span
  }

  /// The size of an element in bytes.
  package var elementSize: Int {
    switch content {
    case .elements(let type): type.size
    case .offsets: 8
    }
  }
}

extension ProgramBuffer.Storage {
  /// Whether the buffer is part of the workspace, which holds nothing when a call begins.
  package var isWorkspace: Bool {
    switch self {
    case .workspace, .threadWorkspace: true
    case .operand, .output: false
    }
  }
}

/// One line of a program.
package indirect enum Statement: Hashable, Sendable {
  case loop(LoopID, [Statement])
  /// Computes all entries of an offset table; the first thread does it.
  case fillTable(BufferID)
  /// No thread goes on before all have come here.
  case barrier
  case call(KernelCall)
}

extension [Statement] {
  /// The calls in these statements, those inside loops included, in order.
  package var calls: [KernelCall] {
    flatMap { statement -> [KernelCall] in
      switch statement {
      case .loop(_, let body): body.calls
      case .fillTable, .barrier: []
      case .call(let call): [call]
      }
    }
  }
}

/// What a step of the plan became.
package struct ProgramStep: Hashable, Sendable {
  /// The elements of a buffer that a step has to touch, from the first to the last.
  package struct Reach: Hashable, Sendable {
    package var buffer: BufferID
    package var elements: Range<Int>

    package init(_ buffer: BufferID, _ elements: Range<Int>) {
      self.buffer = buffer
      self.elements = elements
    }
  }

  /// The step in the plan's words.
  package var comment: String
  /// What the plan says about the step's tensors, for the verifier to hold the loops against.
  package var reaches: [Reach]
  /// Whether all threads run the body, or the first alone.
  package var isShared: Bool
  package var body: [Statement]

  package init(comment: String, reaches: [Reach] = [], isShared: Bool = false, body: [Statement]) {
    self.comment = comment
    self.reaches = reaches
    self.isShared = isShared
    self.body = body
  }
}

/// The loop IR: C-shaped, affine, and provably in bounds before any C is printed.
///
/// A program is a driver: loops that call kernels. If it is for several threads, each runs the whole program: loops that
/// are shared are divided among them, and between two steps they wait for each other. A program declares every buffer with
/// the elements that may be touched, which is what ``verify()`` proves accesses against.
package struct LoopProgram: Hashable, Sendable {
  package var buffers: [ProgramBuffer]
  package var loops: [Loop]
  package var steps: [ProgramStep]
  package var operandCount: Int
  /// The most threads that may run the program together.
  package var threads: Int
  /// In bytes, for all threads.
  package var workspaceSize: Int

  package init(
    buffers: [ProgramBuffer] = [], loops: [Loop] = [], steps: [ProgramStep] = [], operandCount: Int,
    threads: Int = 1, workspaceSize: Int
  ) {
    self.buffers = buffers
    self.loops = loops
    self.steps = steps
    self.operandCount = operandCount
    self.threads = threads
    self.workspaceSize = workspaceSize
  }

  package subscript(id: BufferID) -> ProgramBuffer { buffers[id.number] }
  package subscript(id: LoopID) -> Loop { loops[id.number] }

  /// An affine number for given values of all loops' variables.
  package func value(of affine: Affine, at positions: [Int]) -> Int {
    affine.terms.reduce(affine.constant) { sum, term in
      let position = positions[term.loop.number]
      return sum + term.coefficient * (term.countsBlocks ? position / self[term.loop].step : position)
    }
  }

  /// Whether a loop never has more than one block.
  package func isSingle(_ id: LoopID) -> Bool {
    let loop = self[id]
    return switch loop.range {
    case .whole(let extent): extent <= loop.step
    case .block(let parent):
      if case .whole(let extent) = self[parent].range {
        min(extent, self[parent].step) <= loop.step
      } else {
        self[parent].step <= loop.step
      }
    }
  }

  /// The kernels that the program calls, each once, in the order of their first call.
  package var kernels: [KernelSpec] {
    var seen = Set<KernelSpec>()
    return steps.flatMap(\.body.calls).map(\.spec).filter { seen.insert($0).inserted }
  }
}
