public import CEinsum
import EinsumSyntax

@c @implementation
public func einsum_run(
  _ kernel: OpaquePointer?, _ operands: UnsafePointer<UnsafeRawPointer?>?, _ output: UnsafeMutableRawPointer?,
  _ workspace: UnsafeMutableRawPointer?
) -> einsum_status {
  reporting { () throws(EinsumError) in
    guard let kernel else { throw invalid("kernel", "it is NULL") }
    try KernelHandle.at(kernel).run(operands, output, workspace)
  }
}
