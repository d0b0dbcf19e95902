"""Standalone C of `einsumc emit`, compiled by gcc, as a peer of the library itself. Runs in workers.

The two are alike but for a few percent, less than a machine may drift between two processes. So the library
runs in the worker too: both use the same memory, and are timed in turn.
"""

import ctypes
import os
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np

from bench.case import Case
from bench.library import Library, LibraryKernel
from bench.peers import Call, Peer, Unsupported, Ways, empty_output
from bench.reference import aligned_array

FLAGS = ["-O3", "-march=native", "-shared", "-fPIC"]

# Calls are timed in C and in batches: the shortest take less time than a call from Python, or than reading the
# clock.
BATCH_SECONDS = 20e-6
MAX_ROUNDS = 1_000_000
CLOCK = """
#include <time.h>

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

typedef int run_function(const void *handle, void *const *operands, void *out, void *workspace);

void kernel_once(void **p, void *workspace)
{
    (void)workspace;
    %(call)s;
}

/* Times rounds of a batch of calls of the library's kernel and one of the function, which take turns in coming
 * first. times[0], times[2], ... are the seconds of one call of the library, the others of the function. */
long einsumc_rounds(double least, double most, long limit, long calls, double *times, run_function *run,
                    const void *handle, void **p, void *workspace)
{
    double total = 0;
    long count = 0;
    while (count < limit && (total < least || count < 5) && (total <= most || count < 3)) {
        for (long turn = 0; turn < 2; turn++) {
            const long which = (count + turn) %% 2;
            const double start = now();
            for (long call = 0; call < calls; call++) {
                if (which == 0)
                    run(handle, p, p[%(operands)d], workspace);
                else
                    %(call)s;
            }
            const double took = now() - start;
            times[2 * count + which] = took / (double)calls;
            total += took;
        }
        count++;
    }
    return count;
}
"""


class EmittedCall:
    """A call of the compiled function, and one of the library's kernel, in the same memory."""

    def __init__(
        self, code: ctypes.CDLL, kernel: LibraryKernel, operands: list[np.ndarray], out: np.ndarray
    ) -> None:
        self.code, self.kernel, self.operands, self.out = code, kernel, operands, out
        code.kernel_workspace_size.restype = ctypes.c_size_t
        size = max(code.kernel_workspace_size(), kernel.workspace_bytes, 1)
        self.workspace = aligned_array((size,), np.dtype(np.uint8))
        pointers = [array.ctypes.data for array in [*operands, out]]
        self.pointers = (ctypes.c_void_p * len(pointers))(*pointers)
        self.library_first_ms = 0.0

    def __call__(self) -> np.ndarray:
        self.code.kernel_once(self.pointers, ctypes.c_void_p(self.workspace.ctypes.data))
        return self.out

    def run_library(self) -> np.ndarray:
        """What the library computes, with no element right by accident."""
        ctypes.memset(self.out.ctypes.data, 0x55, self.out.nbytes)
        start = time.perf_counter()
        self.kernel.run(self.pointers, self.out, self.workspace)
        self.library_first_ms = self.library_first_ms or (time.perf_counter() - start) * 1e3
        return self.out

    def rounds(self, least: float, most: float, calls: int) -> np.ndarray:
        """The seconds of one call of the library and one of the function, in each round."""
        times = np.empty((MAX_ROUNDS, 2))
        function = self.code.einsumc_rounds
        function.restype = ctypes.c_long
        count = function(
            ctypes.c_double(least),
            ctypes.c_double(most),
            ctypes.c_long(MAX_ROUNDS),
            ctypes.c_long(calls),
            times.ctypes.data_as(ctypes.c_void_p),
            self.kernel.library.functions.einsum_run,
            self.kernel.handle,
            self.pointers,
            ctypes.c_void_p(self.workspace.ctypes.data),
        )
        return times[:count]


class Emitted(Peer):
    """`einsumc emit --target native` and gcc; more threads by OpenMP."""

    def __init__(self, threads: int) -> None:
        super().__init__(threads)
        self.library = Library()

    def version(self) -> str:
        done = subprocess.run(["gcc", "-dumpfullversion"], capture_output=True, text=True, check=True)
        return f"gcc {done.stdout.strip()} {' '.join(FLAGS[:2])}"

    def ways(self, case: Case, operands: list[np.ndarray]) -> Ways:
        def out() -> EmittedCall:
            kernel = self.library.compile(case, self.threads)
            with tempfile.TemporaryDirectory() as folder:
                code = self.compiled(case, Path(folder))
            return EmittedCall(code, kernel, operands, empty_output(case, operands))

        return {"out": out}

    def compiled(self, case: Case, folder: Path) -> ctypes.CDLL:
        """The compiled file, with functions that call it."""
        sizes = ",".join(f"{label}={size}" for label, size in case.sizes.items() if label in case.expr)
        problem = ["--sizes", sizes] if sizes else ["--shapes", ",".join("scalar" for _ in case.operands)]
        command = [os.environ["EINSUMC"], "emit", case.expr, *problem, "--dtype", case.dtype, "--threads", str(self.threads)]
        done = subprocess.run([*command, "--name", "kernel"], capture_output=True, text=True)
        if done.returncode != 0:
            raise Unsupported(done.stderr.strip().splitlines()[0])
        arguments = [f"p[{number}]" for number in range(len(case.operands) + 1)]
        if "void *restrict workspace)" in done.stdout:
            arguments.append("workspace")
        call = f"kernel({', '.join(arguments)})"
        source = folder / "kernel.c"
        source.write_text(done.stdout + CLOCK % {"call": call, "operands": len(case.operands)})
        flags = [*FLAGS, *(["-fopenmp"] if self.threads > 1 else [])]
        subprocess.run(["gcc", *flags, source, "-o", folder / "kernel.so"], check=True)
        return ctypes.CDLL(str(folder / "kernel.so"))

    def library_call(self, call: EmittedCall) -> Call:
        return call.run_library

    def time(self, call: EmittedCall, min_time: float, max_time: float) -> dict:
        """The times of the function, and as `einsumc` those of the library."""
        single = call.rounds(0, 0, 1).min()
        calls = max(1, int(BATCH_SECONDS / max(single, 1e-9)))
        library, function = call.rounds(min_time, max_time, calls).T
        ours = {
            "status": "ok",
            "compile_ms": call.kernel.compile_ms,
            "first_call_ms": call.library_first_ms,
            "workspace_bytes": call.kernel.workspace_bytes,
        }
        return describe(function, calls) | {"einsumc": ours | describe(library, calls)}


def describe(times: np.ndarray, calls: int) -> dict:
    """The minimum and the median of the times of so many calls each."""
    return {"min_s": float(times.min()), "median_s": float(np.median(times)), "calls": len(times) * calls}
