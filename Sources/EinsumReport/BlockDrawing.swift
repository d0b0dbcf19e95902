import Einsum

/// How a tiled step divides its matrices: the result with its cache block and register tile, the operands' blocks beside
/// it, and the tile itself, one field for each vector register.
///
/// Lengths are drawn by the square root of extents, so that tiles of large matrices can be seen.
struct BlockDrawing {
  let tile: Explanation.Tile
  let m: Double
  let n: Double
  let k: Double
  let labels: (m: String, n: String, k: String)

  /// The longest side of a matrix in the drawing.
  private static let longest = 150.0

  private var scale: Double { Self.longest / max(m, n, k).squareRoot() }

  /// The name of a side and its indices, as far as there is room for them.
  private func title(_ side: String, _ indices: String) -> String {
    "\(side): \(indices.count > 40 ? "\(indices.prefix(39))…" : indices)"
  }

  /// About what a text takes, which may be more than its side of a matrix.
  private static func length(of text: String) -> Double { 7 * Double(text.count) }

  /// The part of a side that a block takes, by square roots.
  private func part(_ block: Int, of extent: Double, _ side: Double) -> Double {
    min(1, Double(block) / extent).squareRoot() * side
  }

  private func side(_ extent: Double) -> Double { max(extent.squareRoot() * scale, 8) }

  var markup: Markup {
    let (rows, columns, depth) = (side(m), side(n), side(k))
    let (mc, nc, kc) = (
      part(tile.mc, of: m, rows), part(tile.nc, of: n, columns), part(tile.kc, of: k, depth)
    )
    let (mr, nr) = (part(tile.mr, of: m, rows), part(tile.nr, of: n, columns))
    let gap = 34.0
    let (x, y) = (24 + depth + gap, 20 + depth + gap)
    let (mText, nText, kText) = (title("m", labels.m), title("n", labels.n), title("k", labels.k))
    let height = y + max(rows, Self.length(of: mText)) + 8
    let width = max(300, x + max(columns, Self.length(of: nText)) + 8, 24 + Self.length(of: kText) + 8)
    return """
      <svg class="blocks" viewBox="0 0 \(width) \(height)" role="img" aria-label="cache blocks and register tile">
      \(matrix(x, 20, columns, depth, nc, kc, "packed columns, kc × nc"))
      \(matrix(24, y, depth, rows, kc, mc, "packed rows, mc × kc"))
      \(matrix(x, y, columns, rows, nc, mc, "result, mc × nc"))
      <rect class="panel" x="\(x)" y="20" width="\(max(nr, 2))" height="\(kc)"/>
      <rect class="panel" x="24" y="\(y)" width="\(kc)" height="\(max(mr, 2))"/>
      <rect class="tile" x="\(x)" y="\(y)" width="\(max(nr, 3))" height="\(max(mr, 3))"><title>register tile</title></rect>
      <text x="\(x)" y="14">\(nText)</text>
      <text x="24" y="\(y - 6)">\(kText)</text>
      <text class="end" transform="translate(18 \(y)) rotate(-90)">\(mText)</text>
      <text x="\(x - 6)" y="\(20 + depth / 2)" class="end">k</text>
      </svg>
      \(registers)
      """
  }

  /// A matrix with one block of it.
  private func matrix(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ blockWidth: Double, _ blockHeight: Double,
    _ title: String
  ) -> Markup {
    """
    <rect class="matrix" x="\(x)" y="\(y)" width="\(width)" height="\(height)"/>
    <rect class="block" x="\(x)" y="\(y)" width="\(blockWidth)" height="\(blockHeight)"><title>\(title)</title></rect>
    """
  }

  /// The register tile: a field for each vector of sums.
  private var registers: Markup {
    let vectors = max(1, tile.accumulators / max(tile.mr, 1))
    let cell = (width: min(44, 240 / Double(vectors)), height: min(9, 110 / Double(tile.mr)))
    let fields = (0..<tile.mr).flatMap { row in
      (0..<vectors).map { column -> Markup in
        """
        <rect class="tile" x="\(Double(column) * cell.width + 1)" y="\(Double(row) * cell.height + 1)" \
        width="\(cell.width - 2)" height="\(max(cell.height - 1.5, 1))"/>
        """
      }
    }
    let (width, height) = (Double(vectors) * cell.width, Double(tile.mr) * cell.height + 2)
    return """
      <figure><svg class="registers" viewBox="0 0 \(width) \(height)" width="\(width)" height="\(height)" role="img" \
      aria-label="register tile">\(fields)</svg>
      <figcaption>Register tile of \(tile.mr)×\(tile.nr): sums in \(tile.accumulators) of \(tile.registers) vector registers,
      \(Quantity.percent(tile.fill)) of all tiles is not padding. Cache blocks: mc \(tile.mc), kc \(tile.kc), nc \(tile.nc).
      </figcaption></figure>
      """
  }
}
