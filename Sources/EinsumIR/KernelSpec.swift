/// The height and width of a register tile, in elements.
package struct Tile: Hashable, Sendable, Codable {
  /// Rows: elements of the panel that is broadcast.
  package let mr: Int
  /// Columns: elements of the panel that is read as vectors.
  package let nr: Int

  package init(mr: Int, nr: Int) {
    self.mr = mr
    self.nr = nr
  }
}

/// What a kernel computes. Its emitter gives the C, and the interpreter of the loop IR the reference meaning.
///
/// Every kernel gets its extents as arguments. Strides count elements. Sums are formed in the order that the kernel's
/// emitter fixes; `accumulate` says whether the output's old value is the first term (1) or is never read (0).
package enum KernelKind: Hashable, Sendable {
  /// `c[i, j] (+)= sum over p of a[p, i] * b[p, j]` for `i < m <= mr`, `j < n <= nr`, `p < k`, from two packed panels.
  ///
  /// `addressing` says how c is reached: `strided` by a row and a column stride, `tabled` by two tables of offsets.
  case tile(Tile, Addressing)

  /// What `tile` computes, but rows of a are read where they lie: contiguous along p, one row stride apart.
  ///
  /// Not for complex types, whose panels hold parts.
  case tileInPlace(Tile, Addressing)

  /// What `tile` computes in 32-bit integers, from panels of 16-bit ones that lie in pairs: those of p and p + 1, where p
  /// is even, are side by side, and zero stands where there is no p + 1.
  ///
  /// Instructions that add two products at once make it twice as fast as 32-bit panels do.
  case tilePairs(Tile, Addressing)

  /// What `tileInPlace` computes in float32, of bfloat16 and for any number of rows: these lie as there, the columns'
  /// panel in pairs as for `tilePairs`. It runs through the rows in tiles of `mr`.
  ///
  /// The kernel's type is float32; or bfloat16, to which sums are rounded: then the output's old value is never read.
  case tileHalves(Tile, Addressing)

  /// `panel[p, i] = source[i, p]` for `i < rows <= width`, `p < k`; zero for `rows <= i < width`.
  ///
  /// For complex types the panel holds, for each p, the `width` real parts and then the `width` imaginary parts.
  case pack(width: Int, Addressing)

  /// What `pack` does with 16-bit elements, for `tilePairs` and `tileHalves`.
  case packPairs(width: Int, Addressing)

  /// What `pack` does with more rows than a panel is wide, contiguous ones: `panel[i / width, p, i % width] = source[i, p]`.
  ///
  /// It reads a few p along all rows before it goes on to the next, so that memory is read along its pages. Not for
  /// complex types.
  case packPanels(width: Int)

  /// `panel[q, p, i] = source[q, i, p]` for `q < count`, `i < rows <= width`, `p < k`, where the source is contiguous along
  /// q: one panel for each q; zero for `rows <= i < width`. Not for complex types.
  case packAcross

  /// `c[t, i, j] (+)= sum over p of a[t, i, p] * b[t, p, j]` for `t < batch`, `i < m`, `j < n`, `p < k`: many small products.
  ///
  /// Columns of b and c are contiguous; all other strides are free. Vectors run along the columns.
  case columns

  /// What `columns` computes, but the products `t` are contiguous in all three tensors and the columns need not be.
  ///
  /// Each lane of a vector holds a product of its own.
  case lanes

  /// What `columns` computes, but both operands are contiguous along the sum, and the columns need not be.
  ///
  /// Vectors run along the sum. For real types.
  case dots

  /// `out[i, j] (+)= a[i, j]` for `i < rows`, `j < columns`, any strides: moves, transposes, sums.
  ///
  /// Where strides of `out` are zero, the elements that meet there are summed. A lone term is copied bit for bit.
  case sum

  /// `out[i, j] (+)= a[i, j] * b[i, j]` for `i < rows`, `j < columns`, any strides; see `sum` for strides of zero.
  case product

  /// `out[i, j] = a[i, j] * b[i, j] * c[i, j]` for `i < rows`, `j < columns`, any strides that reach each element of `out`
  /// once, multiplied from left to right.
  ///
  /// Vectors run along columns that are contiguous in `out`, and contiguous in the first operands and constant in the
  /// others. Not for complex types.
  case tripleProduct

  /// What `sum` computes, in float32, of elements of a half type. The kernel's type is float32.
  case widenedSum(of: ElementType)

  /// What `product` computes, in float32, of elements of two types: the same half type, or float32 and a half type.
  ///
  /// The kernel's type is float32, of one half type; or the half type, to which products are rounded: then the output has
  /// no strides of zero, and its old value is never read.
  case widenedProduct(of: ElementType, by: ElementType)

  /// `out[i, j] = a[i, j]`, bit for bit, for `i < rows`, `j < columns`, any strides that reach each element of `out` once.
  case copy

  /// `out[i, j] = 0` for `i < rows`, `j < columns`, any strides.
  case zero

  /// `out[i, j] = source[i, j]`, converted from `source` type to the kernel's type as a C cast does.
  case convert(from: ElementType)

  /// `out[i, j] = conjugate(a[i, j])`, complex types only.
  case conjugate

  /// How a kernel walks over its strided operand.
  package enum Addressing: Hashable, Sendable { case strided, tabled }
}

/// Instructions beyond an instruction set's that a version of a kernel uses.
package enum Extension: String, Hashable, Sendable {
  /// AVX512-VNNI: sums of products of pairs of integers.
  case vnni
  /// AVX512-BF16: sums of products of pairs of bfloat16.
  case bf16
  /// AMX-BF16: products of 16x16 tiles of bfloat16; such CPUs have AVX512-BF16 too.
  case amx
}

/// One kernel of the library: what it computes, on which type, with which instructions.
package struct KernelSpec: Hashable, Sendable {
  package let kind: KernelKind
  package let elementType: ElementType
  package let isa: ISA
  /// What the CPU must have beyond the instruction set for this version, which computes the same as the one without.
  package let uses: Extension?

  package init(
    _ kind: KernelKind, _ elementType: ElementType, _ isa: ISA, with uses: Extension? = nil
  ) {
    self.kind = kind
    self.elementType = elementType
    self.isa = isa
    self.uses = uses
  }

  /// The C name: `es_tile_f32_14x32_avx512`.
  package var symbol: String { genericSymbol + (uses?.rawValue ?? "") }

  private var genericSymbol: String {
    let type = elementType.code
    return switch kind {
    case .tile(let tile, .strided): "es_tile_\(type)_\(tile.mr)x\(tile.nr)_\(isa.rawValue)"
    case .tile(let tile, .tabled): "es_tiletab_\(type)_\(tile.mr)x\(tile.nr)_\(isa.rawValue)"
    case .tileInPlace(let tile, .strided): "es_tilerows_\(type)_\(tile.mr)x\(tile.nr)_\(isa.rawValue)"
    case .tileInPlace(let tile, .tabled): "es_tilerowstab_\(type)_\(tile.mr)x\(tile.nr)_\(isa.rawValue)"
    case .tilePairs(let tile, .strided): "es_tilepairs_\(type)_\(tile.mr)x\(tile.nr)_\(isa.rawValue)"
    case .tilePairs(let tile, .tabled): "es_tilepairstab_\(type)_\(tile.mr)x\(tile.nr)_\(isa.rawValue)"
    case .tileHalves(let tile, .strided): "es_tilehalves_\(type)_\(tile.mr)x\(tile.nr)_\(isa.rawValue)"
    case .tileHalves(let tile, .tabled): "es_tilehalvestab_\(type)_\(tile.mr)x\(tile.nr)_\(isa.rawValue)"
    case .pack(let width, .strided): "es_pack_\(type)_\(width)_\(isa.rawValue)"
    case .pack(let width, .tabled): "es_packtab_\(type)_\(width)_\(isa.rawValue)"
    case .packPairs(let width, .strided): "es_packpairs_\(type)_\(width)_\(isa.rawValue)"
    case .packPairs(let width, .tabled): "es_packpairstab_\(type)_\(width)_\(isa.rawValue)"
    case .packPanels(let width): "es_packpanels_\(type)_\(width)_\(isa.rawValue)"
    case .packAcross: "es_packacross_\(type)_\(isa.rawValue)"
    case .columns: "es_columns_\(type)_\(isa.rawValue)"
    case .lanes: "es_lanes_\(type)_\(isa.rawValue)"
    case .dots: "es_dots_\(type)_\(isa.rawValue)"
    case .sum: "es_sum_\(type)_\(isa.rawValue)"
    case .product: "es_product_\(type)_\(isa.rawValue)"
    case .tripleProduct: "es_product3_\(type)_\(isa.rawValue)"
    case .widenedSum(let source): "es_sum_\(source.code)_\(type)_\(isa.rawValue)"
    case .widenedProduct(let first, let second):
      "es_product_\(first.code)_\(second.code)_\(type)_\(isa.rawValue)"
    case .copy: "es_copy_\(type)_\(isa.rawValue)"
    case .zero: "es_zero_\(type)_\(isa.rawValue)"
    case .convert(let source): "es_convert_\(source.code)_\(type)_\(isa.rawValue)"
    case .conjugate: "es_conjugate_\(type)_\(isa.rawValue)"
    }
  }
}

extension KernelSpec {
  /// The type of the elements that the kernel reads from one of its inputs.
  package func sourceType(of input: Int) -> ElementType {
    switch kind {
    case .convert(let source), .widenedSum(let source): source
    case .widenedProduct(let first, let second): input == 0 ? first : second
    case .tileHalves: .bfloat16
    case .tile, .tileInPlace, .tilePairs, .columns, .lanes, .dots, .pack, .packPairs, .packPanels,
      .packAcross,
      .sum, .product, .tripleProduct, .copy, .zero, .conjugate:
      elementType
    }
  }

  /// The versions for CPUs that have more than AVX-512, the best first.
  package var versions: [KernelSpec] {
    guard isa == .avx512 else { return [] }
    let extensions: [Extension] =
      switch kind {
      case .tilePairs: [.vnni]
      case .tileHalves: [.amx, .bf16]
      default: []
      }
    return extensions.map { KernelSpec(kind, elementType, isa, with: $0) }
  }

  /// The type through which C reaches panels: that of components, or a pair's.
  package var panelType: ElementType {
    switch kind {
    case .tilePairs, .tileHalves, .packPairs: .uint32
    default: elementType.componentType
    }
  }

  /// Whether the kernel has an `accumulate` argument.
  package var hasAccumulate: Bool {
    switch kind {
    case .tile, .tileInPlace, .tilePairs, .columns, .lanes, .dots, .sum, .product, .widenedSum: true
    case .widenedProduct, .tileHalves: !elementType.isHalf
    case .pack, .packPairs, .packPanels, .packAcross, .tripleProduct, .copy, .zero, .convert, .conjugate:
      false
    }
  }

  /// Whether the kernel has a `streams` argument: 1 writes past the caches, which pays where no cache holds the output; 2 does
  /// too, and leaves it to the caller to order these stores before later ones.
  package var hasStreams: Bool {
    switch kind {
    case .copy, .product, .tripleProduct: true
    case .widenedProduct: elementType.isHalf
    case .tile, .tileInPlace, .tilePairs, .tileHalves, .columns, .lanes, .dots, .pack, .packPairs,
      .packPanels, .packAcross, .sum, .widenedSum, .zero, .convert, .conjugate:
      false
    }
  }
}
