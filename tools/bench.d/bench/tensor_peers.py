"""The peers whose tensors are not numpy's, or that compile: torch, JAX and etops. Runs in workers."""

import importlib.metadata

import numpy as np

from bench.case import Case
from bench.environment import cache_bytes
from bench.peers import Call, Peer, Unsupported, Ways, empty_output


class Torch(Peer):
    """`torch.einsum`. It has no `out`; where it returns a permuted view, that is copied into given memory."""

    package = "torch"

    def __init__(self, threads: int) -> None:
        super().__init__(threads)
        import torch

        torch.set_num_threads(threads)
        torch.set_grad_enabled(False)
        self.torch = torch

    def tensor(self, array: np.ndarray):
        """A tensor in the array's memory."""
        if array.dtype.name == "bfloat16":
            return self.torch.from_numpy(array.view(np.int16)).view(self.torch.bfloat16)
        return self.torch.from_numpy(array)

    def as_numpy(self, result) -> np.ndarray:
        if result.dtype == self.torch.bfloat16:
            import ml_dtypes

            return result.view(self.torch.int16).numpy().view(ml_dtypes.bfloat16)
        return result.resolve_conj().numpy()

    def solid_ways(self, call, case: Case, operands: list[np.ndarray]) -> Ways:
        """A call whose result may be a view of an operand, or not contiguous, as ways without either."""
        starts = {operand.ctypes.data for operand in operands}
        result = call()
        view = result.untyped_storage().data_ptr() in starts
        if result.is_contiguous() and not view:
            return {"new": lambda: call}
        layout = self.torch.contiguous_format
        copy = (lambda: call().clone(memory_format=layout)) if view else (lambda: call().contiguous())

        def out() -> Call:
            given = self.tensor(empty_output(case, operands))
            return lambda: given.copy_(call())

        return {"out": out, "new": lambda: copy}

    def ways(self, case: Case, operands: list[np.ndarray]) -> Ways:
        tensors = [self.tensor(operand) for operand in operands]
        return self.solid_ways(lambda: self.torch.einsum(case.expr, *tensors), case, operands)


class OptEinsumTorch(Torch):
    """`opt_einsum.contract_expression` with torch."""

    def version(self) -> str:
        return f"opt_einsum {importlib.metadata.version('opt_einsum')}, {super().version()}"

    def ways(self, case: Case, operands: list[np.ndarray]) -> Ways:
        import opt_einsum

        tensors = [self.tensor(operand) for operand in operands]
        optimize = "optimal" if len(operands) <= 6 else "auto-hq"
        shapes = [operand.shape for operand in operands]
        expression = opt_einsum.contract_expression(case.expr, *shapes, optimize=optimize)
        return self.solid_ways(lambda: expression(*tensors, backend="torch"), case, operands)


class TorchCompile(Torch):
    """`torch.einsum` compiled by Inductor, which needs a C++ compiler."""

    def warm_up(self) -> None:
        # A product alone is only a library call, and compiles nothing.
        ones = self.torch.ones(4, 4)
        self.torch.compile(lambda x: self.torch.einsum("ij,jk->ik", x, x) + 1, dynamic=False)(ones)

    def ways(self, case: Case, operands: list[np.ndarray]) -> Ways:
        torch = self.torch
        tensors = [self.tensor(operand) for operand in operands]
        layout = torch.contiguous_format

        def new() -> Call:
            torch._dynamo.reset()  # forgets the functions of other cases
            if len(tensors) == 1:  # may be a view
                compute = lambda *x: torch.einsum(case.expr, *x).clone(memory_format=layout)  # noqa: E731
            else:
                compute = lambda *x: torch.einsum(case.expr, *x).contiguous()  # noqa: E731
            compiled = torch.compile(compute, dynamic=False, fullgraph=True)
            return lambda: compiled(*tensors)

        def out() -> Call:
            torch._dynamo.reset()
            given = self.tensor(empty_output(case, operands))
            compute = lambda result, *x: result.copy_(torch.einsum(case.expr, *x))  # noqa: E731
            compiled = torch.compile(compute, dynamic=False, fullgraph=True)
            return lambda: compiled(given, *tensors)

        return {"out": out, "new": new}


class Jax(Peer):
    """`jax.numpy.einsum` under `jax.jit`; "out" donates the last result's memory to the next."""

    package = "jax"

    def __init__(self, threads: int) -> None:
        super().__init__(threads)
        import jax

        jax.config.update("jax_enable_x64", True)
        self.jax = jax

    def as_numpy(self, result) -> np.ndarray:
        return np.array(result)  # a copy: memory that is looked at cannot be donated

    def ways(self, case: Case, operands: list[np.ndarray]) -> Ways:
        jax = self.jax
        jax.clear_caches()
        arrays = [jax.block_until_ready(jax.numpy.asarray(operand)) for operand in operands]

        def compute(*x):
            return jax.numpy.einsum(case.expr, *x, precision="highest")

        def new() -> Call:
            compiled = jax.jit(compute)
            return lambda: compiled(*arrays).block_until_ready()

        def out() -> Call:
            compiled = jax.jit(lambda result, *x: compute(*x), donate_argnums=0, keep_unused=True)
            last = jax.numpy.zeros(case.output_shape, operands[0].dtype)

            def call():
                nonlocal last
                last = compiled(last, *arrays).block_until_ready()
                return last

            return call

        return {"out": out, "new": new}


class Etops(Peer):
    """einsum_ir, which generates code with libxsmm: what its optimizer makes of loops over all indices."""

    package = "etops"

    def ways(self, case: Case, operands: list[np.ndarray]) -> Ways:
        if case.dtype != "float32":
            raise Unsupported("float32 only; its float64 writes past its arrays")
        if any(len(set(labels)) < len(labels) for labels in case.operands):
            raise Unsupported("no repeated labels in an operand")
        if len(operands) == 1:
            return {"out": lambda: self.permutation(case, operands)}
        if len(operands) == 2:
            return {"out": lambda: self.contraction(case, operands)}
        raise Unsupported("one or two operands only")

    def permutation(self, case: Case, operands: list[np.ndarray]) -> Call:
        """One operand with its indices in another order."""
        import etops

        if case.reduces:
            raise Unsupported("no sums of one operand")
        types = [etops.dim.c for _ in case.output]
        run = self.operation(case, case.output, types, case.operands, etops.prim.copy)
        out = empty_output(case, operands)

        def call() -> np.ndarray:
            run.execute(operands[0], None, out)
            return out

        return call

    def contraction(self, case: Case, operands: list[np.ndarray]) -> Call:
        """Two operands; every index gets the role that the tensors which have it imply."""
        import etops

        (left, right), (a, b) = case.operands, operands
        # The index of m that has unit stride in the result must have it in the left operand's role.
        if case.output and case.output[-1] not in left:
            left, right, a, b = right, left, b, a
        kinds = {
            (True, True, True): etops.dim.c,
            (True, False, True): etops.dim.m,
            (False, True, True): etops.dim.n,
            (True, True, False): etops.dim.k,
        }
        labels = case.output + "".join(
            label for label in dict.fromkeys(left + right) if label not in case.output
        )
        roles = [(label in left, label in right, label in case.output) for label in labels]
        if not all(role in kinds for role in roles):
            raise Unsupported("every index must occur in two of the three tensors")
        types = [kinds[role] for role in roles]
        run = self.operation(case, labels, types, [left, right], etops.prim.gemm)
        out = empty_output(case, operands)

        def call() -> np.ndarray:
            run.execute(a, b, out)
            return out

        return call

    def operation(self, case: Case, labels: str, types: list, operands: list[str], primitive):
        """A compiled operation: loops over the labels, with each one's stride in each tensor."""
        import etops

        def strides(tensor: str) -> list[int]:
            steps, step = {}, 1
            for label in reversed(tensor):
                steps[label] = step
                step *= case.sizes[label]
            return [steps.get(label, 0) for label in labels]

        first = etops.prim.none if primitive == etops.prim.copy else etops.prim.zero
        config = etops.TensorOperationConfig(
            backend="tpp",
            data_type=etops.float32,
            prim_first=first,
            prim_main=primitive,
            prim_last=etops.prim.none,
            dim_types=types,
            exec_types=[etops.exec.seq] * len(labels),
            dim_sizes=[case.sizes[label] for label in labels],
            strides=[[strides(tensor) for tensor in [*operands, case.output]]],
        )
        options = etops.backend.tpp.get_default_optimization_config() | {"num_threads": self.threads}
        if cache := cache_bytes(2):
            options["l2_cache_size"] = cache
        try:
            return etops.TensorOperation(etops.optimize(config, options))
        except RuntimeError as error:
            raise Unsupported(str(error)) from error
