package import EinsumIR

/// How element types are spelled in emitted C, in every dialect.
///
/// Plain C99 types, no headers: `char`, `short`, `int`, `long` with 8, 16, 32 and 64 bits (LP64). Bool is an unsigned
/// char that holds 0 or 1, the half types are unsigned shorts that hold the bits, and a complex number is a struct of
/// its two parts, because libtcc has no `_Complex`.
package enum CType {
  /// The C name of a type.
  package static func name(of type: ElementType) -> String {
    switch type {
    case .bool, .uint8: "unsigned char"
    case .int8: "signed char"
    case .int16: "short"
    case .int32: "int"
    case .int64: "long"
    case .uint16, .float16, .bfloat16: "unsigned short"
    case .uint32: "unsigned int"
    case .uint64: "unsigned long"
    case .float32: "float"
    case .float64: "double"
    case .complex64: "es_c64"
    case .complex128: "es_c128"
    }
  }

  /// The definitions of the structs among the types' C names, in a fixed order, each once.
  package static func structures(usedBy types: [ElementType]) -> [String] {
    [ElementType.complex64, .complex128]
      .filter(types.contains)
      .map { "typedef struct { \(name(of: $0.componentType)) re, im; } \(name(of: $0));" }
  }
}
