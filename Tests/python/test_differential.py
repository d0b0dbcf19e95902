"""Random calls with random keywords: the results and the kinds of errors are numpy's."""

import random

import einsumc
import numpy as np
import pytest
from support import TYPES, random_problem, strided

FAMILIES = (TypeError, ValueError)


class Subclass(np.ndarray):
    pass


def random_operand(rng, array):
    """The same numbers in another guise: other bytes, other classes, lists."""
    guises = [
        lambda: array,
        lambda: array.astype(array.dtype.newbyteorder(">")),
        lambda: np.frombuffer(b"x" + array.tobytes(), "u1")[1:].view(array.dtype).reshape(array.shape),
        lambda: array.view(Subclass),
        lambda: np.ma.masked_array(array),
        lambda: array.tolist() if array.size else array,
        lambda: np.broadcast_to(array, (2, *array.shape)),
        lambda: array.astype(object),
    ]
    return guises[rng.randrange(len(guises))]() if array.size and rng.random() < 0.2 else array


def random_call(seed):
    rng = random.Random(seed)
    equation, operands = random_problem(rng.randrange(1 << 30))
    types = [rng.choice(TYPES)] * 3 if rng.random() < 0.5 else rng.choices(TYPES, k=3)
    # Sums stay small, so that they are exact in every type.
    operands = [random_operand(rng, np.abs(operand).clip(0, 1).astype(name)) for operand, name in zip(operands, types)]
    if rng.random() < 0.1:
        place = rng.randrange(len(equation) + 1)
        equation = equation[:place] + rng.choice("abc,.->% ") + equation[place:]
    keywords = {}
    choice = rng.random()
    if choice < 0.2:
        keywords["dtype"] = rng.choice([*TYPES, float, ">f8", "O", "bad"])
    elif choice < 0.4:
        try:
            shape = np.shape(np.einsum(equation, *operands))
        except (ValueError, TypeError):
            shape = (2,)
        keywords["out"] = strided(rng, np.zeros(shape if rng.random() < 0.8 else (*shape, 2), rng.choice(TYPES)))
    if rng.random() < 0.3:
        keywords["casting"] = rng.choice(["no", "equiv", "safe", "same_kind", "unsafe", "bad"])
    if rng.random() < 0.2:
        keywords["order"] = rng.choice(["C", "F", "A", "K", "c", "bad"])
    return equation, operands, keywords


def outcome(function, seed):
    """The result, or the kind of error."""
    equation, operands, keywords = random_call(seed)
    try:
        return function(equation, *operands, **keywords)
    except FAMILIES as error:
        return next(family for family in FAMILIES if isinstance(error, family))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.skipif(np.lib.NumpyVersion(np.__version__) < "2.0.0", reason="types that depend on values")
@pytest.mark.parametrize("block", range(10))
def test_random_calls_are_numpys(block):
    errors = 0
    for seed in range(300 * block, 300 * block + 300):
        expected, result = outcome(np.einsum, seed), outcome(einsumc.einsum, seed)
        if isinstance(expected, type) or isinstance(result, type):
            # A call may be wrong in several ways.
            assert isinstance(expected, type) and isinstance(result, type), (seed, random_call(seed), expected, result)
            errors += 1
            continue
        assert type(result) is type(expected), (seed, random_call(seed))
        assert np.asarray(result).dtype == np.asarray(expected).dtype, (seed, random_call(seed))
        np.testing.assert_array_equal(result, expected, f"{seed} {random_call(seed)}")
        if isinstance(result, np.ndarray):
            assert result.flags.writeable == expected.flags.writeable, (seed, random_call(seed))
    assert 20 < errors < 200
