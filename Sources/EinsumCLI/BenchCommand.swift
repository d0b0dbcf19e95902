import ArgumentParser
import Einsum
import EinsumIR
import EinsumSyntax

/// `einsumc bench`: measures a kernel on random operands, and checks its result.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure compiling and calling a kernel, and check its result.",
    discussion: """
      Operands are random, from a fixed seed. Compiling is timed at its second time, from the text to a function, \
      without any cache; the first is a warm-up. The first call is timed by itself; then, after two more, single calls \
      are timed for the given time, at least 5 of them. gflops and gb_per_s are those of the median call; bytes counts \
      each operand and the result once. The result is compared with plain loops in double precision or exact integers, \
      at every element if that is quick and at some of them otherwise; 'checked' says that it agreed.

      Examples:
        einsumc bench 'ij,jk->ik' --sizes i=512,j=512,k=512
        einsumc bench 'bij,bjk->bik' --shapes 9x8x7,9x7x6 --dtype f64 --json
      """)

  @OptionGroup var problem: ProblemOptions
  @OptionGroup var execution: ExecutionOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Time calls for this many seconds, at most 3600.", valueName: "s"))
  var minTime = 0.3

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    try execution.check()
    guard (0...3600).contains(minTime) else {
      throw EinsumError(
        .invalidArgument(what: "--min-time", why: "\(minTime) is not between 0 and 3600 seconds"))
    }
    var kernel = try compile()
    var compileTimes: [Double] = []
    for _ in 0..<Self.compileCount {
      let compiling = Stopwatch()
      kernel = try compile()
      compileTimes.append(compiling.milliseconds)
    }
    let compileTime = compileTimes.sorted()[Self.compileCount / 2]

    let trial = try Trial(kernel)
    let first = Stopwatch()
    try trial.run()
    let firstTime = first.milliseconds
    let verdict = try trial.check()
    let times = try trial.times(lasting: minTime)

    let report = BenchReport(kernel, compileTime, firstTime, times, verdict)
    try StandardOutput.write(json ? JSON.text(report) : report.table)
    switch verdict {
    case .agrees: break
    case .unknown(let why): StandardError.write("note: the result was not checked: \(why)")
    case .differs(let how): throw Failure(message: "the result is wrong: \(how)")
    }
  }

  /// How many compiles are timed after the first one; the report gives their median.
  private static let compileCount = 9

  /// Everything from the text to a function, without what is known from before.
  private func compile() throws(EinsumError) -> Kernel {
    var request = try problem.request()
    request.threads = execution.threads
    return try KernelCache(capacity: 1).kernel(for: request)
  }
}

/// What `einsumc bench` prints. The names of properties are those of JSON's keys.
private struct BenchReport: Encodable {
  let expr: String
  let dtype: String
  let threads: Int
  let tier: String
  let compileMs: Double
  let firstCallMs: Double
  let minS: Double
  let medianS: Double
  let calls: Int
  let gflops: Double
  let gbPerS: Double
  let flop: Double
  let bytes: Double
  let workspaceBytes: Int
  let checked: Bool

  init(
    _ kernel: Kernel, _ compileTime: Double, _ firstTime: Double, _ times: [Double], _ verdict: Verdict
  ) {
    let measured = Explanation.Measurement(times: times, flop: kernel.flopCount, bytes: kernel.byteCount)
    let median = max(measured.medianSeconds, 1e-9)
    expr = kernel.request.equation.text
    dtype = kernel.request.typeCodes
    threads = kernel.threadCount
    tier = ExecutionOptions.usedTier.rawValue
    compileMs = compileTime
    firstCallMs = firstTime
    minS = measured.minSeconds
    medianS = measured.medianSeconds
    calls = measured.calls
    gflops = kernel.flopCount / median * 1e-9
    gbPerS = kernel.byteCount / median * 1e-9
    flop = kernel.flopCount
    bytes = kernel.byteCount
    workspaceBytes = kernel.workspaceSize
    checked = verdict == .agrees
  }

  /// The same for people.
  var table: String {
    Table.text([
      ("expr", expr), ("dtype", dtype), ("threads", "\(threads)"), ("tier", tier),
      ("compile", "\(Quantity.decimal(compileMs)) ms"), ("first call", "\(Quantity.decimal(firstCallMs)) ms"),
      ("fastest call", "\(Quantity.decimal(minS * 1e3)) ms"),
      ("median call", "\(Quantity.decimal(medianS * 1e3)) ms of \(calls) calls"),
      ("speed", "\(Quantity.decimal(gflops)) GFLOP/s, \(Quantity.decimal(gbPerS)) GB/s"),
      ("flop", Plan.count(flop)), ("bytes", Plan.count(bytes)), ("workspace", "\(workspaceBytes) bytes"),
      ("checked", checked ? "yes" : "no"),
    ])
  }
}
