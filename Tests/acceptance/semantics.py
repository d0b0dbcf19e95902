"""Every row of the notation, type and numerics rules, through `einsumc run` on files, with numpy as the reference.

    EINSUMC=path/to/einsumc python3 semantics.py
"""
import sys

import numpy as np

from support import reference

generator = np.random.default_rng(7)
failures = []
passed = 0


def report(name, why):
    global passed
    if why is None:
        passed += 1
    else:
        failures.append(name)
        print(f"{name}: {why}")


def integers(*shape, kind="int64"):
    return generator.integers(-9, 10, shape).astype(kind)


def agrees(expression, *operands, like=None):
    """The result equals the reference; `like` is an equivalent expression that numpy understands."""
    code, result, errors = reference.run(expression, operands)
    if code != 0:
        return report(expression, f"exit {code}: {errors}")
    report(expression, reference.disagreement(result, *reference.reference(like or expression, operands)))


def is_equal(name, expression, operands, expected, *options):
    code, result, errors = reference.run(expression, operands, *options)
    if code != 0:
        return report(name, f"exit {code}: {errors}")
    same = result.dtype == expected.dtype and result.shape == expected.shape and result.tobytes() == expected.tobytes()
    report(name, None if same else f"{result.dtype} {result}, expected {expected.dtype} {expected}")


def refuses(expression, code_name, *operands):
    code, result, errors = reference.run(expression, operands)
    fine = code == 2 and result is None and f"[{code_name}]" in errors and "Fatal" not in errors
    report(f"{expression!r} is refused", None if fine else f"exit {code}: {errors}")


def notation():
    a, b, cube = integers(3, 4), integers(4, 5), integers(3, 3, 3)
    agrees("αβ,βγ->αγ", a, b, like="ij,jk->ik")
    agrees(" i j , j k -> i k ", a, b)
    agrees("ba", a)
    agrees("bA", a)
    agrees("ij,jk", a, b)
    agrees("ii->i", integers(4, 4))
    agrees("iii->i", cube)
    agrees("ijij->", integers(2, 3, 2, 3))
    agrees("aab,bcc->ac", integers(2, 2, 3), integers(3, 4, 4))
    agrees("i,i", integers(2), integers(1))
    agrees("ij,jk", integers(2, 1), integers(3, 4))
    agrees("...ij,...jk", integers(2, 1, 3, 4), integers(6, 4, 5))
    agrees("i...,i...", integers(3, 2, 4), integers(3, 4))
    agrees("ij...->...", integers(2, 3, 4))
    agrees("...->", integers(2, 3))
    agrees("...i->i", integers(2, 3))
    agrees("i->i...", integers(3))
    scalar = np.array(7, dtype="int32")
    for expression in ("", "->"):
        is_equal(repr(expression), expression, [scalar], scalar)
    for expression in (",", ",->"):
        is_equal(repr(expression), expression, [scalar, scalar], np.array(49, dtype="int32"))
    agrees("i,->i", integers(3), np.array(2))
    agrees(",i->", np.array(2), integers(3))
    agrees("i->ii", integers(3))
    agrees("ij->iij", integers(2, 3))
    agrees("{batch}i,ij->{batch}j", a, b, like="bi,ij->bj")
    agrees("{head}q d", cube, like="hqd")
    agrees("ij,jk->ik", integers(2, 0), integers(0, 3))
    agrees("ij,jk->ik", integers(0, 3), integers(3, 2))
    agrees("ij->", integers(0, 3))
    agrees("ij->j", integers(0, 3).astype("float32"))
    agrees(",".join("i" for _ in range(40)) + "->i", *[integers(3, kind="int16") for _ in range(40)])
    for text in ("i%", "i1", "i_", "i\tj", "i\nj"):
        refuses(text, "unknown-character", a)
    refuses("ij- >ji", "broken-arrow", a)
    refuses("ij>ji", "broken-arrow", a)
    refuses(". . .i", "stray-dot", a)
    refuses("i.j", "stray-dot", a)
    refuses("i->j->k", "second-arrow", a)
    refuses("ij->k", "output-label", a)
    refuses("ij,jk", "operand-count", a)
    refuses("ijk", "rank-mismatch", a)
    refuses("ij,jk", "extent-mismatch", a, integers(3, 5))
    refuses("ii", "diagonal-mismatch", integers(2, 3))
    refuses("ii", "diagonal-mismatch", integers(1, 3))
    refuses("...,...", "ellipsis-mismatch", a, integers(3))


def types():
    for kind in reference.INTEGERS + reference.FLOATS:
        # Large enough that small integers wrap, small enough that float16 does not overflow.
        top = {"bool": 2, "float16": 30}.get(kind, 120)
        x = generator.integers(0, top, (9, 17)).astype(kind)
        y = generator.integers(0, top, (17, 8)).astype(kind)
        agrees("ij,jk->ik", x, y)
        agrees("ij->ji", x)
        agrees("ij->i", x)
        agrees("ij,ij->ij", x, x)
    every = reference.INTEGERS + reference.FLOATS
    for first in every:
        for second in every:
            x, y = np.array([[1, 0, 3]]).astype(first), np.array([2, 5, 1]).astype(second)
            agrees("ij,j->i", x, y)
    wide = generator.integers(0, 256, 50).astype("uint8")
    is_equal("accumulate", "i->", [wide], np.array(wide.astype("int64").sum()), "--accumulate", "int64")
    real = np.array([1.9, -2.9, 100.0])
    is_equal("float to int on request", "i->i", [real], real.astype("int32"), "--accumulate", "int32")
    halves = np.full(5000, 1 / 3, "float16")
    is_equal("float16 sums in float32", "i->", [halves], np.array(halves.astype("float64").sum()).astype("float16"))
    z = (generator.standard_normal((2, 4, 3)) @ np.array([1, 1j, 0])).astype("complex128")
    code, result, errors = reference.run("i,i->", [z[0], z[1]], "--conj", "0")
    report("conj", None if code == 0 and np.allclose(result, np.vdot(z[0], z[1])) else f"{result} {errors}")
    agrees("i,i->", z[0], z[1])


def numerics():
    with np.errstate(invalid="ignore"):
        x = np.array([[0.0, 1.0], [2.0, 3.0]], "float32")
        y = np.array([[np.inf, 1.0], [1.0, np.nan]], "float32")
        code, result, errors = reference.run("ij,jk->ik", [x, y])
        same = code == 0 and np.array_equal(np.isnan(result), np.isnan(x @ y))
        report("every product is formed", None if same else f"{result} {errors}")
    off = np.full((40, 40), np.nan, "float32")
    np.fill_diagonal(off, 2)
    is_equal("a diagonal reads nothing else", "ii->", [off], np.array(80, "float32"))
    for rows, columns in ((13, 31), (15, 33), (1, 7)):
        left = np.full((rows, 5), np.inf, "float32")
        right = np.ones((5, columns), "float32")
        is_equal("padding is never stored", "ij,jk->ik", [left, right], np.full((rows, columns), np.inf, "float32"))
    for kind, bits in (("float16", "uint16"), ("float32", "uint32"), ("float64", "uint64")):
        patterns = np.array([1 << (8 * np.dtype(bits).itemsize - 1), 0], bits)
        nans = np.array([np.nan], kind).view(bits) | np.array([5], bits)
        data = np.concatenate([patterns, nans, np.array([1.5], kind).view(bits)]).reshape(2, 2)
        is_equal(f"moves copy bits of {kind}", "ij->ji", [data.view(kind)], np.ascontiguousarray(data.T).view(kind))
    code, result, _ = reference.run("i->", [np.zeros(0, "float64")])
    report("empty sums are +0", None if code == 0 and result == 0 and not np.signbit(result) else f"{result}")
    big = generator.standard_normal((70, 300)).astype("float32")
    results = {reference.run("ij,kj->ik", [big, big], "--threads", n)[1].tobytes() for n in ("1", "2", "3")}
    report("the same bits for every thread count", None if len(results) == 1 else f"{len(results)} results")


notation()
types()
numerics()
print(f"semantics: {passed} passed, {len(failures)} failed")
sys.exit(bool(failures))
