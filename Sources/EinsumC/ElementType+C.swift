public import CEinsum
import EinsumIR

/// The types in the order of the header's numbers, which begin at 1.
private let types = ElementType.allCases

/// The names as C strings that live for ever.
private let names = types.map { CText($0.rawValue) }

extension ElementType {
  /// The type with a number of the header, or nil if there is none.
  init?(_ type: einsum_type) {
    let place = Int(type) - 1
    guard types.indices.contains(place) else { return nil }
    self = types[place]
  }

  /// The type's number in the header.
  var number: einsum_type { types.firstIndex(of: self).map { einsum_type($0 + 1) } ?? 0 }
}

@c @implementation
public func einsum_type_size(_ type: einsum_type) -> Int { ElementType(type)?.size ?? 0 }

@c @implementation
public func einsum_type_name(_ type: einsum_type) -> UnsafePointer<CChar>? {
  ElementType(type) == nil ? nil : names[Int(type) - 1].pointer
}
