/// A stage of the compiler, in order.
package enum Stage: String, CaseIterable, Sendable {
  case equation, contraction, plan, loops, c
}

/// The text forms of all stages of one compilation, in the order in which they were made.
package struct CompilationTrace: Sendable {
  package private(set) var texts: [(stage: Stage, text: String)] = []

  package init() {}

  mutating func record(_ stage: Stage, _ text: String) { texts.append((stage, text)) }

  /// The text of one stage; a stage of two values has both, one after the other.
  package func text(of stage: Stage) -> String {
    texts.filter { $0.stage == stage }.map(\.text).joined(separator: "\n")
  }
}
