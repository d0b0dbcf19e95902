"""Element types by name, numpy's rules for them, and their counterparts in numpy and torch."""

import sys

try:
    import numpy
except ImportError:
    numpy = None

# Kind in numpy's order of casting, and bytes.
TYPES = {
    "bool": ("b", 1),
    "uint8": ("u", 1), "uint16": ("u", 2), "uint32": ("u", 4), "uint64": ("u", 8),
    "int8": ("i", 1), "int16": ("i", 2), "int32": ("i", 4), "int64": ("i", 8),
    "float16": ("f", 2), "bfloat16": ("f", 2), "float32": ("f", 4), "float64": ("f", 8),
    "complex64": ("c", 8), "complex128": ("c", 16),
}
CASTINGS = ("no", "equiv", "safe", "same_kind", "unsafe")
_PYTHON_TYPES = {bool: "bool", int: "int64", float: "float64", complex: "complex128"}


def _promoted_pair(a, b):
    """The type that holds the values of two types, by numpy's rule; bfloat16 stands beside float16."""
    if a == b or b == "bool":
        return a
    if a == "bool":
        return b
    (kind_a, size_a), (kind_b, size_b) = TYPES[a], TYPES[b]
    if kind_a == kind_b and kind_a in "iu":
        return a if size_a >= size_b else b
    kinds = {kind_a, kind_b}
    if kinds == {"i", "u"}:
        signed, unsigned = (size_a, size_b) if kind_a == "i" else (size_b, size_a)
        size = max(signed, 2 * unsigned)
        return f"int{8 * size}" if size <= 8 else "float64"
    # The size of the float, or of a complex number's parts, that each type needs.
    needs = max(_float_size(a), _float_size(b))
    if "c" in kinds:
        return "complex128" if needs == 8 else "complex64"
    if needs == 2:
        floating = [name for name in (a, b) if TYPES[name][0] == "f"]
        return floating[0] if len(floating) == 1 else "float32"
    return "float64" if needs == 8 else "float32"


def _float_size(name):
    kind, size = TYPES[name]
    if kind == "f":
        return size
    if kind == "c":
        return size // 2
    return {1: 2, 2: 4}.get(size, 8)


def promoted(names):
    """The type that numpy.result_type gives, whatever the order of the types."""
    floats_first = sorted(names, key=lambda name: TYPES[name][0] not in "fc")
    common = floats_first[0]
    for name in floats_first[1:]:
        common = _promoted_pair(common, name)
    return common


def can_cast(source, target, casting):
    """What numpy.can_cast says."""
    if source == target or casting == "unsafe":
        return True
    if casting in ("no", "equiv"):
        return False
    if _promoted_pair(source, target) == target:
        return True
    return casting == "same_kind" and "buifc".index(TYPES[source][0]) <= "buifc".index(TYPES[target][0])


def check_cast(source, target, casting, what):
    """Raises TypeError unless the casting rule allows the conversion."""
    if not can_cast(source, target, casting):
        raise TypeError(f"{what} cannot be cast from {source} to {target} by the rule '{casting}'")


def name_of(dtype):
    """The name of an element type, given as a name, a dtype of numpy or torch, or a Python type; None for those
    of numpy's types that have no counterpart here."""
    if isinstance(dtype, str) and dtype in TYPES:
        return dtype
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(dtype, torch.dtype):
        name = str(dtype).partition(".")[2]
        if name not in TYPES:
            raise TypeError(f"there is no element type {dtype}")
        return name
    if numpy is not None:
        name = numpy.dtype(dtype).newbyteorder("=").name
        return name if name in TYPES else None
    if isinstance(dtype, type) and dtype in _PYTHON_TYPES:
        return _PYTHON_TYPES[dtype]
    raise TypeError(f"there is no element type {dtype!r}")


def is_known(dtype):
    """Whether an element type has a counterpart here, down to the order of its bytes."""
    if name_of(dtype) is None:
        return False
    if numpy is None or not isinstance(dtype, (str, numpy.dtype)) or dtype in TYPES:
        return True
    return numpy.dtype(dtype).isnative


def numpy_dtype(name):
    """numpy's dtype for a type; TypeError if it has none."""
    if name != "bfloat16":
        return numpy.dtype(name)
    try:
        import ml_dtypes
    except ImportError:
        raise TypeError("numpy has no bfloat16; install ml_dtypes, or ask for another dtype") from None
    return numpy.dtype(ml_dtypes.bfloat16)
