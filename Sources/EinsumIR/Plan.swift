/// What one step of a plan computes.
package enum Operation: String, Hashable, Sendable {
  /// Writes zeros.
  case zero
  /// Copies to another element type.
  case convert
  /// Copies with the imaginary part negated.
  case conjugate
  /// Copies, or sums over the indices that the result lacks.
  case sum
  /// Multiplies two or more tensors and sums over the indices that the result lacks.
  case contract
}

/// One step of a plan: an operation on tensors of the plan, as a contraction of its own, and its schedule.
package struct Step: Hashable, Sendable {
  package var operation: Operation
  /// Numbers of the plan's tensors, in the order of the contraction's operands.
  package var inputs: [Int]
  package var output: Int
  package var contraction: Contraction
  package var schedule: Schedule
  /// Where in the workspace this step's own scratch (panels, offset tables) begins, in bytes.
  package var scratchOffset: Int

  package init(
    operation: Operation, inputs: [Int], output: Int, contraction: Contraction, schedule: Schedule,
    scratchOffset: Int = 0
  ) {
    self.operation = operation
    self.inputs = inputs
    self.output = output
    self.contraction = contraction
    self.schedule = schedule
    self.scratchOffset = scratchOffset
  }
}

/// A tensor of a plan: an operand, an intermediate or the output.
package struct PlanTensor: Hashable, Sendable {
  /// Where a tensor lives.
  package enum Place: Hashable, Sendable {
    case operand(Int)
    case output
    /// In the workspace, from this byte on.
    case workspace(Int)
  }

  package var elementType: ElementType
  package var place: Place
  /// The elements of its memory, relative to its pointer.
  package var span: Range<Int>

  package init(elementType: ElementType, place: Place, span: Range<Int>) {
    self.elementType = elementType
    self.place = place
    self.span = span
  }
}

/// A contraction as a sequence of steps with schedules and a place in memory for every intermediate.
package struct Plan: Hashable, Sendable {
  package var contraction: Contraction
  package var isa: ISA
  /// The most threads that a call runs on.
  package var threads: Int
  /// The operands, then what the steps make, in order; the output is the last.
  package var tensors: [PlanTensor]
  package var steps: [Step]
  /// What a call needs beside operands and output, in bytes.
  package var workspaceSize: Int

  package init(
    contraction: Contraction, isa: ISA, threads: Int = 1, tensors: [PlanTensor], steps: [Step],
    workspaceSize: Int
  ) {
    self.contraction = contraction
    self.isa = isa
    self.threads = threads
    self.tensors = tensors
    self.steps = steps
    self.workspaceSize = workspaceSize
  }
}

extension Step {
  /// The bytes of scratch that the step needs in a plan for so many threads: panels, tables, strips and copies.
  package func scratchSize(threads: Int) -> Int {
    switch (schedule, operation) {
    case (.tiled(let schedule), _): schedule.scratch(for: contraction).size
    case (.batched(let schedule), _): schedule.scratch(for: contraction).size
    case (.map(let schedule), .sum), (.map(let schedule), .contract):
      schedule.scratchSize(for: contraction, threads: threads)
    case (.map, .zero), (.map, .convert), (.map, .conjugate): 0
    }
  }

  /// Multiplications and additions, each counted as one, by the field's rule: every product of a sum is also added.
  package var flopCount: Double {
    let points = contraction.points
    let sums = contraction.summed.isEmpty ? 0 : points
    return switch operation {
    case .zero, .convert, .conjugate: 0
    case .sum: sums
    case .contract: Double(contraction.operands.count - 1) * points + sums
    }
  }
}

extension Plan {
  /// Multiplications and additions of all steps.
  package var flopCount: Double { steps.reduce(0) { $0 + $1.flopCount } }

  /// The bytes of operands and output, each counted once.
  package var byteCount: Double {
    (contraction.operands + [contraction.output]).reduce(0) { sum, tensor in
      sum + contraction.size(of: tensor.indices) * Double(tensor.elementType.size)
    }
  }
}
