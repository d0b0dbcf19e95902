import EinsumIR

/// How a pairwise step's indices are divided between the groups of a tiled schedule and the loops round them.
struct TiledGroups {
  var batch: [Int]
  var m: [Int]
  var n: [Int]
  var k: [Int]
  var outer: [Int] = []
  /// The index whose panels are packed together.
  var across: Int?
}

/// The bytes of a cache line.
let cacheLine = 64

extension PairProblem {
  /// All indices in the groups of their kind: tiles are as full as they can be.
  ///
  /// In the groups m and n the index with the output's smallest stride is the fastest, and next to it the one along which
  /// the operand shares cache lines (see `panelOrder`); in k the one with the smallest stride in the columns' operand.
  /// Other orders suit the rows' operand instead: its index of smallest stride is the fastest of m, or of k. Columns are
  /// contiguous in the output and mostly in their operand, which loses little then: fbea,ecfd->dcba is 1.4 times as fast
  /// with d the fastest of its rows, fbea,cedf->dcba 1.25 times with f the fastest of its sums.
  var flatGroups: [TiledGroups] {
    let flat = TiledGroups(
      batch: sorted(roles.batch, by: output), m: panelOrder(sorted(rows, by: output), rowTensor),
      n: panelOrder(sorted(columns, by: output), columnTensor), k: sums)
    var result = [flat]
    let m = sorted(rows, by: rowTensor)
    let k = panelOrder(sorted(roles.k, by: rowTensor), columnTensor)
    if isContiguous(m.last) && m.last != flat.m.last {
      result.append(flat)
      result[1].m = m
    }
    if isContiguous(k.last) && k.last != flat.k.last {
      result.append(flat)
      result[result.count - 1].k = k
    }
    return result
  }

  /// Whether the rows' operand is contiguous along an index.
  private func isContiguous(_ index: Int?) -> Bool { index.map { rowTensor.stride(of: $0) == 1 } ?? false }

  /// One index each in m and n, those that fill tiles best, and the others in loops round them: no offset tables but for
  /// sums over several indices, and every operand is read along its cache lines. None if that is not another way.
  ///
  /// The columns are the output's index of smallest stride. Across it lies the index of n along which the columns' operand
  /// has the smallest stride; but where that operand is contiguous along the columns, there is another way without it.
  var nestedGroups: [TiledGroups] {
    let byOutput = sorted(columns, by: output)
    guard let column = byOutput.last else { return [] }
    let row = rows.max { contraction.indices[$0].extent < contraction.indices[$1].extent }
    var others = byOutput.dropLast().map { $0 }
    var groups = TiledGroups(
      batch: sorted(roles.batch, by: output), m: row.map { [$0] } ?? [], n: [column],
      k: sums)
    let strides = others.map { abs(columnTensor.stride(of: $0) ?? 0) }
    let outerRows = sorted(rows.filter { $0 != row }, by: output)
    var result: [TiledGroups] = []
    if columnTensor.stride(of: column) == 1 && !others.isEmpty {
      groups.outer = outerRows + others
      result.append(groups)
    }
    if let place = strides.indices.min(by: { strides[$0] < strides[$1] }) {
      groups.across = others.remove(at: place)
    }
    groups.outer = outerRows + others
    return result + (groups.outer.isEmpty && groups.across == nil ? [] : [groups])
  }

  /// One index in m, after whose columns the output's next row follows at once, and two in n: the columns, which are few,
  /// and the index along which their operand is contiguous, else the one with the output's next stride. Blocks of all rows
  /// are contiguous pieces of the output then, however few its columns are. nil if the output is not so.
  var piecedGroups: TiledGroups? {
    let byOutput = sorted(columns, by: output)
    guard let column = byOutput.last, output.stride(of: column) == 1,
      let row = rows.first(where: { output.stride(of: $0) == contraction.indices[column].extent }),
      let next = byOutput.dropLast().last(where: { columnTensor.stride(of: $0) == 1 })
        ?? byOutput.dropLast().last
    else { return nil }
    return TiledGroups(
      batch: sorted(roles.batch, by: output), m: [row], n: [next, column],
      k: sums,
      outer: sorted(rows.filter { $0 != row }, by: output) + byOutput.filter { $0 != next && $0 != column })
  }

  /// The indices of k, the one with the smallest stride in the columns' operand the fastest and next to it the one along which
  /// the rows' operand shares cache lines.
  ///
  /// Measured on Zen 3 for abcd,dbea->ec of 68 x 80 x 88 x 56 and 80: 153 ms in the order b, a, d, 357 ms in a, b, d.
  private var sums: [Int] { panelOrder(sorted(roles.k, by: columnTensor), rowTensor) }

  /// Indices by their strides in a tensor, the largest first.
  private func sorted(_ indices: [Int], by tensor: TensorAccess) -> [Int] {
    indices.sorted { a, b in
      (abs(tensor.stride(of: a) ?? 0), b) > (abs(tensor.stride(of: b) ?? 0), a)
    }
  }

  /// A group in the output's order, but with the index along which its operand's neighbours share a cache line moved to
  /// the second-fastest place.
  ///
  /// Packing a panel along the fastest index then fetches lines that the next panels use up while they are in cache;
  /// in the output's order alone each line would be fetched once for each of its elements.
  private func panelOrder(_ group: [Int], _ operand: TensorAccess) -> [Int] {
    guard let fastest = group.last, group.count > 2 else { return group }
    let strides = group.map { abs(operand.stride(of: $0) ?? 0) }
    guard let place = strides.indices.min(by: { strides[$0] < strides[$1] }), group[place] != fastest,
      strides[place] * operand.elementType.size < cacheLine
    else { return group }
    var order = group
    order.remove(at: place)
    order.insert(group[place], at: order.count - 1)
    return order
  }
}
