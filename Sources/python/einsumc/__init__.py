"""einsumc: einsum expressions, compiled to kernels.

    import einsumc
    c = einsumc.einsum('ij,jk->ik', a, b)                   # as numpy.einsum
    kernel = einsumc.compile('ij,jk->ik', a, b)             # once; then
    kernel(a, b, out=c)                                     # often, from any thread
    print(einsumc.explain('ij,jk->ik', (64, 32), (32, 48)))   # what it does, what that costs and why

Arrays are those of numpy, torch and jax on the CPU, and whatever has a buffer or speaks DLPack; none is copied. Results
are numpy arrays, or torch tensors if an operand is one. Works as a backend of opt_einsum: backend='einsumc'.
"""

from ._error import EinsumError
from . import _core
from ._core import Kernel, einsum
from . import _einsum, _kernel
from ._kernel import Explanation, compile, explain, tensordot, transpose
from ._path import einsum_path

__version__ = "0.1.0"
__all__ = [
    "EinsumError", "Explanation", "Kernel", "compile", "einsum", "einsum_path", "explain", "tensordot", "transpose",
]

_core.set_functions(_einsum.einsum, _kernel.call, _kernel.page, _einsum.numpy_einsum, EinsumError)
