import Einsum
import EinsumIR

extension DoctorCommand {
  /// The measured limits for people.
  static func rows(_ limits: Limits) -> [(name: String, value: String)] {
    let size = Quantity.bytes(Double(limits.arrayBytes))
    func bandwidth(_ plain: Double, _ stream: Double?) -> String {
      "\(Quantity.decimal(plain)) GB/s" + (stream.map { ", \(Quantity.decimal($0)) past the caches" } ?? "")
    }
    var rows = [
      ("threads", "\(limits.threads), vectors of \(limits.vectorBytes) bytes"),
      ("multiply-add f32", "\(Quantity.decimal(limits.fmaF32Gflops)) GFLOP/s on registers"),
      ("multiply-add f64", "\(Quantity.decimal(limits.fmaF64Gflops)) GFLOP/s on registers"),
      ("read", "\(bandwidth(limits.readGbPerS, nil)), arrays of \(size)"),
      ("write", bandwidth(limits.writeGbPerS, limits.writeStreamGbPerS)),
      ("copy", bandwidth(limits.copyGbPerS, limits.copyStreamGbPerS)),
      ("triad", bandwidth(limits.triadGbPerS, limits.triadStreamGbPerS)),
    ]
    for (kernel, rate) in limits.tileGflops.sorted(by: { $0.key < $1.key }) {
      let peak = kernel.contains("_f64_") ? limits.fmaF64Gflops : limits.fmaF32Gflops
      let share = Quantity.percent(rate * Double(limits.threads) / peak)
      rows.append((kernel, "\(Quantity.decimal(rate)) GFLOP/s on one thread, \(share) of its multiply-adds"))
    }
    return rows
  }
}
