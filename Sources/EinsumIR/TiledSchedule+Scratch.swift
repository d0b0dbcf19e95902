/// A table with the offset in one tensor for every value of a composite group, where no single stride gives it; for an
/// output that streams in pieces, with the offset in a block of it.
package struct OffsetTablePlacement: Hashable, Sendable {
  package let tensor: PairTensor
  package let group: PairGroup
  /// Where the table lies, in bytes from the start of the step's scratch.
  package let offset: Int
  package let count: Int
}

/// Where a tiled step keeps its panels and offset tables, in bytes from the start of its scratch.
///
/// Tables come first, then the columns' panel if threads share it, then what each thread has of its own.
package struct TiledScratch: Hashable, Sendable {
  package let rowPanelOffset: Int
  package let rowPanelCount: Int
  package let columnPanelOffset: Int
  package let columnPanelCount: Int
  /// The block of the output that streams, `mc` rows of `nc` elements; 0 elements if nothing does.
  package let outputBlockOffset: Int
  package let outputBlockCount: Int
  package let tables: [OffsetTablePlacement]
  /// Where the sums of parts begin.
  package let partsOffset: Int
  /// The distance between what two threads have of their own; 0 if there is one thread.
  package let threadStride: Int
  package let size: Int
}

/// How the workspace is divided: every area begins on a cache line.
package enum WorkspaceAlignment {
  package static let bytes = 64

  /// The next multiple of ``bytes``.
  package static func rounded(_ size: Int) -> Int { (size + bytes - 1) / bytes * bytes }
}

extension TiledSchedule {
  /// The positions of a group's indices.
  package func indices(of group: PairGroup) -> [Int] {
    switch group {
    case .m: m
    case .n: n
    case .k: k
    }
  }

  /// The one stride by which a tensor steps through a group, or nil if there is none. An empty group has stride 0.
  package func stride(of group: PairGroup, in tensor: PairTensor, of contraction: Contraction) -> Int? {
    stride(of: indices(of: group), in: access(tensor, in: contraction), of: contraction)
  }

  /// The one stride by which a tensor steps through some indices, the slowest first, or nil if there is none.
  package func stride(of members: [Int], in access: TensorAccess, of contraction: Contraction) -> Int? {
    let strides = members.map { access.stride(of: $0) ?? 0 }
    for (axis, index) in members.enumerated().dropFirst()
    where strides[axis - 1] != strides[axis] * contraction.indices[index].extent {
      return nil
    }
    return strides.last ?? 0
  }

  /// The number of values that a group takes.
  package func extent(of group: PairGroup, in contraction: Contraction) -> Int {
    indices(of: group).reduce(1) { $0 * contraction.indices[$1].extent }
  }

  /// The groups that kernels walk over in a tensor: a pack reads along its panel and along k, a tile writes m by n.
  package static func groups(of tensor: PairTensor) -> [PairGroup] {
    switch tensor {
    case .rows: [.m, .k]
    case .columns: [.n, .k]
    case .output: [.m, .n]
    }
  }

  /// Whether a tensor is reached through offset tables: if either of its groups has no single stride.
  package func isTabled(_ tensor: PairTensor, in contraction: Contraction) -> Bool {
    Self.groups(of: tensor).contains { stride(of: $0, in: tensor, of: contraction) == nil }
  }

  /// Whether panels across are packed at once, which takes a contiguous operand with one stride for each group.
  package func packsAcross(in contraction: Contraction) -> Bool {
    guard let across else { return false }
    let operand = access(.columns, in: contraction)
    return operand.stride(of: across.index) == 1 && operand.elementType.numberClass != .complex
      && !contraction.multipliesPairs && !contraction.multipliesHalves
      && !isTabled(.columns, in: contraction)
  }

  /// Whether a tensor's block is packed along its rows, all panels together: these are contiguous and more than one.
  package func packsAlongRows(_ tensor: PairTensor, in contraction: Contraction) -> Bool {
    let group: PairGroup = tensor == .rows ? .m : .n
    return stride(of: group, in: tensor, of: contraction) == 1 && !isTabled(tensor, in: contraction)
      && extent(of: group, in: contraction) > (tensor == .rows ? tile.mr : tile.nr)
      && (tensor == .rows || across == nil) && contraction.computeType.numberClass != .complex
      && !contraction.multipliesPairs && !contraction.multipliesHalves
  }

  /// The columns of a block that each thread packs: whole panels.
  package func columnShare(in contraction: Contraction) -> Int {
    let panels = (min(blocking.nc, extent(of: .n, in: contraction)) - 1) / tile.nr + 1
    return ((panels - 1) / (sharing?.threads ?? 1) + 1) * tile.nr
  }

  /// Whether the rows' operand is contiguous along all of k, with one stride between rows.
  package func isContiguousAlongSum(in contraction: Contraction) -> Bool {
    !isTabled(.rows, in: contraction) && stride(of: .k, in: .rows, of: contraction) == 1
  }

  /// Whether the columns' operand is contiguous along all of n, which is whole tiles, with one stride along k.
  package func hasWholeRowsOfColumns(in contraction: Contraction) -> Bool {
    across == nil && !isTabled(.columns, in: contraction)
      && stride(of: .n, in: .columns, of: contraction) == 1
      && extent(of: .n, in: contraction) % tile.nr == 0
  }

  /// Whether all threads read one packed block of the columns' operand.
  package var sharesColumnPanel: Bool { sharing?.level == .m }

  /// The scratch that this schedule needs for a step.
  package func scratch(for contraction: Contraction) -> TiledScratch {
    let type = contraction.panelType
    var size = 0
    func area(_ bytes: Int) -> Int {
      defer { size += WorkspaceAlignment.rounded(bytes) }
      return size
    }
    let rowCount = readsRowsInPlace ? 0 : blocking.mc * blocking.kc * type.componentCount
    let columnCount =
      readsColumnsInPlace ? 0 : blocking.nc * blocking.kc * (across?.block ?? 1) * type.componentCount
    let outputCount = streams ? blocking.mc * blocking.nc : 0
    var tables: [OffsetTablePlacement] = []
    for tensor in [PairTensor.rows, .columns, .output] where isTabled(tensor, in: contraction) {
      for group in Self.groups(of: tensor) {
        let isBlock = tensor == .output && streams
        let most = !isBlock ? Int.max : group == .m ? blocking.mc : blocking.nc
        let count = min(extent(of: group, in: contraction), most)
        let offset = area(count * Self.tableEntrySize)
        tables.append(OffsetTablePlacement(tensor: tensor, group: group, offset: offset, count: count))
      }
    }
    let partsOffset = area(PartsScratch(parts, contraction).size)
    let columnSize = columnCount * type.componentType.size
    var columnOffset = sharesColumnPanel ? area(columnSize) : 0
    let start = size
    let rowOffset = area(rowCount * type.componentType.size)
    if !sharesColumnPanel { columnOffset = area(columnSize) }
    let outputOffset = area(outputCount * contraction.computeType.size)
    let own = size - start
    if let sharing { size += (sharing.threads - 1) * own }
    return TiledScratch(
      rowPanelOffset: rowOffset, rowPanelCount: rowCount, columnPanelOffset: columnOffset,
      columnPanelCount: columnCount, outputBlockOffset: outputOffset, outputBlockCount: outputCount,
      tables: tables, partsOffset: partsOffset, threadStride: sharing == nil ? 0 : own, size: size)
  }

  /// Offsets are 64-bit integers.
  private static let tableEntrySize = 8
}
