"""einsum for calls that are new to the C part, or more than it takes."""

from . import _core, _path
from ._arrays import (
    as_array, assign, check_tensor, converted, is_tensor, new, numpy, read, read_result, set_up_torch)
from ._layout import checked_order, result_strides
from ._notation import LETTERS, MalformedEquation, split_arguments, terms_of, write
from ._types import CASTINGS, TYPES, check_cast, is_known, name_of, promoted

# Before anybody puts einsumc's function in its place.
numpy_einsum = numpy.einsum if numpy is not None else None


def einsum(*operands, out=None, dtype=None, order="K", casting="safe", optimize=True):
    order = checked_order(order)
    if not isinstance(casting, str):
        raise TypeError(f"casting is a str, not {casting!r}")
    if casting not in CASTINGS:
        raise ValueError(f"casting is one of {', '.join(map(repr, CASTINGS))}, not {casting!r}")
    equation, given = split_arguments(operands)
    arrays = [as_array(operand) for operand in given]
    if _is_numpys(arrays, out, dtype, casting):
        return numpy_einsum(*operands, out=out, dtype=dtype, order=order, casting=casting, optimize=False)
    compute = name_of(dtype) if dtype is not None else None
    if _asks_for_path(optimize):
        return _follow(equation, arrays, optimize, out, compute, order, casting)
    if out is None and len(arrays) == 1:
        view = _view(equation, arrays[0], remember=arrays[0] is given[0] and equation is operands[0])
        if view is not None:
            return view
    plain = dtype is None and order == "K" and casting == "safe" and equation is operands[0]
    return evaluate(equation, arrays, out, compute, order, casting, given if plain else None)


def _is_numpys(arrays, out, dtype, casting):
    """Whether a call is about element types that numpy has and einsumc has not: objects, long doubles and others,
    whose arithmetic is not a machine's; or about the order of bytes. numpy itself then computes, or says that there is
    none."""
    if numpy is None or any(is_tensor(array) for array in arrays):
        return False
    if dtype is not None and not is_known(dtype):
        return True
    known = is_known if casting == "no" else name_of
    return any(isinstance(array, numpy.ndarray) and not known(array.dtype) for array in [*arrays, out])


# ---- Views


def _view(equation, array, remember):
    """The result as a view of the only operand, if it has all of its elements but those off diagonals."""
    is_numpy = numpy is not None and isinstance(array, numpy.ndarray)
    if not is_numpy and not is_tensor(array):
        return None
    try:
        (term,), output = terms_of(equation, (array.ndim,))
    except (MalformedEquation, ValueError):
        return None
    if set(term) != set(output) or len(set(output)) != len(output) or len(set(term)) > len(LETTERS):
        return None
    if len(term) != array.ndim:
        return None
    extents = {}
    for label, extent in zip(term, array.shape):
        if extents.setdefault(label, extent) != extent:
            return None
    if is_numpy:
        if remember and equation.isascii() and "{" not in equation:
            _core.remember(equation, (array,), None, None)
        return numpy_einsum(write((term,), output), array)
    check_tensor(array, "operand 0")
    strides = [sum(step for name, step in zip(term, array.stride()) if name == label) for label in output]
    return array.as_strided([extents[label] for label in output], strides, array.storage_offset())


# ---- Paths


def _asks_for_path(optimize):
    """Whether einsumc's own plan is not what is asked for."""
    if isinstance(optimize, str):
        return optimize not in ("greedy", "optimal", "einsumc")
    return optimize is not None and not isinstance(optimize, bool)


def _follow(equation, arrays, optimize, out, compute, order, casting):
    """Contracts step by step, as a path says, in the type in which one step would compute."""
    inputs, output, sizes = _path.problem([equation, *arrays])
    steps = _path.find(optimize, inputs, output, sizes, lambda: _path.planned([equation, *arrays]))
    if compute is None:
        every = [*arrays, out] if out is not None else arrays
        compute = promoted([read(array, f"operand {number}").type for number, array in enumerate(every)])
    arrays, terms = list(arrays), list(inputs)
    for number, step in enumerate(steps):
        last = number == len(steps) - 1
        _, kept = _path.contracted(step, [frozenset(term) for term in terms], frozenset(output))
        positions = sorted(step, reverse=True)
        taken = [(terms.pop(position), arrays.pop(position)) for position in positions]
        result = output if last else tuple(sorted(kept))
        step_equation = write(tuple(term for term, _ in taken), result)
        arrays.append(
            einsum(step_equation, *(array for _, array in taken), out=out if last else None, dtype=compute, order=order,
                   casting=casting))
        terms.append(result)
    return arrays[0]


# ---- Everything else


def evaluate(equation, arrays, out, compute, order, casting, given=None, allow_repeated_output=False, threads=0):
    """Compiles and runs. `given` are the caller's operands if the C part may take over such calls."""
    operands = [read(array, f"operand {number}") for number, array in enumerate(arrays)]
    target = read_result(out) if out is not None else None
    types = [operand.type for operand in operands]
    out_type = None
    if out is not None:
        out_type = target.type if target is not None else name_of(out.dtype)
    if compute is None:
        compute = promoted(types if out_type is None else [*types, out_type])
    out_shape = None if out is None else tuple(out.shape) if target is None else target.shape
    try:
        for number, name in enumerate(types):
            check_cast(name, compute, casting, f"operand {number}")
        if out is not None:
            check_cast(compute, out_type, casting, "the result")
    except TypeError:
        # What does not fit comes before what is not allowed.
        check_out_shape(_core.compile(equation, operands), out_shape)
        raise
    # Each type may fit where their common type does not: int32 is that of int8 and uint16, which fit float32.
    fits = promoted([promoted(types), compute]) == compute
    for number, name in enumerate(types):
        if promoted([name, compute]) != compute or (not fits and name != compute):
            operands[number] = read(converted(arrays[number], compute, f"operand {number}"), f"operand {number}")
            types[number] = compute
            given = None

    wide = None if promoted(types) == compute else compute
    kernel = _core.compile(equation, operands, accumulate=wide, threads=threads)
    inputs, output = terms_of(equation, tuple(len(operand.shape) for operand in operands))
    if not allow_repeated_output:
        _path.check_output(output)
    tensors = any(map(is_tensor, arrays))
    if tensors:
        set_up_torch()
    if out is None:
        return _into_new(kernel, equation, operands, inputs, output, order, wide, tensors, given, threads)

    check_out_shape(kernel, out_shape)
    if target is None or target.type != compute or out_shape != kernel.shape:
        result, memory = new(compute, kernel.shape, None, tensors or is_tensor(out))
        _core.run(kernel, operands, memory)
        assign(out, result)
        return out
    if kernel.strides != target.strides:
        layout = (out_shape, _usable_strides(target))
        kernel = _core.compile(equation, operands, layout, accumulate=wide, threads=threads)
    _core.run(kernel, operands, target)
    if given is not None:
        _core.remember(equation, tuple(given), out, kernel)
    return out


def check_out_shape(kernel, shape):
    """Raises ValueError unless the result can be put into an array of a shape, broadcast if need be."""
    if shape is None:
        return
    if len(shape) != len(kernel.shape):
        raise ValueError(f"out has {len(shape)} dimensions and the result has {len(kernel.shape)}")
    if any(extent != wanted and wanted != 1 for extent, wanted in zip(shape, kernel.shape)):
        raise ValueError(f"out has the shape {shape} and the result {kernel.shape}")


def _usable_strides(target):
    """The strides of a result, with those of axes of one element, which mean nothing, as in C order."""
    strides, step = list(target.strides), TYPES[target.type][1]
    for axis in reversed(range(len(strides))):
        if target.shape[axis] == 1:
            strides[axis] = step
        step *= max(target.shape[axis], 1)
    return tuple(strides)


def _into_new(kernel, equation, operands, inputs, output, order, wide, tensors, given, threads):
    if not tensors and numpy is not None:
        sizes = [TYPES[operand.type][1] for operand in operands]
        strides = result_strides(order, inputs, output, operands, sizes, kernel.shape, TYPES[kernel.type][1])
        if strides is not None and strides != kernel.strides:
            kernel = _core.compile(equation, operands, (kernel.shape, strides), accumulate=wide, threads=threads)
    result, memory = new(kernel.type, kernel.shape, kernel.strides, tensors)
    _core.run(kernel, operands, memory)
    if given is not None:
        _core.remember(equation, tuple(given), None, kernel)
    if not tensors and numpy is not None and not kernel.shape:
        return result[()]
    return result
