/// The name of an index in an equation: a letter, or a longer name in braces.
///
/// Names are compared by code point, as numpy and opt_einsum do. Swift's own comparison holds canonically
/// equivalent texts for equal, which would silently merge two indices: opt_einsum generates both U+03A9 and
/// U+2126 as labels.
package struct Label: Hashable, Sendable {
  package let name: String

  package init(_ name: String) { self.name = name }

  package static func == (a: Label, b: Label) -> Bool {
    a.name.utf8.elementsEqual(b.name.utf8)
  }

  package func hash(into hasher: inout Hasher) {
    for byte in name.utf8 { hasher.combine(byte) }
    hasher.combine(UInt8.max)  // no UTF-8 text has this byte: it ends the name
  }
}

extension Label: Comparable {
  /// Code point order, as numpy sorts the labels of an implicit output; numbers come first, by value.
  package static func < (a: Label, b: Label) -> Bool {
    switch (Int(a.name), Int(b.name)) {
    case (let x?, let y?) where x != y: return x < y
    case (_?, nil): return true
    case (nil, _?): return false
    case (_?, _?), (nil, nil): break
    }
    return a.name.unicodeScalars.lexicographicallyPrecedes(b.name.unicodeScalars)
  }
}

extension Label: CustomStringConvertible {
  /// As it is written in an equation: `i`, `{batch}`, `{0}`.
  package var description: String {
    let scalars = name.unicodeScalars
    if let letter = scalars.first, scalars.dropFirst().isEmpty, letter.isLabelLetter { return name }
    return "{\(name)}"
  }
}
