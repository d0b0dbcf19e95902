"""numpy as the reference for `einsumc run`: file round trips and the error bound of the project's semantics."""
import os
import string
import subprocess
import tempfile

import numpy as np

EINSUMC = os.environ["EINSUMC"]

INTEGERS = ["bool"] + [f"{sign}int{bits}" for sign in ("", "u") for bits in (8, 16, 32, 64)]
FLOATS = ["float16", "float32", "float64", "complex64", "complex128"]
# Unit roundoff of the type that sums are formed in, and of the type that the result is rounded to at the end.
ROUNDOFF = {"float16": 2.0**-11, "float32": 2.0**-24, "float64": 2.0**-53, "complex64": 2.0**-24, "complex128": 2.0**-53}


def run(expression, operands, *options):
    """Runs einsumc on arrays through files; returns (exit code, result or None, stderr)."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, operand in enumerate(operands):
            paths.append(os.path.join(folder, f"{number}.npy"))
            np.save(paths[-1], operand)
        out = os.path.join(folder, "out.npy")
        done = subprocess.run(
            [EINSUMC, "run", *options, "-o", out, "--", expression, *paths], capture_output=True, text=True, timeout=600)
        result = np.load(out) if os.path.exists(out) else None
        return done.returncode, result, done.stderr


def split(expression, operands):
    """Input terms and output term, implicit output and ellipses written out with upper case Greek letters."""
    text = expression.replace(" ", "")
    left, arrow, output = text.partition("->")
    terms = left.split(",")
    ranks = [array.ndim - len(term.replace("...", "")) if "..." in term else 0 for term, array in zip(terms, operands)]
    widest = max(ranks, default=0)
    ellipsis = "".join(chr(0x391 + place) for place in range(widest))
    full = [term.replace("...", ellipsis[widest - rank:]) for term, rank in zip(terms, ranks)]
    if arrow:
        return full, output.replace("...", ellipsis)
    counts = "".join(full)
    letters = sorted(c for c in set(counts) - set(ellipsis) if counts.count(c) == 1)
    return full, ellipsis + "".join(letters)


def reference(expression, operands):
    """The exact or wide result, and for floats the largest error that is allowed at each element.

    Integers and bool are computed in their own type, as numpy wraps; floats in double precision. A repeated output
    label, which numpy refuses, is written to the diagonal of zeros.
    """
    terms, output = split(expression, operands)
    kind = np.result_type(*operands) if operands else np.dtype("float64")
    letters = {label: letter for label, letter in zip(dict.fromkeys("".join(terms)), string.ascii_letters)}
    extents = {}
    for term, array in zip(terms, operands):
        for label, extent in zip(term, array.shape):
            extents[label] = extent if extents.get(label, 1) == 1 else extents[label]
    distinct = "".join(dict.fromkeys(output))
    subscripts = ",".join("".join(letters[l] for l in term) for term in terms) + "->"
    subscripts += "".join(letters[l] for l in distinct)
    if kind.kind in "biu":
        value = np.asarray(np.einsum(subscripts, *[a.astype(kind) for a in operands], optimize=len(operands) > 3))
        bound = np.zeros(value.shape)
    else:
        wide = np.complex128 if kind.kind == "c" else np.float64
        value = np.asarray(np.einsum(subscripts, *[a.astype(wide) for a in operands], optimize=len(operands) > 3))
        sizes = np.asarray(np.einsum(subscripts, *[np.abs(a.astype(wide)) for a in operands], optimize=len(operands) > 3))
        terms_summed = np.prod([float(extents[l]) for l in extents if l not in output], initial=1.0)
        inner = ROUNDOFF["float32"] if kind == np.float16 else ROUNDOFF[kind.name]
        # Rounding of one complex product is within sqrt(5) units; the reference itself errs by little in double.
        count = (terms_summed + len(operands)) * (3 if kind.kind == "c" else 1)
        gamma = count * inner / max(1 - count * inner, 0.5)
        bound = sizes.real * (gamma + count * 2.0**-52)
        if kind == np.float16:
            bound = bound + (np.abs(value) + bound) * 2.0**-11 + 2.0**-25
    if distinct != output:
        full = np.zeros([extents[l] for l in output], value.dtype)
        limit = np.zeros(full.shape)
        axes = [list(output).index(l) for l in distinct]
        for place in np.ndindex(*value.shape):
            at = dict(zip(distinct, place))
            full[tuple(at[l] for l in output)] = value[place]
            limit[tuple(at[l] for l in output)] = bound[place]
        value, bound = full, limit
    return kind, value, bound


def disagreement(result, kind, value, bound):
    """Why a result is not acceptable, or None."""
    if result is None:
        return "no output file"
    if result.dtype != kind:
        return f"type {result.dtype}, expected {kind}"
    if result.shape != value.shape:
        return f"shape {result.shape}, expected {value.shape}"
    if kind.kind in "biu":
        return None if np.array_equal(result, value) else f"values {result.ravel()[:8]}, expected {value.ravel()[:8]}"
    error = np.abs(result.astype(value.dtype) - value)
    bad = ~(error <= bound)
    if bad.any():
        place = tuple(np.argwhere(bad)[0])
        return f"error {error[place]} above {bound[place]} at {place}: {result[place]}, expected {value[place]}"
    return None
