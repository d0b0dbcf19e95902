import EinsumIR
import Testing

/// Facts about the fifteen element types.
@Suite struct ElementTypeTests {
  @Test func names() {
    #expect(ElementType.allCases.count == 15)
    for type in ElementType.allCases {
      #expect(ElementType(named: type.rawValue) == type)
      #expect(ElementType(named: type.code) == type)
    }
    #expect(Set(ElementType.allCases.map(\.code)).count == 15)
    #expect(ElementType(named: "float") == nil)
    #expect(ElementType(named: "") == nil)
  }

  @Test(arguments: ElementType.allCases) func sizeIsTheNamesNumberOfBits(type: ElementType) {
    let bits = type == .bool ? 8 : Int(type.rawValue.filter(\.isNumber))
    #expect(bits == type.size * 8)
  }

  @Test(arguments: ElementType.allCases) func derivedTypes(type: ElementType) {
    #expect(type.computeType.computeType == type.computeType)
    #expect(type.kernelType.size == type.size)
    #expect(ElementType.kernelTypes.contains(type.kernelType))
    #expect(ElementType.kernelTypes.contains(type.computeType.kernelType))
    #expect(type.componentType.size * type.componentCount == type.size)
    #expect((type.componentCount == 2) == (type == .complex64 || type == .complex128))
  }

  @Test func integersOfOneSizeShareKernels() {
    #expect(ElementType.int32.sharesKernels(with: .uint32))
    #expect(!ElementType.int32.sharesKernels(with: .float32))
    #expect(!ElementType.bool.sharesKernels(with: .uint8))
    #expect(!ElementType.float16.sharesKernels(with: .bfloat16))
    for type in ElementType.allCases { #expect(type.sharesKernels(with: type)) }
  }
}
