internal import CEinsumRuntime

extension TinyCC {
  /// Calls `body` with a request whose C strings live as long as the call.
  ///
  /// The symbols' names are laid end to end in one buffer, so that their number costs no allocations.
  static func withRequest<Result>(
    _ source: String, _ entry: String, _ symbols: [Symbol], _ options: String?,
    _ body: (UnsafePointer<es_tcc_request>) -> Result
  ) -> Result {
    var names: [CChar] = []
    var offsets: [Int] = []
    offsets.reserveCapacity(symbols.count)
    for symbol in symbols {
      offsets.append(names.count)
      names.append(contentsOf: symbol.name.utf8CString)
    }
    return source.withCString { source in
      entry.withCString { entry in
        withOptionalCString(options) { options in
          names.withUnsafeBufferPointer { names in
            let list = zip(symbols, offsets).compactMap { symbol, offset in
              names.baseAddress.map { es_symbol(name: $0 + offset, address: symbol.address) }
            }
            return list.withUnsafeBufferPointer { list in
              var request = es_tcc_request(
                source: source, entry: entry, symbols: list.baseAddress, symbol_count: list.count,
                options: options)
              return body(&request)
            }
          }
        }
      }
    }
  }
}

private func withOptionalCString<Result>(
  _ text: String?, _ body: (UnsafePointer<CChar>?) -> Result
) -> Result {
  guard let text else { return body(nil) }
  return text.withCString(body)
}
