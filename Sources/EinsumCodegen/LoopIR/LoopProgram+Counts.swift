/// How often loops run and how much accesses touch, on average.
extension LoopProgram {
  /// The lengths of all blocks of a loop over the whole program step, each with how many there are.
  ///
  /// A loop has at most two lengths for each of its parent's.
  private func blocks(of id: LoopID) -> [(length: Int, count: Double)] {
    let loop = self[id]
    let parents: [(length: Int, count: Double)] =
      switch loop.range {
      case .whole(let extent): [(extent, 1)]
      case .block(let parent): blocks(of: parent)
      }
    return parents.flatMap { length, count in
      let (full, rest) = length.quotientAndRemainder(dividingBy: loop.step)
      return [(loop.step, Double(full) * count), (rest, rest > 0 ? count : 0)].filter { $0.1 > 0 }
    }
  }

  /// How many values a loop takes each time it is entered.
  package func meanExtent(of loop: LoopID) -> Double {
    switch self[loop].range {
    case .whole(let extent): Double(extent)
    case .block(let parent): meanBlock(of: parent)
    }
  }

  /// How often a loop's body runs each time the loop is entered.
  package func meanTrips(of loop: LoopID) -> Double {
    let trips = blocks(of: loop).reduce(0) { $0 + $1.count }
    switch self[loop].range {
    case .whole: return trips
    case .block(let parent): return trips / max(blocks(of: parent).reduce(0) { $0 + $1.count }, 1)
    }
  }

  /// How many values one pass of a loop covers.
  private func meanBlock(of loop: LoopID) -> Double {
    let blocks = blocks(of: loop)
    return blocks.reduce(0) { $0 + Double($1.length) * $1.count } / max(blocks.reduce(0) { $0 + $1.count }, 1)
  }

  /// How many elements a kernel covers along a dimension.
  package func meanLength(_ length: Length) -> Double {
    switch length {
    case .constant(let count): Double(count)
    case .block(let loop): meanBlock(of: loop)
    case .blocks(let loop): meanTrips(of: loop)
    }
  }

  /// How many different elements an access touches while some loops run, for accesses that never meet themselves.
  package func elementCount(of access: Access, over loops: [LoopID]) -> Double {
    var moving = Set(access.start.terms.map(\.loop))
    var count = 1.0
    for dimension in access.dimensions {
      switch dimension.walk {
      case .stride(0): continue
      case .stride: break
      case .table(_, let position): moving.formUnion(position.terms.map(\.loop))
      }
      count *= meanLength(dimension.length)
    }
    return loops.filter(moving.contains).reduce(count) { $0 * meanTrips(of: $1) }
  }
}
