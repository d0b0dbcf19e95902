"""einsumc's C library, called from Python: kernels that a worker holds beside other code. Runs in workers."""

import ctypes
import os
import time

import numpy as np

from bench.case import Case

# The values of einsum_type in einsum.h.
TYPES = {
    name: value
    for value, name in enumerate(
        "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 bfloat16 float32 float64 complex64 "
        "complex128".split(),
        start=1,
    )
}


class Tensor(ctypes.Structure):
    """einsum_tensor of einsum.h."""

    _fields_ = [
        ("type", ctypes.c_int32),
        ("rank", ctypes.c_int32),
        ("shape", ctypes.POINTER(ctypes.c_int64)),
        ("strides", ctypes.POINTER(ctypes.c_int64)),
        ("flags", ctypes.c_uint32),
        ("reserved", ctypes.c_uint32),
    ]


class Options(ctypes.Structure):
    """einsum_options of einsum.h."""

    _fields_ = [
        ("size", ctypes.c_size_t),
        ("threads", ctypes.c_int32),
        ("tier", ctypes.c_int32),
        ("accumulate", ctypes.c_int32),
        ("flags", ctypes.c_uint32),
        ("memory_limit", ctypes.c_uint64),
    ]


class Library:
    """The library that tools/build-library has built."""

    def __init__(self) -> None:
        library = ctypes.CDLL(os.environ["EINSUM_LIBRARY"])
        library.einsum_error_summary.restype = ctypes.c_char_p
        library.einsum_workspace_size.restype = ctypes.c_size_t
        library.einsum_workspace_size.argtypes = [ctypes.c_void_p]
        library.einsum_release.argtypes = [ctypes.c_void_p]
        library.einsum_run.argtypes = [ctypes.c_void_p] * 4
        self.functions = library

    def check(self, status: int) -> None:
        """Raises the error of a call that has failed."""
        if status != 0:
            raise RuntimeError(self.functions.einsum_error_summary().decode())

    def compile(self, case: Case, threads: int) -> "LibraryKernel":
        """The kernel for a case."""
        return LibraryKernel(self, case, threads)


class LibraryKernel:
    """A kernel of the library, in whatever tier it chooses."""

    def __init__(self, library: Library, case: Case, threads: int) -> None:
        self.library = library
        shapes = [case.shape(labels) for labels in case.operands]
        tensors = [
            Tensor(TYPES[case.dtype], len(shape), (ctypes.c_int64 * len(shape))(*shape), None, 0, 0)
            for shape in shapes
        ]
        options = Options(size=ctypes.sizeof(Options), threads=threads)
        self.handle = ctypes.c_void_p()
        start = time.perf_counter()
        status = library.functions.einsum_compile(
            case.expr.encode(),
            ctypes.c_size_t(len(tensors)),
            (Tensor * len(tensors))(*tensors),
            None,
            ctypes.byref(options),
            ctypes.byref(self.handle),
        )
        self.compile_ms = (time.perf_counter() - start) * 1e3
        library.check(status)
        self.workspace_bytes = library.functions.einsum_workspace_size(self.handle)

    def __del__(self) -> None:
        self.library.functions.einsum_release(self.handle)

    def run(self, pointers: ctypes.Array, out: np.ndarray, workspace: np.ndarray) -> None:
        """Computes; `pointers` begins with those of the operands."""
        self.library.check(
            self.library.functions.einsum_run(self.handle, pointers, out.ctypes.data, workspace.ctypes.data)
        )
