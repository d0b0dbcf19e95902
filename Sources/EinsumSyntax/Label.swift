/// The name of an index in an equation: a letter, or a longer name in braces.
package struct Label: Hashable, Sendable, Comparable {
  package let name: String

  package init(_ name: String) { self.name = name }

  /// Code point order, as numpy sorts the labels of an implicit output; numbers come first, by value.
  package static func < (a: Label, b: Label) -> Bool {
    switch (Int(a.name), Int(b.name)) {
    case (let x?, let y?): return x < y
    case (_?, nil): return true
    case (nil, _?): return false
    case (nil, nil): break
    }
    return a.name.unicodeScalars.lexicographicallyPrecedes(b.name.unicodeScalars)
  }
}

extension Label: CustomStringConvertible {
  /// As it is written in an equation: `i`, `{batch}`.
  package var description: String { name.unicodeScalars.count == 1 ? name : "{\(name)}" }
}
