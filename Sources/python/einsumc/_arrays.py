"""Operands and results: arrays of numpy, torch and others, and what kernels read and write of them."""

import sys

from . import _core
from ._types import name_of, numpy, numpy_dtype


def torch_module():
    """torch, if the program uses it."""
    return sys.modules.get("torch")


def is_tensor(value):
    """Whether a value is a torch tensor."""
    torch = torch_module()
    return torch is not None and isinstance(value, torch.Tensor)


def set_up_torch():
    """Lets the C part read tensors by itself, if this torch can tell it how."""
    tensor = torch_module().Tensor
    functions = getattr(tensor, "__dlpack_c_exchange_api__", None)
    if functions is not None:
        _core.set_up_torch(tensor, functions, tensor.is_neg, tensor.is_conj)


def as_array(value):
    """An operand as something that has a shape and memory: numpy arrays, tensors and arrays of other libraries as
    they are, anything else as numpy makes an array of it."""
    if is_tensor(value) or numpy is not None and type(value) is numpy.ndarray:
        return value
    if hasattr(value, "__dlpack__") and not (numpy is not None and isinstance(value, numpy.ndarray)):
        return value
    if numpy is not None:
        return numpy.asarray(value)
    try:
        return memoryview(value)
    except TypeError:
        raise TypeError(f"a {type(value).__name__} is not an array; without numpy, operands have buffers") from None


def check_tensor(tensor, what):
    """Raises TypeError for tensors whose elements are not in plain memory of the CPU, or that want a gradient."""
    torch = torch_module()
    if tensor.device.type != "cpu":
        raise TypeError(f"{what} is on the device '{tensor.device}' and einsumc computes on the CPU: pass {what}.cpu()")
    if tensor.layout != torch.strided:
        raise TypeError(f"{what} is sparse ({tensor.layout}), and einsumc takes dense tensors: pass {what}.to_dense()")
    if tensor.is_quantized:
        raise TypeError(f"{what} is quantised, which einsumc does not compute with: pass {what}.dequantize()")
    if tensor.requires_grad and torch.is_grad_enabled():
        raise TypeError(
            f"{what} requires a gradient, and einsumc computes none: pass {what}.detach(), or call it under torch.no_grad()")


def read(array, what):
    """The memory of an operand; only elements that kernels cannot read as they are get copied."""
    if is_tensor(array):
        check_tensor(array, what)
        array = array.detach()
        if array.is_neg():
            array = array.resolve_neg()
        if array.is_conj():
            return _core.Operand(array.conj(), conjugate=True)
        return _core.Operand(array)
    if numpy is not None and isinstance(array, numpy.ndarray):
        if name_of(array.dtype) is None:
            raise TypeError(f"{what} has elements of type {array.dtype}, which einsumc does not compute with")
        if not _is_plain(array):
            array = array.astype(array.dtype.newbyteorder("="))
        elif array.dtype.name == "bfloat16":
            register("bfloat16", array.dtype)
    try:
        return _core.Operand(array)
    except (TypeError, BufferError) as error:
        raise TypeError(f"{what} cannot be read: {error}") from None


def _is_plain(array):
    """Whether kernels can read a numpy array's elements as they lie: in the machine's order of bytes, aligned, and at
    whole elements from each other."""
    steps = [step for step, extent in zip(array.strides, array.shape) if extent > 1]
    return array.dtype.isnative and array.flags.aligned and not any(step % array.itemsize for step in steps)


def read_result(out):
    """The memory of a caller's `out`, which has to be an array and writable."""
    if is_tensor(out):
        check_tensor(out, "out")
        if out.is_conj() or out.is_neg():
            raise ValueError("out is a lazily conjugated or negated tensor, which cannot be written")
        return _core.Operand(out.detach())
    if numpy is not None and isinstance(out, numpy.ndarray):
        if not out.flags.writeable:
            raise ValueError("out is read-only")
        if name_of(out.dtype) is None:
            raise TypeError(f"out has elements of type {out.dtype}, which einsumc does not compute with")
        if not _is_plain(out):
            return None
        return read(numpy.asarray(out), "out")
    # Only a buffer says whether it may be written.
    try:
        view = memoryview(out)
    except (TypeError, BufferError):
        raise TypeError(f"out is a {type(out).__name__}, not an array that can be written") from None
    if view.readonly:
        raise ValueError("out is read-only")
    return _core.Operand(view)


def converted(array, name, what):
    """An operand's elements in another type."""
    if is_tensor(array):
        check_tensor(array, what)
        return array.detach().to(getattr(torch_module(), name))
    if numpy is None:
        raise TypeError(f"{what} has to be converted to {name}, which takes numpy")
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return numpy.asarray(array).astype(numpy_dtype(name))


def new(name, shape, strides, tensors):
    """A new array for a result: what is returned, and its memory. Strides are in bytes, None for C order."""
    if tensors:
        torch = torch_module()
        array = torch.empty(shape, dtype=getattr(torch, name))
        return array, _core.Operand(array)
    if numpy is None:
        memory = memoryview(_core.Memory(name, shape))
        return memory, _core.Operand(memory, type=name)
    dtype = numpy_dtype(name)
    if name == "bfloat16":
        register(name, dtype)
    if strides is None:
        array = numpy.empty(shape, dtype)
    else:
        # Dense strides are those of a transposed array.
        axes = sorted(range(len(shape)), key=lambda axis: (-strides[axis], axis))
        array = numpy.empty([shape[axis] for axis in axes], dtype)
        array = array.transpose([axes.index(axis) for axis in range(len(shape))])
    return array, _core.Operand(array)


def assign(out, result):
    """Copies a result into `out`, converting its elements; shapes broadcast as numpy's do."""
    if is_tensor(out):
        if not is_tensor(result):
            result = torch_module().from_numpy(result)
        out.detach().copy_(result)
    elif numpy is not None:
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            numpy.copyto(numpy.asarray(out), numpy.asarray(result), casting="unsafe")
    else:
        raise TypeError("out has another type than the result, and converting takes numpy")


def register(name, dtype):
    """Lets the C part read arrays with this dtype object."""
    _core.set_up_numpy(numpy.ndarray, _function_table(), [(name, dtype)])


def _function_table():
    try:
        from numpy._core._multiarray_umath import _ARRAY_API
    except ImportError:
        from numpy.core._multiarray_umath import _ARRAY_API
    return _ARRAY_API


def _set_up_numpy():
    """Tells the C part of numpy's types. If it does not know this numpy's layout of arrays, it reads their buffers."""
    names = ["float32", "float64", "complex64", "complex128", "int64", "int32", "bool", "float16", "int8", "int16",
             "uint8", "uint16", "uint32", "uint64"]
    types = [(name, numpy.dtype(name)) for name in names]
    # Some C types of one size have a dtype each.
    types += [(numpy.dtype(code).name, numpy.dtype(code)) for code in "ilqILQ"]
    _core.set_up_numpy(numpy.ndarray, _function_table(), types)


if numpy is not None:
    _set_up_numpy()
