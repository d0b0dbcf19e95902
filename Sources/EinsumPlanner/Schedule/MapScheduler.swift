import EinsumIR

/// Chooses the loop order and the blocks of a map or reduce step.
///
/// The kernel's columns are the index along which tensors step least: unit stride or none in as many as possible, the
/// output counted twice as it is read and written. The other indices follow the order of the largest tensor, so that memory is
/// walked in order; its next smallest stride gives the rows. A copy between two orders has its output's smallest stride
/// as columns and its input's as rows. Outputs that no cache would hold are streamed.
///
/// - Parameters:
///   - isIntermediate: whether the next step reads the output: from a cache, if one keeps it until then.
///   - innermost: the index of the kernel's columns, in place of the best one.
func makeMapSchedule(
  for contraction: Contraction, isIntermediate: Bool, on machine: Machine, innermost: Int? = nil
) -> MapSchedule {
  let isCopy = contraction.operands.count == 1 && contraction.summed.isEmpty
  let columns = innermost ?? copyColumns(of: contraction) ?? bestColumns(of: contraction)
  if isCopy {
    return copySchedule(contraction, columns, isIntermediate, machine).sharedIfWorthIt(
      in: contraction, on: machine)
  }
  return generalSchedule(contraction, columns, isIntermediate, machine).inParts(of: contraction, on: machine)
    .sharedIfWorthIt(in: contraction, on: machine)
}

/// The predicted cycles of a map or reduce step: a vector of every tensor in a cycle, and two for each cache line that
/// the columns step to, as rows next to each other use it up.
///
/// For one step this orders schedules as `makeMapSchedule` does.
func mapCycles(of schedule: MapSchedule, for contraction: Contraction, on machine: Machine) -> Double {
  let tensors = contraction.operands + [contraction.output]
  let bytes = tensors.reduce(0) { $0 + $1.elementType.size }
  let lines = schedule.columns.map { columns in
    let costs = contraction.indices.indices.map { stepCost(of: $0, in: contraction) }
    return columns == copyColumns(of: contraction) ? costs.min() ?? 0 : costs[columns]
  }
  let points = contraction.points
  return points * (Double(bytes) / Double(machine.isa.vectorBytes) + 2 * (lines ?? 0))
}

/// The index along which tensors step least.
private func bestColumns(of contraction: Contraction) -> Int? {
  let costs = contraction.indices.indices.map { stepCost(of: $0, in: contraction) }
  return costs.indices.min { costs[$0] < costs[$1] }
}

/// What a step along an index costs, in cache lines per element over all tensors, plus the cost of starting a run that
/// is short.
private func stepCost(of index: Int, in contraction: Contraction) -> Double {
  let output = contraction.output
  let extent = Double(contraction.indices[index].extent)
  let lines = (contraction.operands + [output, output]).reduce(0.0) { sum, tensor in
    let bytes = Double((tensor.stride(of: index) ?? 0).magnitude) * Double(tensor.elementType.size)
    return sum + min(1, bytes / Double(cacheLine))
  }
  return lines + 2 / extent
}

// MARK: Products and sums

/// The schedule of a product or sum for one thread.
func makeGeneralSchedule(
  for contraction: Contraction, isIntermediate: Bool, on machine: Machine
) -> MapSchedule {
  generalSchedule(contraction, bestColumns(of: contraction), isIntermediate, machine)
}

private func generalSchedule(
  _ contraction: Contraction, _ columns: Int?, _ isIntermediate: Bool, _ machine: Machine
) -> MapSchedule {
  let largest = largestTensor(of: contraction)
  let rest = sorted(contraction.indices.indices.filter { $0 != columns }, by: largest, contraction)
  let walked = rest.filter { largest.stride(of: $0) != nil }
  let rows = walked.last ?? rest.last
  // A block of the largest tensor stays in cache while the indices that it lacks go round.
  let inner = walked + rest.filter { largest.stride(of: $0) == nil } + (columns.map { [$0] } ?? [])
  let summed = Set(contraction.summed)
  let isSummed = { (index: Int?) in index.map(summed.contains) ?? false }
  let (height, width) = (extent(rows, contraction), extent(columns, contraction))

  var blocks: (row: Int, column: Int)
  switch (isSummed(rows), isSummed(columns)) {
  case (_, true):
    let isShared = contraction.operands.contains { rows.map($0.indices.contains) == false }
    let column = isShared ? machine.l2 / 4 / contraction.computeType.size : width
    let rows = blockElements / max(min(width, column), 1)
    blocks = (max(rows / leastRows * leastRows, leastRows), column)
  case (true, false):
    blocks = (height, sumBytes / contraction.computeType.size)
  case (false, false):
    let column = min(width, mapBytes / contraction.computeType.size)
    blocks = (max(blockElements / max(column, 1), 1), column)
  }
  blocks = (max(min(blocks.row, height), 1), max(min(blocks.column, width), 1))
  let order = inner.filter { !summed.contains($0) } + inner.filter(summed.contains)
  return MapSchedule(
    order: order, rows: rows, columns: columns, rowBlock: blocks.row, columnBlock: blocks.column,
    streams: isStreamed(contraction, columns, isIntermediate, machine))
}

/// The elements of one kernel call: enough that the call costs nothing, few enough that threads can share the calls.
private let blockElements = 32768

/// The rows that are summed in one call are a multiple of this: several parts of them are read at once, each of which is a run
/// of rows. On Zen 4, 4096 x 4096 floats in calls of 8, 32, 128 and 512 rows: 30, 31, 35 and 36 GB/s.
private let leastRows = 128

/// A row of sums, which stays in the first cache while rows are added to it.
private let sumBytes = 16384

/// A row of a map: a share of the first cache, for what other rows read again.
private let mapBytes = 8192

// MARK: Copies

/// The index along which a copy's output is contiguous, if there is one, however short: the kernel transposes rows of a few
/// elements too, but writes elements that lie apart one by one.
private func copyColumns(of contraction: Contraction) -> Int? {
  let output = contraction.output
  guard contraction.operands.map(\.elementType) == [output.elementType], contraction.summed.isEmpty else {
    return nil
  }
  return contraction.indices.indices.first {
    output.stride(of: $0) == 1 && contraction.indices[$0].extent > 1
  }
}

/// Copies and conversions.
private func copySchedule(
  _ contraction: Contraction, _ columns: Int?, _ isIntermediate: Bool, _ machine: Machine
) -> MapSchedule {
  let (input, output) = (contraction.operands[0], contraction.output)
  let size = output.elementType.size
  let byOutput = sorted(Array(contraction.indices.indices), by: output, contraction)
  let byInput = sorted(Array(contraction.indices.indices), by: input, contraction)
  guard let columns, let source = byInput.last else {
    return MapSchedule(order: [], rows: nil, columns: nil, rowBlock: 1, columnBlock: 1)
  }
  let isTransposed = columns != source && extent(columns, contraction) > 1
  let isCrowded = isTransposed && abs((output.stride(of: source) ?? 0) * size) % crowdedPitch == 0
  let streams =
    output.elementType == input.elementType
    && (outgrowsCaches(contraction, columns, isIntermediate, machine)
      || isCrowded && outputBytes(contraction) >= Double(machine.l2) && !isIntermediate)
  let width = extent(columns, contraction)
  let isAligned = output.strides.allSatisfy { $0 == 1 || $0 * size % cacheLine == 0 }
  if !isTransposed {
    // Rows in the order in which they are read; but where the output's lines hold parts of several, in its own.
    let order = isAligned && width * size % cacheLine == 0 ? byInput : byOutput
    var rest = order.filter { $0 != columns }
    let rows = rest.last
    var rowBlock = max(blockElements / max(width, 1), 1)
    // Pieces of lines: blocks of few enough rows that their lines wait in the second cache until the next pieces are read.
    if let rows, let next = byInput.last(where: { $0 != columns }), next != rows,
      width * size < 2 * cacheLine, order == byOutput
    {
      rest = rest.filter { $0 != next && $0 != rows } + [rows, next]
      rowBlock = machine.l2 / 8 / cacheLine
    }
    return MapSchedule(
      order: rest + [columns], rows: rows, columns: columns, rowBlock: rowBlock, columnBlock: blockElements,
      streams: streams)
  }
  // Few enough columns that the lines of the source under all of them wait in cache until they are used up; but all of
  // them where blocks would begin inside the output's lines, and where two blocks would hold them.
  let line = max(size == 1 ? cacheLine : 2 * cacheLine / size, 16)
  // Where the source's lines are short there are more columns in a call.
  let height = min(extent(source, contraction), copyRows)
  let least = max(leastCopiedColumns, leastCopiedRun / size)
  let isDivided = isAligned && width * size % cacheLine == 0 && width >= 2 * least
  let columnBlock = isDivided ? max(leastCopied / height / line * line, least) : width
  // Threads share the outermost loop, which is not to cut the output's rows where the blocks do not.
  let outer = byInput.filter { $0 != columns && $0 != source }
  let order = isDivided ? [columns] + outer + [source] : outer + [columns, source]
  let schedule = MapSchedule(
    order: order, rows: source, columns: columns, rowBlock: copyRows, columnBlock: columnBlock,
    streams: streams)
  return streams ? schedule.grouped(in: contraction) : schedule
}

/// The rows of a transposition that are copied in one call.
private let copyRows = 256

/// The columns of a transposition that are copied in one call at least, if there are as many: runs in the output.
///
/// Measured on Zen 3, float32, ms with 32, 64, 128 and 256 columns: `ab->ba` of 4096 30.6, 19.7, 19.5, 16.8;
/// `abc->cba` of 256x256x128 18.1, 11.9, 11.4, 8.7; `abc->bca` of 256 24.8, 20.2, 17.9, 33.9.
private let leastCopiedColumns = 128

/// The bytes of these runs at least.
///
/// Measured on Zen 3, `ab->ba` of 4096, ms with 128 columns and with as many as make 512 bytes: float16 18.6 and 13.1,
/// uint8 14.7 and 8.7.
private let leastCopiedRun = 512

/// The elements that one call transposes at least, if there are as many.
private let leastCopied = 4096

// MARK: Sizes

private func extent(_ index: Int?, _ contraction: Contraction) -> Int {
  index.map { contraction.indices[$0].extent } ?? 1
}

/// Indices by how far a tensor's elements lie apart along them, the farthest first; those that it lacks come before all.
private func sorted(_ indices: [Int], by tensor: TensorAccess, _ contraction: Contraction) -> [Int] {
  indices.sorted { a, b in
    let (x, y) = (abs(tensor.stride(of: a) ?? Int.max), abs(tensor.stride(of: b) ?? Int.max))
    return (x, contraction.indices[b].extent, a) > (y, contraction.indices[a].extent, b)
  }
}

/// The tensor with the most elements; the output where it has as many as any, as it is written too.
private func largestTensor(of contraction: Contraction) -> TensorAccess {
  contraction.operands.reduce(contraction.output) { largest, tensor in
    contraction.size(of: tensor.indices) > contraction.size(of: largest.indices) ? tensor : largest
  }
}

/// The bytes of the output's elements.
func outputBytes(_ contraction: Contraction) -> Double {
  contraction.bytes(of: contraction.output)
}

/// Whether an output is not to be kept: the caches that hold it cannot hold what it is made of as well, or what the next step
/// reads it with.
///
/// Measured on Zen 3 (512 KiB of L2, 32 MiB of L3), one core, time past the caches over time through them, all tensors in one
/// buffer after another of 4, 8, 12, 16 and 32 MB: `ij,ij->ij` 1.18, 1.02, 0.89, 0.80, 1.08; `i,j->ij` 1.91, 1.91, 0.95, 1.10,
/// 0.52; `ijk->jik` 1.43, 1.67, 1.37, 0.81, 0.57.
///
/// On Zen 4 (1 MiB and 32 MiB) memory takes 28 GB/s past the caches, and as much through them if it is written in order, which
/// is in whole rows. In the same terms, on one thread and on two, products of 16, 34 and 67 MB that read little have 2.64 and
/// 5.5, 1.47 and 3.1, 1.23 and 1.34, but 0.48 and 0.91 where 4000 columns are cut in two; `ij,i->ij` with 16, 20 and 32 MB in
/// all 1.56 and 3.3, 0.93 and 1.3, 0.90 and 1.9; `ij,ij->ij` with 17, 22, 29 and 38 MB 0.97 and 2.1, 0.82 and 1.7, 0.66 and
/// 1.3, 0.66 and 0.86.
private func outgrowsCaches(
  _ contraction: Contraction, _ columns: Int?, _ isIntermediate: Bool, _ machine: Machine
) -> Bool {
  let bytes = outputBytes(contraction)
  let beside = isIntermediate ? 0 : contraction.operands.reduce(0) { $0 + contraction.bytes(of: $1) }
  guard machine.fetchesWrites else {
    return bytes >= Double(machine.l2) && bytes + beside > Double(machine.keptBytes)
  }
  let hasWholeRows = extent(columns, contraction) * contraction.computeType.size <= mapBytes
  if hasWholeRows && 8 * beside <= bytes { return bytes > Double(2 * machine.l3) }
  return bytes + beside > Double(machine.threads > 1 ? machine.l3 / 4 * 3 : machine.l3 / 2)
}

/// Rows of a transposed output that lie a multiple of so many bytes apart compete for few lines of the first cache: they are
/// written past the caches even where these would hold them.
///
/// Measured on Zen 3, `ij->ji` with 512 and 1024 rows, time past the caches over time through them: 0.4 to 0.7; with 256 and 768
/// rows, and for 24 other copies 1.1 to 8.
private let crowdedPitch = 2048

/// Whether a product's output is too large to be kept and written in runs of whole lines.
private func isStreamed(
  _ contraction: Contraction, _ columns: Int?, _ isIntermediate: Bool, _ machine: Machine
) -> Bool {
  guard let columns, contraction.summed.isEmpty,
    outgrowsCaches(contraction, columns, isIntermediate, machine)
  else { return false }
  let run = extent(columns, contraction) * contraction.output.elementType.size
  return contraction.output.stride(of: columns) == 1 && (run % cacheLine == 0 || run >= 16 * cacheLine)
}
