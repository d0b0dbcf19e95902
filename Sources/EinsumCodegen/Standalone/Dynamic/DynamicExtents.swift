import EinsumIR

/// The extents that are arguments of a standalone function, rather than numbers in its text.
///
/// Plans hold numbers. So a problem is planned and written several times, each time with other large primes for these
/// extents. The texts then differ in numbers only, and each such number is a constant times some of the extents, which
/// its prime factors tell. As primes have no divisors, every block of a loop may be cut short; as they are large, no loop
/// over blocks is missing. Whatever else an extent decides shows as another difference, and is refused.
package struct DynamicExtents: Hashable, Sendable {
  package struct Extent: Hashable, Sendable {
    package let label: String
    /// The name of the argument.
    package let name: String
    /// The extent that the file's own check uses.
    package let hint: Int
    /// What stands for it, in each of the samples.
    package let markers: [Int]
  }

  package let extents: [Extent]

  /// How many times a problem is written.
  package static let sampleCount = 3

  /// - Parameters:
  ///   - labels: the labels and the extents that the file's own check uses.
  ///   - bits: the markers have this many bits.
  ///   - names: names that arguments may not have.
  package init(_ labels: [(label: String, hint: Int)], bits: Int, besides names: [String]) {
    var free = CNames(taken: Set(names))
    let markers = (0..<Self.sampleCount).map { sample in
      Self.primes(labels.count, below: (1 << bits) - sample << (bits - 6))
    }
    extents = labels.enumerated().map { number, item in
      Extent(
        label: item.label,
        name: free.unique("extent_\(CIdentifier.harmless(item.label).filter(\.isLetterOrDigit))"),
        hint: item.hint, markers: markers.map { $0[number] })
    }
  }

  /// The largest primes below a limit.
  private static func primes(_ count: Int, below limit: Int) -> [Int] {
    var result: [Int] = []
    var candidate = limit - 1
    while result.count < count {
      let divisors = sequence(first: 2) { $0 + 1 }.prefix { $0 * $0 <= candidate }
      if divisors.allSatisfy({ candidate % $0 != 0 }) { result.append(candidate) }
      candidate -= 1
    }
    return result
  }

  /// The least of all markers.
  package var leastMarker: Int { extents.flatMap(\.markers).min() ?? .max }

  /// The parameters of the function.
  var parameters: [CDeclaration] { extents.map { CDeclaration(type: "long", name: $0.name) } }
}

extension Character {
  fileprivate var isLetterOrDigit: Bool { isASCII && (isLetter || isNumber) }
}

extension DynamicExtents {
  /// A constant times extents.
  struct Product: Hashable {
    var coefficient: Int
    /// How often each extent is a factor.
    var exponents: [Int]

    var isConstant: Bool { exponents.allSatisfy { $0 == 0 } }
  }

  /// What a number is that has these values in the samples; nil if it is no product.
  func product(_ values: [Int]) -> Product? {
    if Set(values).count == 1 {
      return Product(coefficient: values[0], exponents: extents.map { _ in 0 })
    }
    let factored = values.enumerated().map { factors($1, sample: $0) }
    return factored.allSatisfy { $0 == factored[0] } ? factored[0] : nil
  }

  private func factors(_ value: Int, sample: Int) -> Product {
    var product = Product(coefficient: value, exponents: [])
    for extent in extents {
      var count = 0
      while product.coefficient != 0 && product.coefficient % extent.markers[sample] == 0 {
        product.coefficient /= extent.markers[sample]
        count += 1
      }
      product.exponents.append(count)
    }
    return product
  }

  /// The C text of a product, without parentheses.
  func text(_ product: Product) -> String {
    let names = zip(extents, product.exponents).flatMap { Array(repeating: $0.name, count: $1) }
    let factors = (product.coefficient == 1 && !names.isEmpty ? [] : ["\(product.coefficient)"]) + names
    return factors.joined(separator: " * ")
  }

  /// A number of the first sample as a product.
  func spelled(_ value: Int) -> String { text(factors(value, sample: 0)) }

  /// The value of a product for the extents of the file's own check.
  func value(_ product: Product) -> Int {
    zip(extents, product.exponents).reduce(product.coefficient) { value, factor in
      (0..<factor.1).reduce(value) { result, _ in result * factor.0.hint }
    }
  }

  // MARK: Texts

  /// The samples' texts as one, with products in place of the numbers in which they differ.
  func merged(_ texts: [String]) throws(StandaloneFailure) -> String {
    let words = texts.map(Self.words)
    guard let first = words.first, words.allSatisfy({ $0.count == first.count }) else { throw refusal }
    var result = ""
    for place in first.indices {
      if words.allSatisfy({ $0[place] == first[place] }) {
        result += first[place]
      } else {
        let numbers = words.compactMap { Int($0[place]) }
        guard numbers.count == words.count, let product = product(numbers) else { throw refusal }
        result += text(product)
      }
    }
    return result
  }

  /// Why a problem cannot have extents as arguments.
  var refusal: StandaloneFailure {
    let labels = extents.map { "'\($0.label)'" }.joined(separator: ", ")
    return StandaloneFailure(
      "the kernel depends on more than the size of \(labels), as diagonals do", kind: .extents)
  }

  /// Runs of letters and digits, and what is between them.
  private static func words(_ text: String) -> [Substring] {
    func isPart(_ byte: UInt8) -> Bool {
      byte == UInt8(ascii: "_") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
    var result: [Substring] = []
    var rest = text.utf8[...]
    while let byte = rest.first {
      let isWord = isPart(byte)
      let end = rest.firstIndex { isPart($0) != isWord } ?? rest.endIndex
      result.append(Substring(rest[..<end]))
      rest = rest[end...]
    }
    return result
  }
}
