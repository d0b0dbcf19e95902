import ArgumentParser

/// A textual argument, as the user wrote it; see ``ArgumentList``.
struct Word: ExpressibleByArgument {
  let text: String

  init(argument: String) { text = ArgumentList.unmarked(argument) }

  /// How help shows a default.
  var defaultValueDescription: String { text }
}
