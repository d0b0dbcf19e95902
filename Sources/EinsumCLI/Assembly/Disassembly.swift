/// The machine code of a function as objdump shows it.
struct Disassembly: Encodable {
  /// The function's name.
  let symbol: String
  /// One line for each instruction.
  let text: String
  /// The lines of the loop in which most of the work is done; none if there is no loop.
  let innerLoop: [String]

  /// One line of objdump: `  1f40:\tvfmadd231ps zmm0,zmm1,zmm2`.
  private struct Instruction {
    let line: String
    let address: UInt64
    let mnemonic: Substring
    let operands: Substring

    init?(_ line: Substring) {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, let address = UInt64(parts[0].drop { $0 == " " }, radix: 16) else { return nil }
      let code = parts[1].drop { $0 == " " || $0 == "\t" }
      self.line = String(line)
      self.address = address
      mnemonic = code.prefix { $0 != " " }
      operands = code[mnemonic.endIndex...].drop { $0 == " " }
    }

    /// Where a jump leads, if it is one to a fixed address.
    var target: UInt64? {
      guard mnemonic.hasPrefix("j") || mnemonic == "b" || mnemonic.hasPrefix("b.") else { return nil }
      let address = operands.prefix { $0.isHexDigit || $0 == "x" }
      return UInt64(address.hasPrefix("0x") ? address.dropFirst(2) : address, radix: 16)
    }

    /// How much an instruction says that its loop is the one that counts: arithmetic on vectors, then calls.
    var weight: Int {
      let name = mnemonic.hasPrefix("v") ? mnemonic.dropFirst() : mnemonic
      if ["fmadd", "fnmadd", "mul", "pmul", "fmla"].contains(where: name.hasPrefix) { return 100 }
      if ["add", "padd", "max", "or", "and"].contains(where: name.hasPrefix) && operands.contains("mm") {
        return 50
      }
      if mnemonic.hasPrefix("call") || mnemonic == "bl" { return 20 }
      return operands.contains("mm") ? 5 : 0
    }
  }

  /// - Parameters:
  ///   - listing: objdump's output for one function.
  ///   - calls: the functions that it calls, in the order of the code, if objdump does not know them.
  init(symbol: String, listing: String, calls: [String] = []) {
    self.symbol = symbol
    var instructions: [Instruction] = []
    var names = calls[...]
    for line in listing.split(separator: "\n") {
      guard var instruction = Instruction(line) else { continue }
      if instruction.mnemonic.hasPrefix("call"), let name = names.popFirst() {
        instruction = Instruction(line + "   # \(name)") ?? instruction
      }
      instructions.append(instruction)
    }
    text = instructions.map(\.line).joined(separator: "\n")
    innerLoop = Self.innerLoop(of: instructions).map(\.line)
  }

  /// Of the loops without a loop inside, the one of most weight.
  private static func innerLoop(of instructions: [Instruction]) -> ArraySlice<Instruction> {
    var loops: [Range<Int>] = []
    for (end, instruction) in instructions.enumerated() {
      guard let target = instruction.target, target <= instruction.address,
        let start = instructions[...end].firstIndex(where: { $0.address == target })
      else { continue }
      loops.append(start..<end + 1)
    }
    let inner = loops.filter { loop in
      !loops.contains { $0 != loop && $0.lowerBound >= loop.lowerBound && $0.upperBound <= loop.upperBound }
    }
    let weights = inner.map { instructions[$0].reduce(0) { $0 + $1.weight } }
    guard let best = inner.indices.max(by: { weights[$0] < weights[$1] }) else { return [] }
    return instructions[inner[best]]
  }
}

extension Disassembly: CustomStringConvertible {
  /// The inner loop, or the whole function if it has none.
  var description: String {
    innerLoop.isEmpty
      ? "\(symbol), which has no loop:\n\(text)"
      : "\(symbol), inner loop:\n\(innerLoop.joined(separator: "\n"))"
  }
}
