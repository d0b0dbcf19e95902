from collections.abc import Sequence
from typing import Any, Literal, Optional, Union

Order = Literal["C", "F", "A", "K", "c", "f", "a", "k"]
Casting = Literal["no", "equiv", "safe", "same_kind", "unsafe"]
Stage = Literal["equation", "contraction", "plan", "loops", "c", "all", "html"]

class EinsumError(ValueError):
    code: str

class Kernel:
    equation: str
    operand_shapes: tuple[tuple[int, ...], ...]
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    type: str
    accumulate: Optional[str]
    threads: int
    flop: int
    bytes: int
    workspace_size: int
    path: list[tuple[int, ...]]
    c_source: str
    def __call__(self, *operands: Any, out: Any = None) -> Any: ...
    def explain(self, stage: Optional[Stage] = None) -> str: ...
    def _repr_html_(self) -> str: ...

class Explanation(str):
    def _repr_html_(self) -> str: ...

def einsum(
    *operands: Any, out: Any = None, dtype: Any = None, order: Order = "K", casting: Casting = "safe",
    optimize: Union[bool, None, str, Sequence[Any]] = True,
) -> Any: ...
def einsum_path(
    *operands: Any, optimize: Union[bool, None, str, Sequence[Any]] = "greedy"
) -> tuple[list[Any], str]: ...
def compile(
    expr: str, *shapes_or_arrays: Any, dtype: Any = None, accumulate: Any = None, threads: Optional[int] = None
) -> Kernel: ...
def explain(
    expr: str, *shapes_or_arrays: Any, stage: Optional[Stage] = None, dtype: Any = None,
    accumulate: Any = None, threads: Optional[int] = None,
) -> Explanation: ...
def tensordot(a: Any, b: Any, axes: Any = 2) -> Any: ...
def transpose(a: Any, axes: Optional[Sequence[int]] = None) -> Any: ...
