"""Kernels and explanations; the functions that opt_einsum asks of a backend."""

import functools
import html
import operator

from . import _core
from ._arrays import as_array, is_tensor, numpy, read
from ._einsum import evaluate
from ._notation import write
from ._types import name_of


def compile(expr, *shapes_or_arrays, dtype=None, accumulate=None, threads=None):
    """compile(expr, *shapes_or_arrays, dtype=None, accumulate=None, threads=None)

    Compiles an equation for operands of given shapes, or for operands like given arrays: of their types, shapes and
    strides.

        kernel = einsumc.compile('bij,bjk->bik', (64, 8, 8), (64, 8, 8), dtype='float32')
        c = kernel(a, b)
        kernel(a, b, out=c)

    Takes all of einsumc's notation: beside numpy's, letters of any alphabet, names in braces as in
    '{batch}i,ij->{batch}j', and diagonals as results, 'i->ii'.

        dtype       the element type of operands given as shapes; float64 if there is none.
        accumulate  the type to compute in and to return, at least as wide as the operands' common type.
        threads     the most threads that a call may use; by default one per CPU.

    Raises ValueError for an equation that is wrong or does not fit the shapes.
    """
    if not isinstance(expr, str):
        raise TypeError(f"the equation is a str, not {expr!r}")
    operands = [_described(item, dtype, number) for number, item in enumerate(shapes_or_arrays)]
    wide = None if accumulate is None else _name(accumulate)
    return _core.compile(expr, operands, accumulate=wide, threads=_checked_threads(threads))


def _checked_threads(threads):
    if threads is None:
        return 0
    if not isinstance(threads, int) or threads < 1:
        raise ValueError(f"threads is at least 1, not {threads!r}")
    return min(threads, 2**31 - 1)


def _name(dtype):
    name = name_of(dtype)
    if name is None:
        raise TypeError(f"there is no element type {dtype!r}")
    return name


def _described(item, dtype, number):
    """A shape as a pair for the C part, anything else as an operand."""
    if isinstance(item, (tuple, list)) and all(hasattr(extent, "__index__") for extent in item):
        shape = tuple(map(operator.index, item))
        if any(extent < 0 for extent in shape):
            raise ValueError(f"the shape of operand {number} has a negative extent: {shape}")
        return ("float64" if dtype is None else _name(dtype)), shape
    return read(as_array(item), f"operand {number}")


def call(kernel, operands, out):
    """A kernel on operands that it was not compiled for: of the same shapes, but other types or strides, or not
    numpy's. Compiles for these, once."""
    arrays = [as_array(operand) for operand in operands]
    for number, (array, expected) in enumerate(zip(arrays, kernel.operand_shapes)):
        shape = tuple(array.shape)
        if shape != expected:
            raise ValueError(f"operand {number} has the shape {shape} and the kernel was compiled for {expected}")
    accumulate = kernel.accumulate
    return evaluate(kernel.equation, arrays, out, accumulate, "C", "same_kind" if accumulate is None else "safe",
                    allow_repeated_output=True, threads=kernel.threads)


class Explanation(str):
    """What the compiler made of an equation: a text, and a page in a notebook."""

    def __new__(cls, text, kernel):
        explanation = super().__new__(cls, text)
        explanation._kernel = kernel
        return explanation

    def _repr_html_(self):
        return page(self._kernel)


def explain(expr, *shapes_or_arrays, stage=None, **keywords):
    """explain(expr, *shapes_or_arrays, stage=None, dtype=None, accumulate=None, threads=None)

    What the compiler makes of an equation, what that costs and why: the text of Kernel.explain(), which says what
    stages there are. In a notebook, a page with drawings.

    Everything else as for compile().
    """
    kernel = compile(expr, *shapes_or_arrays, **keywords)
    return Explanation(kernel.explain(stage), kernel)


def page(kernel):
    """A kernel's page for a notebook, in a frame of its own: neither's style is the other's."""
    return f'<iframe srcdoc="{html.escape(kernel.explain("html"))}" style="border: 0; height: 40em; width: 100%"></iframe>'


# ---- For opt_einsum


@functools.lru_cache(maxsize=1024)
def _tensordot_equation(rank_a, rank_b, axes_a, axes_b):
    labels_a = tuple(f"a{axis}" for axis in range(rank_a))
    labels_b = [f"b{axis}" for axis in range(rank_b)]
    for axis_a, axis_b in zip(axes_a, axes_b):
        labels_b[axis_b] = labels_a[axis_a]
    summed = {labels_a[axis] for axis in axes_a}
    left = tuple(label for label in (*labels_a, *labels_b) if label not in summed)
    return write((labels_a, tuple(labels_b)), left)


def tensordot(a, b, axes=2):
    """Sums products over pairs of axes, as numpy.tensordot does.

    axes is a number n, for the last n axes of a and the first n of b; or two lists of axes, or two axes.
    """
    a, b = as_array(a), as_array(b)
    if isinstance(axes, int):
        if axes < 0 or axes > a.ndim or axes > b.ndim:
            raise ValueError(f"there are not {axes} axes to sum in arrays of {a.ndim} and {b.ndim} axes")
        axes_a, axes_b = range(a.ndim - axes, a.ndim), range(axes)
    else:
        axes_a, axes_b = ((side,) if isinstance(side, int) else tuple(side) for side in axes)
    if len(axes_a) != len(axes_b):
        raise ValueError(f"{len(axes_a)} axes of a and {len(axes_b)} of b cannot be paired")
    axes_a = tuple(_checked_axis(axis, a.ndim, "a") for axis in axes_a)
    axes_b = tuple(_checked_axis(axis, b.ndim, "b") for axis in axes_b)
    for axis_a, axis_b in zip(axes_a, axes_b):
        if a.shape[axis_a] != b.shape[axis_b]:
            raise ValueError(
                f"axis {axis_a} of a has {a.shape[axis_a]} elements and axis {axis_b} of b has {b.shape[axis_b]}")
    if len(set(axes_a)) != len(axes_a) or len(set(axes_b)) != len(axes_b):
        raise ValueError("an axis is summed twice")
    return _core.einsum(_tensordot_equation(a.ndim, b.ndim, axes_a, axes_b), a, b)


def _checked_axis(axis, rank, what):
    if not -rank <= axis < rank:
        raise ValueError(f"{what} has {rank} axes and none numbered {axis}")
    return axis % rank


def transpose(a, axes=None):
    """The axes in another sequence, reversed if none is given: a view where the array's library has views."""
    a = as_array(a)
    axes = tuple(range(a.ndim))[::-1] if axes is None else tuple(axes)
    if is_tensor(a):
        return a.permute(axes)
    if numpy is not None:
        return numpy.transpose(a, axes)
    labels = list(range(a.ndim))
    return _core.einsum(a, labels, [labels[axis] for axis in axes])
