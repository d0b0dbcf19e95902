"""Standalone C of `einsumc emit`, compiled by gcc, as a peer of the library itself. Runs in workers."""

import ctypes
import os
import subprocess
import tempfile
from pathlib import Path

import numpy as np

from bench.case import Case
from bench.peers import Peer, Unsupported, Ways, empty_output
from bench.reference import aligned_array

FLAGS = ["-O3", "-march=native", "-shared", "-fPIC"]

# Calls are timed one by one in C: the shortest take less time than a call from Python.
CLOCK = """
#include <time.h>

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

long einsumc_times(double least, double most, long limit, double *times, void **p, void *workspace)
{
    double total = 0;
    long count = 0;
    while (count < limit && (total < least || count < 5)) {
        const double start = now();
        %s;
        times[count] = now() - start;
        total += times[count++];
        if (total > most && count >= 3)
            break;
    }
    return count;
}
"""


class EmittedCall:
    """A call of the compiled function, with its memory."""

    def __init__(self, library: ctypes.CDLL, operands: list[np.ndarray], out: np.ndarray) -> None:
        self.library, self.operands, self.out = library, operands, out
        library.kernel_workspace_size.restype = ctypes.c_size_t
        self.workspace = aligned_array((library.kernel_workspace_size(),), np.dtype(np.uint8))
        pointers = [array.ctypes.data for array in [*operands, out]]
        self.pointers = (ctypes.c_void_p * len(pointers))(*pointers)

    def __call__(self) -> np.ndarray:
        self.times(0, 0, 1)
        return self.out

    def times(self, least: float, most: float, limit: int) -> np.ndarray:
        """The seconds that calls took."""
        times = np.empty(limit)
        function = self.library.einsumc_times
        function.restype = ctypes.c_long
        count = function(
            ctypes.c_double(least),
            ctypes.c_double(most),
            ctypes.c_long(limit),
            times.ctypes.data_as(ctypes.c_void_p),
            self.pointers,
            ctypes.c_void_p(self.workspace.ctypes.data),
        )
        return times[:count]


class Emitted(Peer):
    """`einsumc emit --target native` and gcc; more threads by OpenMP."""

    def version(self) -> str:
        done = subprocess.run(["gcc", "-dumpfullversion"], capture_output=True, text=True, check=True)
        return f"gcc {done.stdout.strip()} {' '.join(FLAGS[:2])}"

    def ways(self, case: Case, operands: list[np.ndarray]) -> Ways:
        def out() -> EmittedCall:
            with tempfile.TemporaryDirectory() as folder:
                return EmittedCall(
                    self.compiled(case, Path(folder)), operands, empty_output(case, operands)
                )

        return {"out": out}

    def compiled(self, case: Case, folder: Path) -> ctypes.CDLL:
        """The compiled file, with a function that times calls."""
        sizes = ",".join(f"{label}={size}" for label, size in case.sizes.items() if label in case.expr)
        problem = ["--sizes", sizes] if sizes else ["--shapes", ",".join("scalar" for _ in case.operands)]
        command = [os.environ["EINSUMC"], "emit", case.expr, *problem, "--dtype", case.dtype]
        done = subprocess.run([*command, "--name", "kernel"], capture_output=True, text=True)
        if done.returncode != 0:
            raise Unsupported(done.stderr.strip().splitlines()[0])
        arguments = [f"p[{number}]" for number in range(len(case.operands) + 1)]
        if "void *restrict workspace)" in done.stdout:
            arguments.append("workspace")
        source = folder / "kernel.c"
        source.write_text(done.stdout + CLOCK % f"kernel({', '.join(arguments)})")
        flags = [*FLAGS, *(["-fopenmp"] if self.threads > 1 else [])]
        subprocess.run(["gcc", *flags, source, "-o", folder / "kernel.so"], check=True)
        return ctypes.CDLL(str(folder / "kernel.so"))

    def time(self, call: EmittedCall, min_time: float, max_time: float) -> dict:
        call.times(0, 0, 2)
        times = np.sort(call.times(min_time, max_time, 10_000_000))
        return {
            "min_s": float(times[0]),
            "median_s": float(times[len(times) // 2]),
            "calls": len(times),
        }
