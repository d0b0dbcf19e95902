public import CEinsum
import Einsum
import EinsumIR

@c @implementation
public func einsum_abi_version() -> Int32 { Int32(EINSUM_ABI_VERSION) }

@c @implementation
public func einsum_workspace_size(_ kernel: OpaquePointer?) -> Int {
  kernel.map { KernelHandle.at($0).kernel.workspaceSize } ?? 0
}

@c @implementation
public func einsum_operand_count(_ kernel: OpaquePointer?) -> Int {
  kernel.map { KernelHandle.at($0).kernel.operandSpans.count } ?? 0
}

@c @implementation
public func einsum_output_type(_ kernel: OpaquePointer?) -> einsum_type {
  kernel.map { KernelHandle.at($0).kernel.outputType.number } ?? 0
}

@c @implementation
public func einsum_output_rank(_ kernel: OpaquePointer?) -> Int32 {
  kernel.map { Int32(KernelHandle.at($0).kernel.outputLayout.rank) } ?? 0
}

@c @implementation
public func einsum_output_shape(_ kernel: OpaquePointer?) -> UnsafePointer<Int64>? {
  kernel.map { KernelHandle.at($0).shape.pointer }
}

@c @implementation
public func einsum_output_strides(_ kernel: OpaquePointer?) -> UnsafePointer<Int64>? {
  kernel.map { KernelHandle.at($0).strides.pointer }
}

@c @implementation
public func einsum_flop_count(_ kernel: OpaquePointer?) -> Double {
  kernel.map { KernelHandle.at($0).kernel.flopCount } ?? 0
}

@c @implementation
public func einsum_byte_count(_ kernel: OpaquePointer?) -> Double {
  kernel.map { KernelHandle.at($0).kernel.byteCount } ?? 0
}

@c @implementation
public func einsum_path(
  _ kernel: OpaquePointer?, _ path: UnsafeMutablePointer<Int32>?, _ capacity: Int
) -> Int {
  guard let kernel else { return 0 }
  let numbers = KernelHandle.at(kernel).kernel.plan.path.flatMap { [$0.count] + $0 }
  if let path {
    // A size past Int, which the caller may give for "enough", is negative here.
    let room = Int(clamping: UInt(bitPattern: capacity))
    for (place, number) in numbers.prefix(room).enumerated() { path[place] = Int32(number) }
  }
  return numbers.count
}

@c @implementation
public func einsum_c_source(_ kernel: OpaquePointer?) -> UnsafePointer<CChar>? {
  kernel.flatMap { KernelHandle.at($0).text(.c) }
}

@c @implementation
public func einsum_explain(_ kernel: OpaquePointer?, _ text: einsum_text) -> UnsafePointer<CChar>? {
  guard let kernel, let text = KernelText(rawValue: Int(text)) else { return nil }
  return KernelHandle.at(kernel).text(text)
}
