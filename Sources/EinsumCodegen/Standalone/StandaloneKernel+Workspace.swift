import EinsumIR

extension StandaloneKernel {
  /// The bytes that a call needs beside operands and output; if extents are arguments, for those of the file's own check.
  package var workspaceSize: Int { hasWorkspace ? placedSize + Self.slack : 0 }

  /// Any memory will do for a workspace, as the function itself goes on to the next cache line: a vector that lies in two
  /// lines takes twice as long to read, and `malloc` gives memory that begins in the midst of one.
  private static let slack = WorkspaceAlignment.bytes - 1

  /// What a function with a workspace does first.
  static let aligningStatement = CExpression.assignment(
    .name("workspace"), "=",
    .binary(
      .cast(type: "char *", .name("workspace")), "+",
      .binary(.prefix("-", .cast(type: "size_t", .name("workspace"))), "&", .integer(slack))))

  /// The bytes from the first cache line on.
  private var placedSize: Int {
    if let workspaces = try? dynamicWorkspaces, !workspaces.isEmpty {
      return workspaces.map(\.hintedSize).max() ?? 0
    }
    return switch dialect {
    case .vector(let variants): variants.map(\.plan.workspaceSize).max() ?? 0
    case .portable(let plan, _): PlainBody.workspaceSize(of: plan)
    }
  }

  /// Whether the function needs a workspace.
  var hasWorkspace: Bool {
    if let workspaces = try? dynamicWorkspaces, !workspaces.isEmpty {
      return workspaces.contains { !$0.isEmpty }
    }
    return placedSize > 0
  }

  /// If extents are arguments: the workspace of each version of the function.
  private var dynamicWorkspaces: [DynamicWorkspace] {
    get throws(StandaloneFailure) {
      guard let dynamic else { return [] }
      let text = DynamicText(extents: dynamic.extents, kernel: self)
      var result: [DynamicWorkspace] = []
      switch dialect {
      case .vector(let variants):
        for variant in variants { result.append(try text.workspace(variant.programs)) }
      case .portable(let plan, let samples): result.append(try text.workspace([plan] + samples))
      }
      return result
    }
  }

  /// The head of the function that gives the workspace's size.
  var workspaceHead: String {
    let parameters = dynamic?.extents.parameters.map { CWriter.text($0) } ?? []
    return
      "size_t \(name)_workspace_size(\(parameters.isEmpty ? "void" : parameters.joined(separator: ", ")))"
  }

  /// A call of it with the function's own extents.
  var workspaceCall: String {
    "\(name)_workspace_size(\((dynamic?.extents.extents.map(\.name) ?? []).joined(separator: ", ")))"
  }

  /// What it returns: the size for the version that needs the most.
  func workspaceBody() throws(StandaloneFailure) -> String {
    let sizes = try dynamicWorkspaces.map(\.size)
    let slack = hasWorkspace ? " + \(Self.slack)" : ""
    guard let dynamic, let first = sizes.first else { return "return \(placedSize)\(slack);" }
    var lines = dynamic.extents.extents.map(\.name).filter { name in
      !sizes.contains { $0.contains(name) }
    }.map { "(void)\($0);" }
    if Set(sizes).count == 1 {
      return (lines + ["return (size_t)(\(first))\(slack);"]).joined(separator: "\n")
    }
    lines.append("long size = \(first);")
    for size in sizes.dropFirst() { lines.append("if (size < \(size))\n    size = \(size);") }
    return (lines + ["return (size_t)size\(slack);"]).joined(separator: "\n")
  }
}
