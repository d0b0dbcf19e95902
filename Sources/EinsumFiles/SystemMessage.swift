import Glibc

/// What the system says about its errors.
package enum SystemMessage {
  /// The text for an error number, in the style of our messages: lower case at the start.
  package static func text(_ code: Int32) -> String {
    switch code {
    case ENOENT: return "no such file or folder"
    case ENOTDIR: return "a part of the path is not a folder"
    case EISDIR: return "it is a folder"
    case ENOSPC: return "no space left on the device"
    default:
      guard let text = strerror(code) else { return "system error \(code)" }
      let message = String(cString: text)
      return message.prefix(1).lowercased() + message.dropFirst()
    }
  }
}
