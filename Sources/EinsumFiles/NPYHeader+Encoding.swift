extension NPYHeader {
  /// The bytes of the whole header, byte for byte what `numpy.save` writes.
  ///
  /// Version 1.0, whose length field has 16 bits: 64 axes of 19 digits make a dictionary of less than 2 000
  /// bytes.
  func encoded() -> [UInt8] {
    var dictionary = "{'descr': '\(elementType.npyDescription)', "
    dictionary +=
      "'fortran_order': \(isColumnMajor ? "True" : "False"), 'shape': \(NPYHeader.tuple(shape)), }"
    // Room to let the array grow along its slowest axis in place.
    if let slowest = isColumnMajor ? shape.last : shape.first {
      dictionary += String(repeating: " ", count: NPYHeader.digitsOfGrowth - String(slowest).count)
    }
    let prefix = NPYHeader.magic.count + 4
    let padding = NPYHeader.alignment - (prefix + dictionary.utf8.count + 1) % NPYHeader.alignment
    dictionary += String(repeating: " ", count: padding) + "\n"
    let length = UInt16(dictionary.utf8.count)
    return NPYHeader.magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + dictionary.utf8
  }

  /// Digits that numpy sets aside for the extent of the slowest axis: those of 2^64 and a sign.
  private static let digitsOfGrowth = 21

  /// The data begin at a multiple of this many bytes.
  private static let alignment = 64
}
