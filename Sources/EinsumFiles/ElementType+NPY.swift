import EinsumIR

extension ElementType {
  /// How numpy writes this type in a `.npy` header: byte order, kind and size.
  ///
  /// numpy itself has no bfloat16; arrays of the `ml_dtypes` package are saved as opaque pairs of bytes with
  /// a byte order, which numpy never writes for opaque bytes of its own (`|V2`).
  var npyDescription: String {
    switch self {
    case .bool: "|b1"
    case .int8: "|i1"
    case .int16: "<i2"
    case .int32: "<i4"
    case .int64: "<i8"
    case .uint8: "|u1"
    case .uint16: "<u2"
    case .uint32: "<u4"
    case .uint64: "<u8"
    case .float16: "<f2"
    case .bfloat16: "<V2"
    case .float32: "<f4"
    case .float64: "<f8"
    case .complex64: "<c8"
    case .complex128: "<c16"
    }
  }

  /// The type that a header's `descr` names, from the list of those we read; everything else is a problem
  /// that names the type.
  init(npyDescription text: String) throws(FileProblem) {
    let known = ElementType.allCases.first { type in
      // One byte has no byte order, and numpy reads either mark.
      text == type.npyDescription || type.size == 1 && text == "<" + type.npyDescription.dropFirst()
    }
    guard let known else { throw FileProblem.content(ElementType.refusal(ofNPYDescription: text)) }
    self = known
  }

  /// Why a `descr` is not read.
  private static func refusal(ofNPYDescription text: String) -> String {
    let quoted = "element type '\(text)'"
    guard let order = text.first else { return "the element type is empty" }
    let hasOrder = "<>|=".contains(order)
    let kind = hasOrder ? text.dropFirst().first : order
    switch kind {
    case "O": return "\(quoted): Python objects cannot be read"
    case "S", "a", "U": return "\(quoted): strings cannot be read"
    case "M", "m": return "\(quoted): dates and times cannot be read"
    case "V": return "\(quoted): opaque bytes cannot be read (bfloat16 is '<V2')"
    default: break
    }
    if order == ">" { return "\(quoted) is big-endian; only little-endian files are read" }
    if order == "=" { return "\(quoted) does not say its byte order; only little-endian files are read" }
    if ["f12", "f16", "c24", "c32", "g", "G"].contains(hasOrder ? text.dropFirst() : text[...]) {
      return "\(quoted): extended precision cannot be read"
    }
    return "unknown \(quoted)"
  }
}
