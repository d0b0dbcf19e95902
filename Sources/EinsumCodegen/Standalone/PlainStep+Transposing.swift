import EinsumIR

extension PlainStep {
  /// Loops over all elements of an output without sums.
  ///
  /// Where an operand is contiguous along another index than the output, both indices are walked in blocks, which compilers
  /// transpose in registers. One loop inside the other they leave as it is, an element at a time.
  func mapLoops(_ indices: [Int], _ text: inout CText, _ body: Body) {
    guard let row = indices.last, let across = transposed(against: row) else {
      return loops(indices, &text, body)
    }
    let outer = indices.prefix { $0 != across }
    let between = Array(indices.dropFirst(outer.count + 1).dropLast())
    loops(Array(outer), &text) { text in
      blockLoops(
        across, &text,
        whole: { text in
          loops(between, &text) { text in
            blockLoops(
              row, &text,
              whole: { text in loopInBlock(across, &text) { loopInBlock(row, &$0, body) } },
              rest: { start, end, text in
                loopInBlock(across, &text) { loop(row, start, end, &$0, body) }
              })
          }
        },
        rest: { start, end, text in
          loop(across, start, end, &text) { loops(between + [row], &$0, body) }
        })
    }
  }

  /// The index along which an operand is contiguous that is not along the output's row, if both are long and known.
  private func transposed(against row: Int) -> Int? {
    guard !isDynamic, contraction.indices[row].extent >= 2 * Self.block else { return nil }
    return contraction.output.indices.first { index in
      index != row && contraction.indices[index].extent >= 2 * Self.block
        && contraction.operands.contains { $0.stride(of: index) == 1 && ($0.stride(of: row) ?? 0) > 1 }
    }
  }

  /// A loop over the starts of an index's whole blocks, then what is to be done from the last one's end to the index's.
  private func blockLoops(
    _ index: Int, _ text: inout CText, whole: Body, rest: (Int, Int, inout CText) -> Void
  ) {
    let (name, extent) = (starts[index], contraction.indices[index].extent)
    let end = extent / Self.block * Self.block
    text.block("for (long \(name) = 0; \(name) < \(end); \(name) += \(Self.block))", whole)
    if end < extent { rest(end, extent, &text) }
  }

  private func loopInBlock(_ index: Int, _ text: inout CText, _ body: Body) {
    let (name, start) = (variables[index], starts[index])
    text.block("for (long \(name) = \(start); \(name) < \(start) + \(Self.block); \(name)++)", body)
  }

  /// Rows and columns that gcc and clang unroll, and then transpose in registers.
  private static let block = 4
}
