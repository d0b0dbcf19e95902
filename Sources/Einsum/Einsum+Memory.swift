internal import CEinsumRuntime

extension Einsum {
  /// Frees memory of results that are gone, which is kept for the next ones, until at most `bytes` are left.
  ///
  /// Fresh memory costs more than most kernels do, so big blocks wait to be used again: up to an eighth of the machine's
  /// memory, and at most 1 GiB.
  public static func releaseMemory(keeping bytes: Int = 0) {
    es_pool_trim(max(bytes, 0))
  }
}
