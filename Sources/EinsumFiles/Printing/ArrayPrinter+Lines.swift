extension ArrayPrinter {
  /// Arranges words, given in C order, in lines and nested brackets.
  ///
  /// Goes through the rows in one loop instead of recursing into the axes, so that tensors may have any rank.
  static func lines(of words: [String], axes: [PrintedAxis]) -> String {
    guard let rowAxis = axes.last else { preconditionFailure("internal: a scalar has no lines") }
    let outerAxes = axes.dropLast()
    let rank = axes.count
    var index = [Int](repeating: 0, count: outerAxes.count)
    var text = String(repeating: "[", count: rank)
    var start = 0
    while true {
      appendRow(words[start..<start + rowAxis.shownCount], hasGap: rowAxis.hasGap, rank: rank, to: &text)
      start += rowAxis.shownCount
      // The innermost axis that goes on; all further in are complete.
      guard let axis = outerAxes.indices.last(where: { index[$0] + 1 < outerAxes[$0].shownCount }) else {
        break
      }
      index[axis] += 1
      for inner in axis + 1..<rank - 1 { index[inner] = 0 }

      let indentation = String(repeating: " ", count: axis + 1)
      let separator = String(repeating: "\n", count: rank - 1 - axis)
      let depth = rank - 1 - axis
      text += String(repeating: "]", count: depth) + separator
      if outerAxes[axis].hasGap, index[axis] == PrintedAxis.edgeCount {
        text += indentation + "..." + separator
      }
      text += indentation + String(repeating: "[", count: depth)
    }
    return text + String(repeating: "]", count: rank)
  }

  /// Appends the words of one row behind its bracket, in as many lines as they need.
  private static func appendRow(_ words: ArraySlice<String>, hasGap: Bool, rank: Int, to text: inout String) {
    var line = Line(indentation: rank, lastColumn: lineWidth - rank)
    for (position, word) in words.enumerated() {
      if position > 0 { line.appendBlank() }
      if hasGap, position == PrintedAxis.edgeCount {
        line.append("...", to: &text)
        line.appendBlank()
      }
      line.append(word, to: &text)
    }
  }

  private static let lineWidth = 75

  /// The state of line breaking.
  private struct Line {
    let indentation: Int

    /// Words end here at the latest, unless they are alone on their line.
    let lastColumn: Int

    private var column: Int

    /// The blanks behind a word, which are dropped if the line ends there.
    private var pendingBlanks = 0

    init(indentation: Int, lastColumn: Int) {
      self.indentation = indentation
      self.lastColumn = lastColumn
      column = indentation
    }

    mutating func appendBlank() { pendingBlanks += 1 }

    mutating func append(_ word: String, to text: inout String) {
      let width = word.utf8.count
      if column > indentation, column + pendingBlanks + width > lastColumn {
        while text.last == " " { text.removeLast() }
        text += "\n" + String(repeating: " ", count: indentation)
        column = indentation
      } else {
        text += String(repeating: " ", count: pendingBlanks)
        column += pendingBlanks
      }
      pendingBlanks = 0
      text += word
      column += width
    }
  }
}
