extension KernelSpec {
  /// The register tiles that the library offers, best first, for a kernel type on an instruction set.
  ///
  /// A tile has as many accumulators as the registers allow next to one row of b and one broadcast of a. Among those
  /// the ones with more vectors to a row come first: they load less per multiply-add. Measured on Ice Lake, where
  /// 64-byte loads are scarcer than multiply-adds: float32 6x64 and 8x48 run at 97 % of the peak, 12x32 at 90, and
  /// 28x16 at 52; float64 6x32 at 97. The narrower ones are for narrower problems.
  package static func tiles(for type: ElementType, on isa: ISA) -> [Tile] {
    let lanes = isa.vectorBytes / type.componentType.size
    switch (isa, type.numberClass) {
    case (.avx512, .complex): return [Tile(mr: 6, nr: 2 * lanes), Tile(mr: 12, nr: lanes)]
    case (.avx512, .real):
      return [
        Tile(mr: 6, nr: 4 * lanes), Tile(mr: 8, nr: 3 * lanes), Tile(mr: 12, nr: 2 * lanes),
        Tile(mr: 28, nr: lanes),
      ]
    case (.avx512, _): return [Tile(mr: 12, nr: 2 * lanes), Tile(mr: 12, nr: lanes)]
    case (_, .complex): return [Tile(mr: 6, nr: lanes)]
    case (_, .real): return [Tile(mr: 6, nr: 2 * lanes), Tile(mr: 12, nr: lanes)]
    case (_, _): return [Tile(mr: 4, nr: 2 * lanes), Tile(mr: 8, nr: lanes)]
    }
  }

  /// The tiles that can read their rows where they lie: each row takes a register for its address.
  package static func tilesInPlace(for type: ElementType, on isa: ISA) -> [Tile] {
    type.numberClass == .complex ? [] : tiles(for: type, on: isa).filter { $0.mr <= 12 }
  }

  /// Every kernel of the library for one type that has arithmetic and one instruction set.
  package static func arithmeticKernels(for type: ElementType, on isa: ISA) -> [KernelSpec] {
    let tiles = tiles(for: type, on: isa)
    let widths = Set(tiles.flatMap { [$0.mr, $0.nr] }).sorted()
    var kinds: [KernelKind] = []
    for addressing in [KernelKind.Addressing.strided, .tabled] {
      kinds += tiles.map { .tile($0, addressing) }
      kinds += tilesInPlace(for: type, on: isa).map { .tileInPlace($0, addressing) }
      kinds += widths.map { .pack(width: $0, addressing) }
    }
    kinds += [.columns, .lanes, .sum, .product, .zero]
    if type.numberClass == .real { kinds.append(.dots) }
    kinds += pairKinds(for: type, on: isa)
    kinds +=
      type.numberClass == .complex
      ? [.conjugate] : widths.map { .packPanels(width: $0) } + [.packAcross, .tripleProduct]
    if type.copyType == type { kinds.append(.copy) }
    return kinds.map { KernelSpec($0, type, isa) }
  }

  /// The kernels of pairs: tiles among those of 32-bit integers, packs among those of 16-bit ones.
  private static func pairKinds(for type: ElementType, on isa: ISA) -> [KernelKind] {
    let tiles = tiles(for: .uint32, on: isa)
    return [KernelKind.Addressing.strided, .tabled].flatMap { addressing -> [KernelKind] in
      switch type {
      case .uint32: tiles.map { .tilePairs($0, addressing) }
      case .uint16:
        Set(tiles.flatMap { [$0.mr, $0.nr] }).sorted().map { .packPairs(width: $0, addressing) }
      default: []
      }
    }
  }

  /// The most vectors to a row whose sums stay in registers from one row to the next.
  package static let mostVectorsOfNarrowSums = 3

  /// The tile in which products of bfloat16 are formed: four of AMX's.
  package static let halvesTile = Tile(mr: 32, nr: 32)

  /// The register tiles for a pairwise step, best first; none where it needs kernels that the instruction set lacks.
  package static func tiles(for contraction: Contraction, on isa: ISA) -> [Tile] {
    if contraction.multipliesHalves { return isa == .avx512 ? [halvesTile] : [] }
    return tiles(for: contraction.computeType.kernelType, on: isa)
  }

  /// The kernels of products of bfloat16.
  private static var halvesKernels: [KernelSpec] {
    [KernelKind.Addressing.strided, .tabled].flatMap { addressing in
      [ElementType.float32, .bfloat16].map { KernelSpec(.tileHalves(halvesTile, addressing), $0, .avx512) }
    }
  }

  /// The versions of kernels that use an extension.
  package static func kernels(with wanted: Extension) -> [KernelSpec] {
    (arithmeticKernels(for: .uint32, on: .avx512) + halvesKernels).flatMap(\.versions)
      .filter { $0.uses == wanted }
  }

  /// Every conversion to one type on one instruction set. Complex numbers convert to complex ones only.
  package static func conversions(to type: ElementType, on isa: ISA) -> [KernelSpec] {
    ElementType.allCases
      .filter { $0 != type && ($0.numberClass != .complex || type.numberClass == .complex) }
      .map { KernelSpec(.convert(from: $0), type, isa) }
  }

  /// The sums and products of half types on one instruction set: for maps, sums and sums of products of one or two tensors,
  /// for the last product of a map of many, and for matrix products.
  package static func widenedKernels(on isa: ISA) -> [KernelSpec] {
    (isa == .avx512 ? halvesKernels : [])
      + ElementType.allCases.filter(\.isHalf).flatMap { half in
        [
          KernelSpec(.widenedSum(of: half), .float32, isa),
          KernelSpec(.widenedProduct(of: half, by: half), .float32, isa),
          KernelSpec(.widenedProduct(of: half, by: half), half, isa),
          KernelSpec(.widenedProduct(of: .float32, by: half), half, isa),
        ]
      }
  }
}

extension KernelKind {
  /// The kind of kernel that sums elements of one type in another; nil if the library has none.
  package static func sum(of source: ElementType, in type: ElementType) -> KernelKind? {
    if source.sharesKernels(with: type) { return .sum }
    return source.isHalf && source.computeType == type ? .widenedSum(of: source) : nil
  }

  /// The kind of kernel that multiplies elements of two types in another and gives elements of `result`; nil if the
  /// library has none.
  package static func product(
    of first: ElementType, by second: ElementType, in type: ElementType, to result: ElementType
  ) -> KernelKind? {
    let isResult = result.sharesKernels(with: type)
    if isResult && first.sharesKernels(with: type) && second.sharesKernels(with: type) { return .product }
    guard second.isHalf && second.computeType == type else { return nil }
    let isKnown = first == second ? isResult || result == second : first == type && result == second
    return isKnown ? .widenedProduct(of: first, by: second) : nil
  }
}
