internal import Foundation

/// Texts that the repository holds beside the tests, to show in a review what a change does to them.
///
/// A missing or different file is a failure. With `EINSUM_RECORD=1` in the environment the file is written,
/// and the test still fails, so that no run passes by recording.
package enum GoldenFile {
  /// Why `text` is not what the file holds, or nil if it is.
  ///
  /// - Parameters:
  ///   - name: the file's name without folder and `.txt`.
  ///   - testFile: the file of the test; its folder has the folder `Golden`.
  package static func difference(_ name: String, _ text: String, testFile: String = #filePath) -> String? {
    let folder = URL(fileURLWithPath: testFile).deletingLastPathComponent().appendingPathComponent("Golden")
    let file = folder.appendingPathComponent("\(name).txt")
    let text = text + "\n"
    let known = try? String(contentsOf: file, encoding: .utf8)
    if known == text { return nil }
    if ProcessInfo.processInfo.environment["EINSUM_RECORD"] == "1" {
      do {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
      } catch {
        return "\(name).txt cannot be written: \(error)"
      }
      return "\(name).txt is recorded; run again without EINSUM_RECORD"
    }
    guard let known else { return "\(name).txt does not exist; EINSUM_RECORD=1 records it" }
    return "\(name).txt differs: " + firstDifference(known, text)
  }

  private static func firstDifference(_ known: String, _ text: String) -> String {
    let (old, new) = (
      known.split(separator: "\n", omittingEmptySubsequences: false),
      text.split(separator: "\n", omittingEmptySubsequences: false)
    )
    let line = zip(old, new).enumerated().first { $1.0 != $1.1 }?.offset ?? min(old.count, new.count)
    let at = { (lines: [Substring]) in line < lines.count ? String(lines[line]) : "(no line)" }
    return "line \(line + 1) was\n  \(at(old))\nand is\n  \(at(new))"
  }
}
