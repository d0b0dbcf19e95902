"""Operands, and the results that every library is checked against. Runs in workers; needs numpy."""

import zlib
from math import prod
from pathlib import Path

import numpy as np

from bench.case import Case

# A reference that costs more is computed for samples of the result only.
WHOLE_FLOP = 1e10
WHOLE_ELEMENTS = 1 << 22
SAMPLES = 256

LARGE_PAGE = 2 << 20

# The distance from 1 to the next number.
EPSILON = {
    "float16": 2.0**-10, "bfloat16": 2.0**-7, "float32": 2.0**-23, "complex64": 2.0**-23,
    "float64": 2.0**-52, "complex128": 2.0**-52,
}  # fmt: skip

# The least number that is not zero: results below it are rounded to it or to zero.
SMALLEST = {
    "float16": 2.0**-24, "bfloat16": 2.0**-133, "float32": 2.0**-149, "complex64": 2.0**-149,
    "float64": 2.0**-1074, "complex128": 2.0**-1074,
}  # fmt: skip


def numpy_type(dtype: str) -> np.dtype:
    """numpy's type of this name, or ml_dtypes' for bfloat16."""
    if dtype == "bfloat16":
        import ml_dtypes  # comes with jax

        return np.dtype(ml_dtypes.bfloat16)
    return np.dtype(dtype)


def aligned_array(shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    """A C-contiguous array in memory like einsumc's own: from a cache line on, or a large page if it is large.

    numpy asks for large pages if an array has 4 MiB, and the system gives whole ones only.
    """
    size = prod(shape) * dtype.itemsize
    unit = LARGE_PAGE if size >= 2 * LARGE_PAGE else 64
    memory = np.empty((size + 2 * unit - 1) // unit * unit, np.uint8)
    skipped = -memory.ctypes.data % unit
    return memory[skipped : skipped + size].view(dtype).reshape(shape)


def make_operands(case: Case) -> list[np.ndarray]:
    """Random operands, the same at each run: normal numbers, or small integers of both signs."""
    random = np.random.default_rng(zlib.crc32(f"{case.name} {case.expr}".encode()))
    dtype = numpy_type(case.dtype)
    operands = []
    for labels in case.operands:
        shape = case.shape(labels)
        if dtype.kind == "b":
            values = random.random(shape) < 0.5
        elif dtype.kind in "iu":
            values = random.integers(-4 if dtype.kind == "i" else 0, 5, shape)
        else:
            values = random.standard_normal(shape)
            if dtype.kind == "c":
                values = values + 1j * random.standard_normal(shape)
        operands.append(np.asarray(values).astype(dtype))
    return operands


def write_case(case: Case, folder: Path) -> dict:
    """Writes a case's operands and reference for the other workers; returns its flop count."""
    operands = make_operands(case)
    for number, operand in enumerate(operands):
        stored = operand.view(np.uint16) if case.dtype == "bfloat16" else operand
        np.save(folder / f"operand-{number}.npy", stored)
    flop = case.pairwise_flop
    if flop is None:
        import opt_einsum

        optimize = "optimal" if len(operands) <= 6 else "auto-hq"
        flop = int(opt_einsum.contract_path(case.expr, *operands, optimize=optimize)[1].opt_cost)
    np.savez(folder / "reference.npz", **make_reference(case, operands, flop))
    return {"flop": flop * (4 if case.dtype.startswith("complex") else 1)}


def make_reference(case: Case, operands: list[np.ndarray], flop: int) -> dict[str, np.ndarray]:
    """The result in a wide type, and for each element the sum of its products' absolute values.

    Big results are only sampled; `positions` then has the flat positions, among them the first and the last.
    """
    kind = numpy_type(case.dtype).kind
    wide = np.int64 if kind in "biu" else np.complex128 if kind == "c" else np.float64
    widened = [operand.astype(wide) for operand in operands]
    if flop <= WHOLE_FLOP and prod(case.output_shape) <= WHOLE_ELEMENTS:
        values, magnitudes = (
            np.asarray(np.einsum(case.explicit, *arrays, optimize=True))
            for arrays in (widened, [np.abs(array) for array in widened])
        )
        return {"values": values, "magnitudes": magnitudes}

    size = prod(case.output_shape)
    random = np.random.default_rng(1)
    positions = np.unique(np.concatenate([[0, size - 1], random.integers(0, size, SAMPLES - 2)]))
    values, magnitudes = [], []
    for position in positions:
        at = dict(zip(case.output, np.unravel_index(position, case.output_shape), strict=True))
        parts = [
            array[tuple(at.get(label, slice(None)) for label in labels)]
            for labels, array in zip(case.operands, widened, strict=True)
        ]
        left = ",".join("".join(label for label in labels if label not in at) for labels in case.operands)
        values.append(np.einsum(left + "->", *parts, optimize=True))
        magnitudes.append(np.einsum(left + "->", *map(np.abs, parts), optimize=True))
    return {"values": np.array(values), "magnitudes": np.array(magnitudes), "positions": positions}


def load_operands(case: Case, folder: Path) -> list[np.ndarray]:
    """The operands that the reference worker has written, at cache lines."""
    operands = []
    for number in range(len(case.operands)):
        stored = np.load(folder / f"operand-{number}.npy")
        operand = aligned_array(stored.shape, numpy_type(case.dtype))
        operand[...] = stored.view(operand.dtype)
        operands.append(operand)
    return operands


def check_operands(operands: list[np.ndarray], folder: Path) -> str | None:
    """Why the operands are no longer what they were, or nothing."""
    for number, operand in enumerate(operands):
        stored = np.load(folder / f"operand-{number}.npy", mmap_mode="r")
        if not np.array_equal(stored, operand.view(stored.dtype)):
            return f"operand {number} was changed"
    return None


def check_result(case: Case, result: np.ndarray, folder: Path) -> str | None:
    """Why a result is wrong, or nothing.

    Integers must be equal. Rounding errors of sums of random products with both signs walk randomly: they
    stay near half an epsilon of the sum of the products' absolute values, however long it is, if it is added
    in the plainest order. Allowed is sixteen times that for each operand, and the least number besides.
    """
    if result.shape != case.output_shape:
        return f"shape {result.shape} instead of {case.output_shape}"
    if result.dtype != numpy_type(case.dtype):
        return f"type {result.dtype} instead of {case.dtype}"
    with np.load(folder / "reference.npz") as reference:
        values, magnitudes = reference["values"], reference["magnitudes"]
        found = result.reshape(-1)[reference["positions"]] if "positions" in reference else result
    if result.dtype.kind in "biu":
        expected = values.astype(result.dtype)
        wrong = np.asarray(found != expected)
    else:
        allowed = 8 * EPSILON[case.dtype] * len(case.operands) * magnitudes + SMALLEST[case.dtype]
        # Not `>`: a nan is neither.
        wrong = ~np.asarray(np.abs(found.astype(values.dtype) - values) <= allowed)
    if wrong.any():
        return f"{np.count_nonzero(wrong)} of {wrong.size} elements are wrong"
    return None
