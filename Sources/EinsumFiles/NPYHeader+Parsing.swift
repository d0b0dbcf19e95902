import EinsumIR

extension NPYHeader {
  /// Reads the dictionary of a header as data.
  ///
  /// It must have exactly the keys `descr`, `fortran_order` and `shape`, in any order, and nothing that numpy
  /// would not write: no escapes, comments, expressions or nested values. It is never evaluated.
  init(parsing dictionary: [UInt8]) throws(FileProblem) {
    var scanner = NPYDictionaryScanner(dictionary)
    var elementType: ElementType?
    var isColumnMajor: Bool?
    var shape: [Int]?

    if !scanner.skip("{") { throw FileProblem.content("the header is not a dictionary") }
    while !scanner.skip("}") {
      let key = try scanner.string("a key")
      try scanner.expect(":")
      switch key {
      case "descr":
        if elementType != nil { throw FileProblem.content("the header has two keys 'descr'") }
        if scanner.isAt("[") || scanner.isAt("(") {
          throw FileProblem.content("structured element types cannot be read")
        }
        elementType = try ElementType(npyDescription: try scanner.string("the element type"))
      case "fortran_order":
        if isColumnMajor != nil { throw FileProblem.content("the header has two keys 'fortran_order'") }
        isColumnMajor = try scanner.boolean()
      case "shape":
        if shape != nil { throw FileProblem.content("the header has two keys 'shape'") }
        shape = try scanner.tuple()
      default:
        throw FileProblem.content("the header has an unknown key '\(key)'")
      }
      if !scanner.skip(",") {
        try scanner.expect("}")
        break
      }
    }
    try scanner.expectEnd()

    guard let elementType else { throw FileProblem.content("the header has no key 'descr'") }
    guard let isColumnMajor else { throw FileProblem.content("the header has no key 'fortran_order'") }
    guard let shape else { throw FileProblem.content("the header has no key 'shape'") }
    try self.init(elementType: elementType, shape: shape, isColumnMajor: isColumnMajor)
  }
}
