/// How a pairwise step runs as many small products, computed together by one kernel call.
///
/// Four indices, or fewer, are the kernel's dimensions: the products of a call, and rows, columns and sum of each. All
/// others are loops round it. Each output element has one sum, formed in the order of k.
package struct BatchedSchedule: PairSchedule, Hashable, Sendable {
  /// Along what the kernel's vectors run.
  package enum Kernel: String, Hashable, Sendable {
    /// Along columns, which are contiguous in the columns' operand and the output.
    case columns
    /// Across products, which are contiguous in all three tensors.
    case lanes
    /// Along the sum, which is contiguous in both operands: rows of one product, or of all, with few columns.
    case dots
  }

  package var kernel: Kernel
  /// The indices of the loops round the kernel, outermost first.
  package var outer: [Int]
  /// The index of the products in a call: any index of the output.
  package var batch: Int?
  /// The index of the rows: not of the columns' operand.
  package var m: Int?
  /// The index of the columns: not of the rows' operand.
  package var n: Int?
  /// The index that is summed in the kernel.
  package var k: Int?
  package var rowOperand: Int
  /// The most products of a call.
  package var batchBlock: Int
  /// The tensors that are copied into scratch, or out of it, because the kernel cannot reach them as they are: for each
  /// call, or for all products at once if these have it in common.
  package var copied: Set<PairTensor>
  /// The index whose loop is divided among the threads: one of the output's outside, or that of the products. If it is
  /// nil, one thread does all.
  package var shared: Int?
  /// The threads that there is scratch for.
  package var threads: Int

  package init(
    kernel: Kernel, outer: [Int], batch: Int?, m: Int?, n: Int?, k: Int?, rowOperand: Int, batchBlock: Int,
    copied: Set<PairTensor> = [], shared: Int? = nil, threads: Int = 1
  ) {
    self.kernel = kernel
    self.outer = outer
    self.batch = batch
    self.m = m
    self.n = n
    self.k = k
    self.rowOperand = rowOperand
    self.batchBlock = batchBlock
    self.copied = copied
    self.shared = shared
    self.threads = threads
  }
}

extension BatchedSchedule {
  /// The indices of a tensor's rows and columns in the kernel.
  package func matrix(_ tensor: PairTensor) -> [Int?] {
    switch tensor {
    case .rows: [m, k]
    case .columns: [k, n]
    case .output: [m, n]
    }
  }

  /// The extent of one of the kernel's dimensions, 1 where there is none.
  package func extent(_ index: Int?, in contraction: Contraction) -> Int {
    index.map { contraction.indices[$0].extent } ?? 1
  }

  /// The index along which the kernel needs a tensor to be contiguous; nil if there is no such need.
  package func contiguous(_ tensor: PairTensor) -> Int? {
    switch kernel {
    case .lanes: batch
    case .columns: tensor == .rows ? nil : n
    case .dots: tensor == .output ? nil : k
    }
  }

  /// Whether one copy of a tensor serves all products: they have it in common, and the kernel may read it again and again.
  package func isCopiedOnce(_ tensor: PairTensor, in contraction: Contraction) -> Bool {
    guard kernel != .lanes, tensor != .output else { return false }
    return batch.map { access(tensor, in: contraction).stride(of: $0) == nil } ?? true
  }

  /// Whether the kernel can reach a tensor as it lies in memory.
  package func isReachable(_ tensor: PairTensor, in contraction: Contraction) -> Bool {
    contiguous(tensor).map { access(tensor, in: contraction).stride(of: $0) == 1 } ?? true
  }

  /// Why this schedule is not legal for a step, or nothing if it is.
  package func violations(for contraction: Contraction) -> [String] {
    guard contraction.operands.count == 2, rowOperand == 0 || rowOperand == 1 else {
      return ["a batched schedule needs two operands"]
    }
    let inner = [batch, m, n, k].compactMap(\.self)
    guard (outer + inner).sorted() == Array(contraction.indices.indices) else {
      return ["the loops do not hold every index once"]
    }
    let (rows, columns) = (access(.rows, in: contraction), access(.columns, in: contraction))
    let output = contraction.output
    var violations: [String] = []
    func require(_ index: Int?, _ isLegal: (Int) -> Bool, _ role: String) {
      guard let index, !isLegal(index) else { return }
      violations.append("index \(contraction.indices[index].label) cannot be the \(role)")
    }
    require(batch, { output.stride(of: $0) != nil }, "products")
    require(m, { output.stride(of: $0) != nil && columns.stride(of: $0) == nil }, "rows")
    require(n, { output.stride(of: $0) != nil && rows.stride(of: $0) == nil }, "columns")
    require(k, { output.stride(of: $0) == nil }, "sum")
    if kernel == .dots && contraction.computeType.kernelType.numberClass != .real {
      violations.append("there are no dots of \(contraction.computeType.kernelType)")
    }
    for tensor in PairTensor.allCases
    where !copied.contains(tensor) && !isReachable(tensor, in: contraction) {
      violations.append("the \(tensor.rawValue) are not contiguous where the kernel needs it")
    }
    if let shared {
      require(shared, { (outer + [batch]).contains($0) && output.stride(of: $0) ?? 0 != 0 }, "shared index")
      if threads < 2 { violations.append("one thread cannot share") }
    }
    if batchBlock < 1 { violations.append("the block of products is empty") }
    return violations
  }
}

// MARK: Scratch

/// A copy of one tensor for a block of products, in the scratch of a batched step.
package struct BatchedCopy: Hashable, Sendable {
  package let tensor: PairTensor
  /// Where it begins, in bytes from the start of the step's scratch.
  package let offset: Int
  /// Its elements.
  package let count: Int
  /// The steps from one product, row and column to the next.
  package let strides: [Int]
}

extension BatchedSchedule {
  /// The copies that each thread keeps, the size of a thread's in bytes, and the size of all.
  ///
  /// A copy for the columns kernel holds one product after the other, row by row; for the dots kernel, column by column
  /// if it is of the columns, with space between them so that not all of them compete for the same lines of a cache. One
  /// for the lanes kernel holds each element of the matrices for all products; the elements follow each other as in the
  /// tensor, so that whole matrices are copied as one where the tensor allows it.
  package func scratch(for contraction: Contraction) -> (copies: [BatchedCopy], own: Int, size: Int) {
    var copies: [BatchedCopy] = []
    var size = 0
    for tensor in PairTensor.allCases where copied.contains(tensor) {
      let matrix = matrix(tensor)
      let extents = matrix.map { extent($0, in: contraction) }
      let isOnce = isCopiedOnce(tensor, in: contraction)
      let products = isOnce ? 1 : batchBlock
      var strides: [Int]
      var count = products * extents[0] * extents[1]
      switch kernel {
      case .dots where tensor == .columns:
        let line = WorkspaceAlignment.bytes / contraction.computeType.kernelType.size
        let step = (extents[0] + line - 1) / line * line + line
        count = products * extents[1] * step
        strides = [extents[1] * step, 1, step]
      case .columns, .dots: strides = [extents[0] * extents[1], extents[1], 1]
      case .lanes:
        let access = access(tensor, in: contraction)
        let steps = matrix.map { index in abs(index.flatMap { access.stride(of: $0) } ?? 0) }
        strides =
          steps[0] >= steps[1]
          ? [1, extents[1] * products, products] : [1, products, extents[0] * products]
      }
      if isOnce { strides[0] = 0 }
      copies.append(BatchedCopy(tensor: tensor, offset: size, count: count, strides: strides))
      // Copies often have the size of some pages; if they began at the same place in a page, the CPU would take reads of
      // one for reads of what was just written to another.
      size += WorkspaceAlignment.rounded(count * contraction.computeType.kernelType.size) + Self.stagger
    }
    if size > 0 { size -= Self.stagger }
    return (copies, size, shared == nil ? size : size * threads)
  }

  /// The bytes between one copy and the next, a third of a page.
  private static let stagger = 21 * WorkspaceAlignment.bytes
}
