"""einsum_path finds numpy's paths, and einsum follows those that it is given."""

import einsumc
import numpy as np
import pytest
from support import random_problem


@pytest.mark.parametrize("optimize", ["greedy", "optimal", True, False])
def test_paths_are_numpys(optimize):
    for seed in range(5000, 5150):
        equation, operands = random_problem(seed, most_operands=4 if optimize == "optimal" else 7)
        for choice in [optimize] if isinstance(optimize, bool) else [optimize, (optimize, 20)]:
            try:
                expected, text = np.einsum_path(equation, *operands, optimize=choice)
            except ValueError:
                continue
            path, own_text = einsumc.einsum_path(equation, *operands, optimize=choice)
            assert path == expected, (seed, equation, choice, [operand.shape for operand in operands])
            if "..." not in equation:
                assert own_text == text, (seed, equation, choice)


def test_paths_are_followed():
    for seed in range(5200, 5260):
        equation, operands = random_problem(seed, most_operands=5)
        try:
            expected = np.einsum(equation, *operands)
        except ValueError:
            continue
        for choice in ["greedy", ("greedy", 10), ("optimal", 5)]:
            path, _ = einsumc.einsum_path(equation, *operands, optimize=choice)
            np.testing.assert_array_equal(einsumc.einsum(equation, *operands, optimize=path), expected, equation)
            np.testing.assert_array_equal(einsumc.einsum(equation, *operands, optimize=choice), expected, equation)


def test_steps_compute_in_the_type_of_all_operands():
    large, wide = np.full(3, 2**31, "u4"), np.ones(1, "i8")
    path = ["einsum_path", (0, 1), (0, 1)]
    assert einsumc.einsum("i,i,j->", large, large, wide, optimize=path) == np.einsum("i,i,j->", large, large, wide)
    with pytest.raises(TypeError, match="float64 to float32"):
        einsumc.einsum("i,i,j->", large, large, wide, optimize=path, dtype="f8", out=np.empty((), "f4"))


def test_paths_take_out_and_dtype():
    a, out = np.arange(4, dtype="i4").reshape(2, 2), np.empty((2, 2))
    path = ["einsum_path", (0, 1), (0, 1)]
    assert einsumc.einsum("ij,jk,kl", a, a, a, out=out, dtype="f8", optimize=path) is out
    np.testing.assert_array_equal(out, a @ a @ a)


def test_einsumc_shows_its_own_plan():
    a, b, c = np.ones((2, 500)), np.ones((500, 500)), np.ones((500, 2))
    path, text = einsumc.einsum_path("ij,jk,kl", a, b, c, optimize="einsumc")
    assert path[0] == "einsum_path" and len(path) == 3 and text.endswith("->il")


@pytest.mark.parametrize("error, optimize", [
    (RuntimeError, ["einsum_path", (0, 1)]),
    (IndexError, ["einsum_path", (0, 7)]),
    (KeyError, "bogus"),
    (TypeError, 3),
    (TypeError, [3, 4]),
])
def test_wrong_paths(error, optimize):
    operands = [np.ones((2, 2))] * 3
    for function in (einsumc.einsum, einsumc.einsum_path):
        with pytest.raises(error):
            function("ij,jk,kl", *operands, optimize=optimize)
