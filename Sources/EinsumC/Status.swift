import CEinsum
import EinsumSyntax

/// Does what a function of the C interface is for; an error becomes its status, and the thread's last error.
func reporting(_ body: () throws(EinsumError) -> Void) -> einsum_status {
  do throws(EinsumError) {
    try body()
    return einsum_status(EINSUM_OK)
  } catch {
    es_set_last_error(error.description, error.message, error.code)
    return einsum_status(error.status)
  }
}

/// The error of an argument that is not usable, whatever the rest is.
func invalid(_ what: String, _ why: String) -> EinsumError {
  EinsumError(.invalidArgument(what: what, why: why))
}

extension EinsumError {
  /// The kind of error, as C programs tell them apart.
  fileprivate var status: Int {
    switch reason {
    case .brokenArrow, .emptyName, .expressionTooLong, .nameCharacter, .nameTooLong, .negativeLabel,
      .noOperands,
      .outputComma, .outputLabel, .repeatedEllipsis, .secondArrow, .strayDot, .unclosedBrace,
      .unknownCharacter,
      .unopenedBrace:
      EINSUM_ERROR_EQUATION
    case .accumulateType, .cannotConvert, .conflictingSize, .diagonalMismatch, .ellipsisMismatch,
      .ellipsisSize,
      .extentMismatch, .missingSize, .operandCount, .operandShape, .operandStrides, .operandType,
      .outputLayout,
      .outputShape, .outputStrides, .outputType, .rank, .unusedSize:
      EINSUM_ERROR_MISMATCH
    case .elementCountOverflow, .invalidArgument, .negativeExtent, .unknownElementType:
      EINSUM_ERROR_ARGUMENT
    case .overlap: EINSUM_ERROR_OVERLAP
    case .memoryLimit, .outOfMemory: EINSUM_ERROR_MEMORY
    case .cannotRead, .cannotWrite, .emission, .invalidFile, .loading: EINSUM_ERROR_SYSTEM
    }
  }
}
