import EinsumIR

/// The quickest way to run a pairwise step as small products; nil if it has no such form.
///
/// Each summed index is tried as the kernel's sum, with each index as columns or, side by side, as the products of a
/// call. The roles that remain go to the longest indices that can have them. Loops outside follow the output's order,
/// summed ones inside the others.
func makeBatchedCandidate(for contraction: Contraction, on machine: Machine) -> ScheduleCandidate? {
  guard contraction.operands.count == 2, !contraction.isEmpty, contraction.indices.count <= mostIndices,
    let (schedule, cost) = BatchedScheduler(contraction, machine).best
  else { return nil }
  let shared = isWorthSharing(cycles: cost) ? schedule.shared(in: contraction, on: machine) : schedule
  return ScheduleCandidate(schedule: .batched(shared), cycles: cost)
}

/// The most indices of a step that is tried: the number of schedules grows with its square.
private let mostIndices = 12

/// How much longer steps took than the cost says, against tiles: bmm-128, attention and tensor contractions whose tiles
/// were predicted to take 1.3 to 1.4 times as long were quicker with them.
private let optimism = 1.45

/// The most products of a call: enough that a call costs nothing, and few enough that threads find work.
private let mostProducts = 256

/// The bytes of products' matrices that lie side by side, at least, if they are copied from memory.
private let leastRun = 8 * cacheLine

/// Makes the batched schedules of one pairwise step.
private struct BatchedScheduler {
  let contraction: Contraction
  let machine: Machine
  let roles: IndexRoles
  let summed: Set<Int>

  init(_ contraction: Contraction, _ machine: Machine) {
    self.contraction = contraction
    self.machine = machine
    roles = IndexRoles(contraction)
    summed = Set(contraction.summed)
  }

  /// The schedule of least cost, and that cost in cycles.
  var best: (schedule: BatchedSchedule, cycles: Double)? {
    var best: (schedule: BatchedSchedule, cycles: Double)?
    if isReadByMaps { return nil }
    func consider(_ schedule: BatchedSchedule) {
      guard fitsCaches(schedule), !copiesMemory(schedule) else { return }
      let cost = (schedule.kernel == .dots ? 1 : optimism) * BatchedCost(schedule, contraction, machine).total
      if cost < best?.cycles ?? .infinity { best = (schedule, cost) }
    }
    for k in roles.k {
      for rowOperand in 0...1 {
        for n in rowOperand == 0 ? roles.n : roles.m {
          consider(schedule(.columns, rowOperand, k: k, n: n))
          if let dots = dots(rowOperand, k: k, n: n) { consider(dots) }
        }
      }
      for batch in roles.batch { consider(schedule(.lanes, 0, k: k, batch: batch)) }
    }
    return best
  }

  // MARK: What is left out

  /// Whether the step is bound by the reading of a tensor whose elements are used once each, and that lies in memory in runs as
  /// long as the first cache: maps read several parts of a run at once.
  ///
  /// Measured on Zen 3 with matrix-vector products of float32 from memory, small products and maps in GB/s: 64 x 64 from 14
  /// and 7 to 7 and 7, 128 x 128 7 and 12, 256 x 128 8 and 17; `bij,bij->bj` with 256 x 512 5 and 13.
  private var isReadByMaps: Bool {
    let points = contraction.points
    return contraction.indices.count > 2
      && contraction.operands.contains { tensor in
        let size = Double(tensor.elementType.size)
        let inner = zip(tensor.strides.map(\.magnitude), tensor.indices).sorted { $0 < $1 }.prefix(2)
        return contraction.size(of: tensor.indices) == points && points * size > Double(machine.l2)
          && contraction.size(of: inner.map(\.1)) * size >= Double(machine.l1)
      }
  }

  /// Whether a tensor that lies in memory is copied by parts of its cache lines: copies go by products, and the rest of a line
  /// is gone when another product needs it.
  private func copiesMemory(_ schedule: BatchedSchedule) -> Bool {
    schedule.copied.contains { tensor in
      let access = schedule.access(tensor, in: contraction)
      guard contraction.bytes(of: access) > Double(machine.l2) else { return false }
      if tensor == .output { return true }
      return run(of: tensor, schedule) * access.elementType.size < leastRun
    }
  }

  /// How many elements of what a call copies of a tensor lie side by side.
  private func run(of tensor: PairTensor, _ schedule: BatchedSchedule) -> Int {
    let access = schedule.access(tensor, in: contraction)
    let indices = (schedule.matrix(tensor) + [schedule.batch]).compactMap(\.self)
    let steps = indices.map { index in
      let extent = contraction.indices[index].extent
      let count = index == schedule.batch ? min(extent, schedule.batchBlock) : extent
      return (stride: abs(access.stride(of: index) ?? 0), count: count)
    }
    return steps.sorted { $0.stride < $1.stride }.reduce(1) { $1.stride == $0 ? $0 * $1.count : $0 }
  }

  /// Whether the part of a product that is read again and again stays in cache: products are not cut into blocks.
  private func fitsCaches(_ schedule: BatchedSchedule) -> Bool {
    let extents = [schedule.m, schedule.n, schedule.k].map { Double(schedule.extent($0, in: contraction)) }
    let (m, n, k) = (extents[0], extents[1], extents[2])
    let size = Double(contraction.computeType.kernelType.size)
    switch schedule.kernel {
    case .columns:
      let panel = k * min(n, Double(4 * machine.isa.vectorBytes) / size) * size
      return panel <= Double(machine.l1) && max(m * k, k * n, m * n) * size <= Double(machine.l2 / 4)
    case .dots: return k * n * size <= Double(machine.l2 / 2)
    case .lanes:
      return (m * k + k * n + m * n) * Double(machine.isa.vectorBytes) <= Double(machine.l2 / 2)
    }
  }

  // MARK: Schedules

  /// A schedule from the roles that are given, all others filled.
  private func schedule(
    _ kernel: BatchedSchedule.Kernel, _ rowOperand: Int, k: Int, n: Int? = nil, batch: Int? = nil
  ) -> BatchedSchedule {
    var rest = contraction.indices.indices.filter { $0 != k && $0 != n && $0 != batch }
    func longest(of indices: [Int]) -> Int? {
      let longest = rest.filter(indices.contains).max {
        (contraction.indices[$0].extent, $0) < (contraction.indices[$1].extent, $1)
      }
      rest.removeAll { $0 == longest }
      return longest
    }
    let (rows, columns) = rowOperand == 0 ? (roles.m, roles.n) : (roles.n, roles.m)
    let m = longest(of: rows)
    let n = n ?? longest(of: columns)
    let batch = batch ?? longest(of: roles.batch + roles.m + roles.n)
    let outer = rest.sorted { a, b in
      func rank(_ index: Int) -> (Int, Int, Int) {
        (summed.contains(index) ? 1 : 0, -abs(contraction.output.stride(of: index) ?? 0), index)
      }
      return rank(a) < rank(b)
    }
    var schedule = BatchedSchedule(
      kernel: kernel, outer: outer, batch: batch, m: m, n: n, k: k, rowOperand: rowOperand,
      batchBlock: mostProducts)
    schedule.copied = Set(PairTensor.allCases.filter { !schedule.isReachable($0, in: contraction) })
    if schedule.copied.contains(where: { !schedule.isCopiedOnce($0, in: contraction) }) {
      schedule.batchBlock = block(of: schedule)
    }
    return schedule
  }

  /// A schedule for the dots kernel; nil if the rows' operand is not contiguous along the sum.
  ///
  /// Products are of an index that all tensors have. If there is none the rows are, so that threads can share them; each
  /// call's rows then count as those of one product.
  private func dots(_ rowOperand: Int, k: Int, n: Int) -> BatchedSchedule? {
    guard contraction.computeType.kernelType.numberClass == .real,
      contraction.operands[rowOperand].stride(of: k) == 1
    else { return nil }
    let rows = rowOperand == 0 ? roles.m : roles.n
    let rowsOfProducts = rows.min {
      (-contraction.indices[$0].extent, $0) < (-contraction.indices[$1].extent, $1)
    }
    let products = roles.batch.isEmpty && rows.count == 1 ? rowsOfProducts : nil
    return schedule(.dots, rowOperand, k: k, n: n, batch: products)
  }

  /// The products of a call such that their copies fill half of L1, in whole vectors if these run across products.
  private func block(of schedule: BatchedSchedule) -> Int {
    let type = contraction.computeType.kernelType
    let elements = schedule.copied.reduce(0) { sum, tensor in
      if schedule.isCopiedOnce(tensor, in: contraction) { return sum }
      return sum + schedule.matrix(tensor).reduce(1) { $0 * schedule.extent($1, in: contraction) }
    }
    let fitting = max(1, machine.l1 / 2 / (elements * type.size))
    let multiple = schedule.kernel == .lanes ? machine.isa.vectorBytes / type.componentType.size : 1
    return min(mostProducts, max(multiple, fitting / multiple * multiple))
  }
}

extension BatchedSchedule {
  /// This schedule with one of its loops over the output divided among the machine's threads, if one is long enough.
  ///
  /// The longest is, the outermost among equals; blocks of products become smaller so that all threads have some.
  fileprivate func shared(in contraction: Contraction, on machine: Machine) -> BatchedSchedule {
    let candidates = (outer + [batch].compactMap(\.self)).filter {
      contraction.output.stride(of: $0) ?? 0 != 0
    }
    func count(_ index: Int) -> Int { contraction.indices[index].extent }
    guard machine.threads > 1, let longest = candidates.map(count).max(), longest >= machine.threads,
      let index = candidates.first(where: { count($0) == longest })
    else { return self }
    var result = self
    result.shared = index
    result.threads = machine.threads
    if index == batch {
      // A few blocks for each thread, so that shares differ little.
      result.batchBlock = min(batchBlock, max(1, longest / (4 * machine.threads)))
    }
    return result
  }
}
