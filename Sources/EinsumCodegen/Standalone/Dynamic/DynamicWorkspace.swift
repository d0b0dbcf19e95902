import EinsumIR

/// The workspace of a function whose extents are arguments: areas one behind the other, with sizes that depend on them.
struct DynamicWorkspace {
  private let extents: DynamicExtents
  /// The bytes of each area.
  private let areas: [DynamicExtents.Product]

  /// - Parameter sizes: the bytes of each area, in each sample.
  init(_ extents: DynamicExtents, sizes: [[Int]]) throws(StandaloneFailure) {
    self.extents = extents
    var areas: [DynamicExtents.Product] = []
    for area in sizes.first?.indices ?? 0..<0 {
      guard let product = extents.product(sizes.map { $0[area] }) else { throw extents.refusal }
      areas.append(product)
    }
    self.areas = areas
  }

  var isEmpty: Bool { areas.isEmpty }

  /// The name of the place at which an area begins, in bytes.
  static func name(_ area: Int) -> String { "place_\(area)" }

  /// Declarations of the places that a text names.
  func declarations(for text: String) -> [String] {
    areas.indices.filter { text.contains("workspace + \(Self.name($0))") }.map { area in
      let before = areas[..<area].map(rounded)
      return "const long \(Self.name(area)) = \(before.isEmpty ? "0" : before.joined(separator: " + "));"
    }
  }

  /// The size of all areas, as C.
  var size: String {
    areas.isEmpty ? "0" : areas.map(rounded).joined(separator: " + ")
  }

  /// The size for the extents of the file's own check.
  var hintedSize: Int { areas.reduce(0) { $0 + WorkspaceAlignment.rounded(extents.value($1)) } }

  /// The size of an area in whole cache lines.
  private func rounded(_ area: DynamicExtents.Product) -> String {
    if area.isConstant { return "\(WorkspaceAlignment.rounded(area.coefficient))" }
    let line = WorkspaceAlignment.bytes
    return area.coefficient % line == 0
      ? extents.text(area) : "(\(extents.text(area)) + \(line - 1)) / \(line) * \(line)"
  }
}
