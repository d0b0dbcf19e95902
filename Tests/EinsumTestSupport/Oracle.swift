package import EinsumIR
package import EinsumSyntax

/// Einsum by its definition: every product is formed and added, one by one, with no cleverness at all.
///
/// It takes nothing but the equation's terms and the tensors' layouts: extents, broadcasting, diagonals and
/// ellipses are worked out here, apart from the compiler's own analysis.
package enum Oracle {
  /// Computes into `output`, whose layout says where the elements go; its old elements are not read.
  ///
  /// - Parameters:
  ///   - computeType: the type in which products and sums are formed, reals in double precision.
  ///   - isMagnitude: forms `sum |products|` instead, for error bounds.
  package static func compute(
    _ equation: Equation, _ operands: [TestTensor], conjugated: Set<Int> = [], in computeType: ElementType,
    into output: TestTensor, isMagnitude: Bool = false
  ) {
    let width = zip(equation.inputs, operands).map { $1.layout.rank - $0.labels.count }.max() ?? 0
    let terms = zip(equation.inputs, operands).map {
      axes(of: $0, ellipsis: $1.layout.rank - $0.labels.count)
    }
    let outputTerm = axes(of: equation.output, ellipsis: width)
    var sizes: [String: Int] = [:]
    for (axes, operand) in zip(terms, operands) {
      for (name, extent) in zip(axes, operand.layout.shape) where sizes[name] ?? 1 == 1 {
        sizes[name] = extent
      }
    }
    let kept = Set(outputTerm).sorted()
    let order = kept + sizes.keys.filter { !kept.contains($0) }.sorted()
    let extents = order.map { sizes[$0] ?? 1 }
    let steps = zip(terms + [outputTerm], operands + [output]).map { axes, tensor in
      order.map { name in
        axes.indices.filter { axes[$0] == name && tensor.layout.shape[$0] != 1 }
          .reduce(0) { $0 + tensor.layout.strides[$1] }
      }
    }
    for place in output.places { output[place] = TestValue() }

    func each(_ depth: Int, _ places: [Int], _ body: (Int, [Int]) -> Void) {
      var places = places
      for _ in 0..<extents[depth] {
        body(depth + 1, places)
        for tensor in places.indices { places[tensor] += steps[tensor][depth] }
      }
    }
    func term(_ places: [Int]) -> TestValue {
      let factors = operands.indices.map { number -> TestValue in
        var factor = operands[number][places[number]].converted(
          from: operands[number].elementType, to: computeType)
        if conjugated.contains(number) { factor.im = -factor.im }
        return isMagnitude ? TestValue(abs(factor.re) + abs(factor.im)) : factor
      }
      return factors.dropFirst().reduce(factors[0]) { TestValue.product($0, $1, computeType) }
    }
    var sum = TestValue()
    func add(_ depth: Int, _ places: [Int]) {
      if depth < order.count { return each(depth, places, add) }
      sum = TestValue.sum(sum, term(places), computeType)
    }
    func visit(_ depth: Int, _ places: [Int]) {
      if depth < kept.count { return each(depth, places, visit) }
      sum = TestValue()
      add(depth, places)
      output[places[operands.count]] = sum.converted(from: computeType, to: output.elementType)
    }
    visit(0, [Int](repeating: 0, count: operands.count + 1))
  }

  /// A name for each axis of a term; those of an ellipsis are numbered from the right.
  private static func axes(of term: Equation.Term, ellipsis count: Int) -> [String] {
    term.items.flatMap { item -> [String] in
      if let label = item.label { return [label.name] }
      return (0..<count).map { ".\(count - $0)" }
    }
  }
}
