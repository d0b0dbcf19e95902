// swift-tools-version: 6.2
import PackageDescription

/// The strictest the language offers, for every Swift target.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("ExistentialAny"),
  .treatAllWarnings(as: .error),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let numerics = Target.Dependency.product(name: "ComplexModule", package: "swift-numerics")

let package = Package(
  name: "einsumc",
  products: [
    .library(name: "Einsum", targets: ["Einsum"]),
    .library(name: "EinsumC", type: .static, targets: ["EinsumC"]),
    .executable(name: "einsumc", targets: ["EinsumCLI"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.1.0"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.0.0"),
  ],
  targets: floor0 + floor1 + floor2 + floor3 + floor3Reports + floor4 + tests
)

/// Text to equation; the C libraries below the compiler, and the header of the one above it.
var floor0: [Target] {
  [
    .target(name: "EinsumSyntax", swiftSettings: strict),
    .systemLibrary(name: "CLibTCC", providers: [.apt(["libtcc-dev"])]),
    .target(name: "CEinsumRuntime", dependencies: ["CLibTCC"]),
    .target(name: "EinsumKernels", path: "Generated/Kernels"),
    .target(name: "CEinsum"),
  ]
}

/// The values that every stage speaks; C text to function; tensors on disk.
var floor1: [Target] {
  [
    .target(name: "EinsumIR", dependencies: ["EinsumSyntax"], swiftSettings: strict),
    .target(name: "EinsumJIT", dependencies: ["CEinsumRuntime"], swiftSettings: strict),
  ]
}

/// Policy and mechanism, which do not see each other; and the file formats.
var floor2: [Target] {
  [
    .target(name: "EinsumPlanner", dependencies: ["EinsumIR", "EinsumSyntax", heap], swiftSettings: strict),
    .target(name: "EinsumCodegen", dependencies: ["EinsumIR"], swiftSettings: strict),
    .target(name: "EinsumFiles", dependencies: ["EinsumIR", "EinsumSyntax"], swiftSettings: strict),
  ]
}

/// The public library, and the tool that writes `Generated/Kernels`.
var floor3: [Target] {
  [
    .target(
      name: "Einsum",
      dependencies: [
        "EinsumSyntax", "EinsumIR", "EinsumPlanner", "EinsumCodegen", "EinsumJIT", "EinsumKernels",
        "CEinsumRuntime", numerics,
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "GenerateKernels", dependencies: ["EinsumCodegen", "EinsumIR"], swiftSettings: strict),
  ]
}

/// What the library says about itself, for people: pages.
var floor3Reports: [Target] {
  [.target(name: "EinsumReport", dependencies: ["Einsum"], swiftSettings: strict)]
}

/// What users start.
var floor4: [Target] {
  [
    .executableTarget(
      name: "EinsumCLI",
      dependencies: [
        "Einsum", "EinsumReport", "EinsumFiles", "EinsumSyntax", "EinsumIR", "EinsumJIT", "CEinsumRuntime",
        argumentParser,
      ],
      swiftSettings: strict),
    .target(
      name: "EinsumC",
      dependencies: ["CEinsum", "Einsum", "EinsumReport", "EinsumSyntax", "EinsumIR", "CEinsumRuntime"],
      swiftSettings: strict),
  ]
}

/// One test target per target, and one with what they share.
var tests: [Target] {
  [
    .target(
      name: "EinsumTestSupport",
      dependencies: ["EinsumSyntax", "EinsumIR", "EinsumPlanner", "EinsumCodegen"],
      path: "Tests/EinsumTestSupport", swiftSettings: strict),
    .target(name: "CAllocationCount", path: "Tests/CAllocationCount"),
    test("EinsumSyntax", []),
    test("EinsumIR", ["EinsumSyntax"], golden: ["Golden"]),
    test("EinsumPlanner", ["EinsumSyntax", "EinsumIR"]),
    test("EinsumCodegen", ["EinsumSyntax", "EinsumIR", "EinsumPlanner"], golden: ["Kernels/Golden"]),
    test("EinsumJIT", ["CEinsumRuntime"]),
    test("EinsumFiles", ["EinsumIR", "EinsumSyntax"]),
    test("EinsumReport", ["Einsum", "EinsumIR", "EinsumSyntax"]),
    test(
      "Einsum",
      [
        "EinsumSyntax", "EinsumIR", "EinsumPlanner", "EinsumCodegen", "EinsumJIT", "EinsumKernels",
        "CEinsumRuntime", "CAllocationCount", numerics,
      ], golden: ["Golden"]),
  ]
}

/// The tests of a target; `golden` names folders of expected texts, which are read and not compiled.
func test(_ target: String, _ more: [Target.Dependency], golden: [String] = []) -> Target {
  .testTarget(
    name: "\(target)Tests", dependencies: [.byName(name: target), "EinsumTestSupport"] + more,
    exclude: golden, swiftSettings: strict)
}
