"""A benchmark case: one expression with the sizes of its indices."""

import json
import re
from dataclasses import asdict, dataclass
from math import prod
from pathlib import Path

ITEM_SIZES = {
    "bool": 1, "int8": 1, "uint8": 1, "int16": 2, "uint16": 2, "int32": 4, "uint32": 4, "int64": 8,
    "uint64": 8, "float16": 2, "bfloat16": 2, "float32": 4, "float64": 8, "complex64": 8, "complex128": 16,
}  # fmt: skip
SHORT_NAMES = {
    "b8": "bool", "i8": "int8", "u8": "uint8", "i16": "int16", "u16": "uint16", "i32": "int32",
    "u32": "uint32", "i64": "int64", "u64": "uint64", "f16": "float16", "bf16": "bfloat16", "f32": "float32",
    "f64": "float64", "c64": "complex64", "c128": "complex128",
}  # fmt: skip


class CaseError(Exception):
    """A case file that cannot be used; the text says where and why."""


@dataclass(frozen=True)
class Case:
    """`expr` has single letters as labels, without ellipses; `dtype` is a name of numpy's, or bfloat16."""

    name: str
    group: str
    expr: str
    sizes: dict[str, int]
    dtype: str

    @property
    def operands(self) -> list[str]:
        """The labels of each operand."""
        return self.expr.split("->")[0].split(",")

    @property
    def output(self) -> str:
        """The labels of the result; without an arrow, those that occur once, in alphabetical order."""
        if "->" in self.expr:
            return self.expr.split("->")[1]
        labels = "".join(self.operands)
        return "".join(sorted(label for label in set(labels) if labels.count(label) == 1))

    @property
    def explicit(self) -> str:
        """The expression with its arrow."""
        return ",".join(self.operands) + "->" + self.output

    def shape(self, labels: str) -> tuple[int, ...]:
        """The extents of these labels."""
        return tuple(self.sizes[label] for label in labels)

    @property
    def output_shape(self) -> tuple[int, ...]:
        """The shape of the result."""
        return self.shape(self.output)

    @property
    def iterations(self) -> int:
        """How often a loop nest over all indices runs its body."""
        return prod(self.sizes[label] for label in set("".join(self.operands)))

    @property
    def reduces(self) -> bool:
        """Whether there is an index that is summed over."""
        return not set("".join(self.operands)) <= set(self.output)

    @property
    def bytes_read(self) -> int:
        """The bytes of the operands that the result depends on: of a diagonal no more than that."""
        return ITEM_SIZES[self.dtype] * sum(
            prod(self.shape("".join(set(labels)))) for labels in self.operands
        )

    @property
    def bytes_written(self) -> int:
        """The bytes of the result."""
        return ITEM_SIZES[self.dtype] * prod(self.output_shape)

    @property
    def pairwise_flop(self) -> int | None:
        """Multiplications and additions of a case with one or two operands; none, if the order decides.

        An index that only one operand has is summed over before the product.
        """
        if len(self.operands) > 2:
            return None
        if len(self.operands) == 1:
            return self.iterations * self.reduces
        left, right = (set(labels) for labels in self.operands)
        kept = set(self.output) | (left & right)
        sums = sum(prod(self.shape("".join(labels))) for labels in (left, right) if not labels <= kept)
        reduces = not kept <= set(self.output)
        return sums + prod(self.shape("".join(kept))) * (1 + reduces)

    def as_json(self) -> dict:
        """The case as an entry of a case file."""
        return asdict(self)


def make_case(entry: object, where: str) -> Case:
    """The case that a JSON object describes, with every field checked."""
    if not isinstance(entry, dict):
        raise CaseError(f"{where}: a case must be an object")
    for field, kind in (("name", str), ("expr", str), ("sizes", dict)):
        if not isinstance(entry.get(field), kind):
            raise CaseError(f"{where}: '{field}' is missing or of the wrong type")
    where = f"{where} ({entry['name']})"
    dtype = entry.get("dtype", "float32")
    dtype = SHORT_NAMES.get(dtype, dtype)
    if dtype not in ITEM_SIZES:
        raise CaseError(f"{where}: unknown dtype '{dtype}'")
    expr = entry["expr"].replace(" ", "")
    if not re.fullmatch(r"[A-Za-z]*(,[A-Za-z]*)*(->[A-Za-z]*)?", expr):
        raise CaseError(f"{where}: '{expr}' is not an expression of single letters")
    case = Case(entry["name"], entry.get("group", "other"), expr, entry["sizes"], dtype)
    labels = set("".join(case.operands))
    for label in sorted(labels):
        if not isinstance(case.sizes.get(label), int) or case.sizes[label] < 1:
            raise CaseError(f"{where}: index '{label}' needs a size of at least 1")
    if not set(case.output) <= labels or len(set(case.output)) < len(case.output):
        raise CaseError(f"{where}: output labels must be distinct and occur in an operand")
    return case


def load_cases(path: Path, only: str | None = None, group: str | None = None) -> list[Case]:
    """The cases of a JSON list whose name matches `only`, a regular expression, and whose group is `group`.

    `group` may be a list, joined by commas. Names must differ, since results go by them.
    """
    try:
        entries = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise CaseError(f"{path}: {error}") from error
    if isinstance(entries, dict):
        entries = entries.get("cases")
    if not isinstance(entries, list):
        raise CaseError(f"{path}: neither a list nor an object with the list 'cases'")
    cases = [make_case(entry, f"{path}: case {number}") for number, entry in enumerate(entries)]
    names = [case.name for case in cases]
    for name in names:
        if names.count(name) > 1:
            raise CaseError(f"{path}: two cases have the name '{name}'")
    if only:
        try:
            cases = [case for case in cases if re.search(only, case.name)]
        except re.error as error:
            raise CaseError(f"--only {only}: {error}") from error
    if group:
        cases = [case for case in cases if case.group in group.split(",")]
    if not cases:
        raise CaseError(f"{path}: no case is left by --only and --group")
    return cases
