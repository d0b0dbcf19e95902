package import EinsumIR

/// Turns a kernel's specification into C of the vector dialect: the one place that knows which emitter does what.
package enum KernelEmitter {
  /// The complete C text of one kernel with the types and helpers that it needs.
  package static func source(for spec: KernelSpec) -> String {
    source(for: [spec], on: spec.isa)
  }

  /// The C text of several kernels of one instruction set, which share their types and helpers.
  package static func source(for specs: [KernelSpec], on isa: ISA) -> String {
    let uses = specs.first?.uses
    var unit = CUnit(isa: isa, uses: uses)
    for spec in specs {
      precondition(
        spec.isa == isa && spec.uses == uses, "internal: kernels of two instruction sets in one unit")
      emit(spec, into: &unit)
    }
    return unit.source
  }

  /// The C text of a register tile for the part of a tile that exists at an edge, under the name of the whole one; nil
  /// for kernels of other kinds.
  static func source(ofEdge spec: KernelSpec, rows: Int, columns: Int) -> String? {
    guard case .tile(let tile, let addressing) = spec.kind else { return nil }
    var unit = CUnit(isa: spec.isa)
    let element = CElement(type: spec.elementType, isa: spec.isa)
    unit.define(function: spec.symbol) { unit in
      TileEmitter(tile: tile, addressing: addressing, element: element, rows: rows, columns: columns)
        .function(head(of: spec), in: &unit)
    }
    return unit.source
  }

  /// The kernel's declaration in C99, for any compiler. Complex types' structs are the caller's to declare.
  package static func prototype(for spec: KernelSpec) -> String {
    head(of: spec) + ";"
  }

  /// Adds a kernel to a unit.
  static func emit(_ spec: KernelSpec, into unit: inout CUnit) {
    for structure in CType.structures(usedBy: [spec.elementType, spec.sourceType(of: 0)]) {
      unit.define(type: structure)
    }
    let element = CElement(type: spec.elementType, isa: spec.isa)
    let head = head(of: spec)
    unit.define(function: spec.symbol) { unit in
      switch spec.kind {
      case .tile(let tile, let addressing):
        TileEmitter(tile: tile, addressing: addressing, element: element).function(head, in: &unit)
      case .tileInPlace(let tile, let addressing):
        TileEmitter(tile: tile, addressing: addressing, element: element, terms: .rowsInPlace)
          .function(head, in: &unit)
      case .tilePairs(let tile, let addressing):
        TileEmitter(tile: tile, addressing: addressing, element: element, terms: .pairs)
          .function(head, in: &unit)
      case .tileHalves(let tile, let addressing):
        HalvesEmitter(tile: tile, addressing: addressing, element: element).function(head, in: &unit)
      case .pack(let width, let addressing):
        PackEmitter(width: width, addressing: addressing, element: element).function(head, in: &unit)
      case .packPairs(let width, let addressing):
        PackPairsEmitter(width: width, addressing: addressing, isa: spec.isa).function(head, in: &unit)
      case .packPanels(let width):
        PackPanelsEmitter(width: width, element: element).function(head, in: &unit)
      case .packAcross: PackAcrossEmitter(element: element).function(head, in: &unit)
      case .columns: ColumnsEmitter(element: element).function(head, in: &unit)
      case .lanes: LanesEmitter(element: element).function(head, in: &unit)
      case .dots: DotsEmitter(element: element).function(head, in: &unit)
      case .sum: MapReduceEmitter(term: Term(.sum, element)).function(head, in: &unit)
      case .product: MapReduceEmitter(term: Term(.product, element)).function(head, in: &unit)
      case .tripleProduct: MapReduceEmitter(term: Term(.tripleProduct, element)).function(head, in: &unit)
      case .widenedSum(let source):
        MapReduceEmitter(term: Term(.sum, element, of: [source])).function(head, in: &unit)
      case .widenedProduct(let first, let second):
        MapReduceEmitter(term: Term(.product, element, of: [first, second])).function(head, in: &unit)
      case .copy: CopyEmitter(element: element).function(head, in: &unit)
      case .zero: MoveEmitter(element: element).zeroFunction(head)
      case .conjugate: MoveEmitter(element: element).conjugateFunction(head)
      case .convert(let source):
        ConvertEmitter(source: source, destination: spec.elementType, isa: spec.isa).function(head, in: &unit)
      }
    }
  }

  /// The kernel's C function head.
  static func head(of spec: KernelSpec) -> String {
    let element = CType.name(of: spec.elementType)
    let source = CType.name(of: spec.sourceType(of: 0))
    let second = CType.name(of: spec.sourceType(of: 1))
    let component = CType.name(of: spec.elementType.componentType)
    func strided(_ name: String) -> String { "long rs_\(name), long cs_\(name)" }
    let output = "\(element) *restrict out, \(strided("out"))"
    let input = "const \(source) *restrict a, \(strided("a"))"
    let panel = CType.name(of: spec.panelType)
    let isInPlace = if case .tileInPlace = spec.kind { true } else { false }
    let parameters: [String] =
      switch spec.kind {
      case .tile(_, let addressing), .tileInPlace(_, let addressing), .tilePairs(_, let addressing):
        [
          "long m, long n, long k", "const \(component) *restrict a", isInPlace ? "long rs_a" : nil,
          "const \(component) *restrict b", isInPlace ? "long rs_b" : nil,
          addressing == .strided
            ? "\(element) *restrict c, \(strided("c"))"
            : "\(element) *restrict c, const long *restrict rows, const long *restrict columns",
          "long accumulate",
        ].compactMap(\.self)
      case .tileHalves(_, let addressing):
        [
          "long m, long n, long k", "const \(source) *restrict a, long rs_a",
          "const \(panel) *restrict b",
          addressing == .strided
            ? "\(element) *restrict c, \(strided("c"))"
            : "\(element) *restrict c, const long *restrict rows, const long *restrict columns",
        ] + (spec.hasAccumulate ? ["long accumulate"] : [])
      case .pack(_, let addressing), .packPairs(_, let addressing):
        [
          "long rows, long k, const \(element) *restrict source",
          addressing == .strided
            ? "long rs, long ks" : "const long *restrict row, const long *restrict column",
          "\(panel) *restrict panel",
        ]
      case .packPanels:
        [
          "long rows, long k, const \(element) *restrict source, long ks, \(element) *restrict panel, long step"
        ]
      case .packAcross:
        [
          "long count, long rows, long k, const \(element) *restrict source, long rs, long ks",
          "\(element) *restrict panel, long width, long step",
        ]
      case .columns:
        [
          "long batch, long m, long n, long k", "\(element) *restrict c, long bs_c, long rs_c",
          "const \(element) *restrict a, long bs_a, long rs_a, long cs_a",
          "const \(element) *restrict b, long bs_b, long rs_b", "long accumulate",
        ]
      case .lanes:
        [
          "long batch, long m, long n, long k", "\(element) *restrict c, \(strided("c"))",
          "const \(element) *restrict a, \(strided("a"))", "const \(element) *restrict b, \(strided("b"))",
          "long accumulate",
        ]
      case .dots:
        [
          "long batch, long m, long n, long k", "\(element) *restrict c, long bs_c, \(strided("c"))",
          "const \(element) *restrict a, long bs_a, long rs_a",
          "const \(element) *restrict b, long bs_b, long cs_b", "long accumulate",
        ]
      case .sum, .widenedSum: ["long rows, long columns", output, input, "long accumulate"]
      case .product, .widenedProduct:
        ["long rows, long columns", output, input, "const \(second) *restrict b, \(strided("b"))"]
          + (spec.hasAccumulate ? ["long accumulate"] : []) + (spec.hasStreams ? ["long streams"] : [])
      case .tripleProduct:
        ["long rows, long columns", output, input]
          + ["b", "c"].map { "const \(element) *restrict \($0), \(strided($0))" } + ["long streams"]
      case .copy: ["long rows, long columns", output, input, "long streams"]
      case .zero: ["long rows, long columns", output]
      case .convert, .conjugate: ["long rows, long columns", output, input]
      }
    return "void \(spec.symbol)(\(parameters.joined(separator: ", ")))"
  }
}
