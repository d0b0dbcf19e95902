"""The peers: how each library computes a case, the fastest ways that its users have. Runs in workers.

A peer's `ways` are functions without arguments that return a call; the call computes the result once and
returns it when it is there, as a whole C-contiguous tensor that shares no memory with an operand. "out"
writes into memory that is there already, "new" lets the library allocate. Paths are found and functions
compiled before.
"""

import importlib.metadata
from collections.abc import Callable

import numpy as np

from bench.case import Case
from bench.clock import time_calls
from bench.reference import aligned_array, make_operands

Call = Callable[[], object]
Ways = dict[str, Callable[[], Call]]

# numpy's einsum without a path walks all indices in one loop nest; beyond this it takes too long to matter.
PLAIN_ITERATIONS = 1e8


class Unsupported(Exception):
    """A case that a library does not offer."""


class Peer:
    """A library with a number of threads, which its initializer sets."""

    package = ""

    def __init__(self, threads: int) -> None:
        self.threads = threads

    def version(self) -> str:
        """The library and its version."""
        return f"{self.package} {importlib.metadata.version(self.package)}"

    def ways(self, case: Case, operands: list[np.ndarray]) -> Ways:
        """The ways to compute a case, by name; `Unsupported` if there is none."""
        raise NotImplementedError

    def as_numpy(self, result: object) -> np.ndarray:
        """A result as a numpy array, for checking."""
        return np.asarray(result)

    def time(self, call: Call, min_time: float, max_time: float) -> dict:
        """The times of single calls; see `time_calls`."""
        return time_calls(call, min_time, max_time)

    def library_call(self, call: Call) -> Call | None:
        """A call of einsumc's own library that is timed together with this one, if there is one."""
        return None

    def warm_up(self) -> None:
        """Pays for what a library does at its first call, such as further imports and starting threads."""
        case = Case("warm-up", "", "ij,jk->ik", {"i": 8, "j": 8, "k": 8}, "float32")
        for make_call in self.ways(case, make_operands(case)).values():
            make_call()()


def empty_output(case: Case, operands: list[np.ndarray]) -> np.ndarray:
    """Memory for a result, with every page touched and no element right by accident."""
    out = aligned_array(case.output_shape, operands[0].dtype)
    out[...] = np.nan if operands[0].dtype.kind in "fc" else 1
    return out


def solid_numpy(call: Callable[[], np.ndarray], operands: list[np.ndarray]) -> Call:
    """The call, with a copy if what it returns is a view or not contiguous, as for permutations."""
    result = call()
    if any(np.may_share_memory(result, operand) for operand in operands):
        return lambda: np.array(call(), order="C")
    return call if result.flags.c_contiguous else lambda: np.ascontiguousarray(call())


def reject_bfloat16(case: Case) -> None:
    """What numpy's own functions do with it, but less clearly."""
    if case.dtype == "bfloat16":
        raise Unsupported("no bfloat16")


class NumPy(Peer):
    """`numpy.einsum` along a path, and as one loop nest if that is not hopeless."""

    package = "numpy"

    def ways(self, case: Case, operands: list[np.ndarray]) -> Ways:
        """The ways to compute a case, by name; `Unsupported` if there is none."""
        reject_bfloat16(case)
        expr = case.expr
        path, _ = np.einsum_path(expr, *operands, optimize="optimal" if len(operands) <= 6 else "greedy")

        def out(optimize: object) -> Call:
            result = empty_output(case, operands)
            return lambda: np.einsum(expr, *operands, out=result, optimize=optimize)

        def new() -> Call:
            return solid_numpy(lambda: np.einsum(expr, *operands, optimize=path), operands)

        ways: Ways = {"out": lambda: out(path), "new": new}
        if case.iterations <= PLAIN_ITERATIONS:
            ways["plain out"] = lambda: out(False)
        return ways


class OptEinsum(Peer):
    """`opt_einsum.contract_expression` with numpy."""

    package = "opt_einsum"

    def ways(self, case: Case, operands: list[np.ndarray]) -> Ways:
        """The ways to compute a case, by name; `Unsupported` if there is none."""
        reject_bfloat16(case)
        import opt_einsum

        optimize = "optimal" if len(operands) <= 6 else "auto-hq"
        shapes = [operand.shape for operand in operands]
        expression = opt_einsum.contract_expression(case.expr, *shapes, optimize=optimize)

        def out() -> Call:
            result = empty_output(case, operands)
            return lambda: expression(*operands, out=result, backend="numpy")

        def new() -> Call:
            return solid_numpy(lambda: expression(*operands, backend="numpy"), operands)

        return {"out": out, "new": new}


class Tblis(Peer):
    """TBLIS through pytblis: its wrappers of one library call where they apply, else its einsum."""

    package = "pytblis"

    def __init__(self, threads: int) -> None:
        super().__init__(threads)
        import pytblis

        pytblis.set_num_threads(threads)
        self.pytblis = pytblis

    def ways(self, case: Case, operands: list[np.ndarray]) -> Ways:
        """The ways to compute a case, by name; `Unsupported` if there is none."""
        if case.dtype not in ("float32", "float64", "complex64", "complex128"):
            raise Unsupported(f"no {case.dtype}")
        function, expr = self.pytblis.einsum, case.explicit
        distinct = all(len(set(labels)) == len(labels) for labels in case.operands)
        if distinct and len(operands) == 1:
            function = self.pytblis.transpose_add
        elif distinct and len(operands) == 2:
            tensors = [*case.operands, case.output]
            if all(sum(label in labels for labels in tensors) > 1 for label in set("".join(tensors))):
                function = self.pytblis.contract

        def out() -> Call:
            result = empty_output(case, operands)
            return lambda: function(expr, *operands, out=result)

        def new() -> Call:
            return solid_numpy(lambda: function(expr, *operands), operands)

        return {"out": out, "new": new}
