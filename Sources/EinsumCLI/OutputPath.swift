import EinsumFiles
import EinsumSyntax
import Glibc

/// Looks at the path of an output before anything is computed for it.
enum OutputPath {
  /// Refuses a path that cannot become a file: a folder, or a name in a folder that is not there or closed.
  ///
  /// What only writing can show, such as a full disk, is a failure then and not wrong input.
  ///
  /// - Throws: `WrongInput` with an error [cannot-write].
  static func check(_ path: String) throws(WrongInput) {
    func refuse(_ why: String) -> WrongInput {
      WrongInput(error: EinsumError(.cannotWrite(path: path, why: why)))
    }
    if path.isEmpty { throw refuse("the path is empty") }
    var status = stat()
    if stat(path, &status) == 0 {
      if status.st_mode & S_IFMT == S_IFDIR { throw refuse("it is a folder") }
      if access(path, W_OK) != 0 { throw refuse(SystemMessage.text(errno)) }
      return
    }
    let code = errno
    if code != ENOENT { throw refuse(SystemMessage.text(code)) }
    if path.hasSuffix("/") { throw refuse("it is a folder's name") }
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    if stat(folder, &status) != 0 { throw refuse("there is no folder '\(folder)'") }
    if access(folder, W_OK | X_OK) != 0 { throw refuse("no file can be created in its folder") }
  }
}
