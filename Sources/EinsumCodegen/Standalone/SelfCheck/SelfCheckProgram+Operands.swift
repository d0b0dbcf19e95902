import EinsumIR

extension SelfCheckProgram {
  /// A function for each type that reads an element as a number of the reference.
  func emitReaders(_ text: inout CText) {
    for type in readTypes where type == .float16 || type == .bfloat16 { emitHalf(type, &text) }
    for type in readTypes where type.numberClass != .complex {
      text.function(
        "An element as a number of the reference.", "static \(number) value_\(type.code)(\(c(type)) x)"
      ) {
        text in
        switch type.numberClass {
        case .bool: text.line("return x != 0;")
        case .signed: text.line(isExact ? "return (unsigned long)x;" : "return (double)x;")
        case .unsigned: text.line(isExact ? "return x;" : "return (double)x;")
        case .real, .complex:
          let value = type == .float16 || type == .bfloat16 ? "number_\(type.code)(x)" : "x"
          text.line(isExact ? "return (unsigned long)(long)\(value);" : "return \(value);")
        }
      }
      text.line("")
    }
  }

  private func emitHalf(_ type: ElementType, _ text: inout CText) {
    let fraction = type == .float16 ? 10 : 7
    let bias = type == .float16 ? 15 : 127
    let most = type == .float16 ? 31 : 255
    text.function(
      "The number that bits of \(type.rawValue) stand for.",
      "static double number_\(type.code)(unsigned bits)"
    ) {
      text in
      text.line("int exponent = (int)(bits >> \(fraction) & \(most));")
      text.line("double x = (double)(bits & \((1 << fraction) - 1)) / \(1 << fraction);")
      text.line("if (exponent == 0)\n    exponent = 1;\nelse\n    x += 1;")
      text.line("for (; exponent > \(bias); exponent--)\n    x *= 2;")
      text.line("for (; exponent < \(bias); exponent++)\n    x /= 2;")
      text.line("return bits >> 15 ? -x : x;")
    }
    text.line("")
  }

  /// The function that fills an operand, one for each type.
  func emitFill(_ text: inout CText) {
    text.function(
      "A number from -8 to 8, the next of a fixed sequence.", "static int next_number(unsigned long *state)"
    ) { text in
      text.line("*state = (*state * 1103515245 + 12345) % 2147483648;")
      text.line("return (int)(*state / 65536 % 17) - 8;")
    }
    text.line("")
    let types = Set(kernel.operands.map(\.elementType))
    for type in ElementType.allCases where types.contains(type) {
      text.function(
        "Gives n elements values.",
        "static void fill_\(type.code)(\(c(type)) *x, long n, unsigned long *state)"
      ) { text in
        text.block("for (long i = 0; i < n; i++)") { text in
          switch type.numberClass {
          case .bool: text.line("x[i] = next_number(state) > 4;")
          case .signed: text.line("x[i] = (\(c(type)))(next_number(state) / 2);")
          case .unsigned: text.line("x[i] = (\(c(type)))(next_number(state) / 2 + 4);")
          case .real:
            if type == .float16 || type == .bfloat16 {
              emitHalfFill(type, &text)
            } else {
              text.line("x[i] = (\(c(type)))next_number(state) / 8;")
            }
          case .complex:
            let part = c(type.componentType)
            text.line(
              "x[i].re = (\(part))next_number(state) / 8;\nx[i].im = (\(part))next_number(state) / 8;")
          }
        }
      }
      text.line("")
    }
  }

  /// Bits of one of the numbers 0, 1/8, 1/4, 1/2, 1 and their negatives.
  private func emitHalfFill(_ type: ElementType, _ text: inout CText) {
    let step = type == .float16 ? 1 << 10 : 1 << 7
    let one = type == .float16 ? 15 << 10 : 127 << 7
    text.line("const int n8 = next_number(state), size = (n8 < 0 ? -n8 : n8) / 2;")
    text.line(
      "x[i] = (unsigned short)((n8 < 0 ? 0x8000 : 0) + (size == 0 ? 0 : \(one) - (4 - size) * \(step)));")
  }
}
