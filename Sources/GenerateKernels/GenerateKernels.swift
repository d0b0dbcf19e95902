import EinsumCodegen
import Foundation

/// Writes the kernel library into a folder: `GenerateKernels FOLDER`.
///
/// Files that are as they should be are left alone, so that nothing is rebuilt without need. Files that an earlier
/// version wrote and this one does not are removed.
@main
enum GenerateKernels {
  static func main() throws {
    guard CommandLine.arguments.count == 2 else {
      FileHandle.standardError.write(Data("usage: GenerateKernels FOLDER\n".utf8))
      exit(2)
    }
    let folder = URL(fileURLWithPath: CommandLine.arguments[1], isDirectory: true)
    let files = KernelLibrary.files
    for file in files { try write(file, into: folder) }
    try removeStale(in: folder, keeping: Set(files.map(\.path)))
  }

  private static func write(_ file: KernelLibrary.File, into folder: URL) throws {
    let place = folder.appendingPathComponent(file.path)
    let data = Data(file.text.utf8)
    if let present = try? Data(contentsOf: place), present == data { return }
    try FileManager.default.createDirectory(
      at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: place, options: .atomic)
  }

  /// Removes files that bear the generator's mark and are not among those it writes.
  private static func removeStale(in folder: URL, keeping paths: Set<String>) throws {
    let mark = Data(KernelLibrary.mark.utf8)
    for part in ["", "include/"] {
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/" + part)
      for name in names where !paths.contains(part + name) {
        let place = folder.appendingPathComponent(part + name)
        guard let data = try? Data(contentsOf: place), data.starts(with: mark) else { continue }
        try FileManager.default.removeItem(at: place)
      }
    }
  }
}
