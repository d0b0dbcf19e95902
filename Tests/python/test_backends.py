"""opt_einsum with backend='einsumc', and what it asks of a backend."""

import einsumc
import numpy as np
import pytest

opt_einsum = pytest.importorskip("opt_einsum")


@pytest.mark.parametrize("equation", ["ij,jk->ik", "ij,jk,kl->li", "abc,bcd,de->ea", "ij,ij->", "i,j->ij", "iij,jk->ik"])
def test_contract(equation):
    rng = np.random.default_rng(1)
    operands = [rng.integers(-3, 4, [4] * len(term)) * 1.0 for term in equation.partition("->")[0].split(",")]
    result = opt_einsum.contract(equation, *operands, backend="einsumc")
    np.testing.assert_array_equal(result, np.einsum(equation, *operands))
    expression = opt_einsum.contract_expression(equation, *(operand.shape for operand in operands))
    np.testing.assert_array_equal(expression(*operands, backend="einsumc"), result)


def test_contract_with_many_labels():
    operands = [np.ones((2, 2))] * 60
    inputs = [(number, number + 1) for number in range(60)]
    arguments = [part for pair in zip(operands, inputs) for part in pair]
    assert opt_einsum.contract(*arguments, (0, 60), backend="einsumc")[0, 0] == 2.0**59


@pytest.mark.parametrize("axes", [0, 1, 2, ([0], [1]), ([0, 1], [1, 0]), (1, 0), ([-1], [-2]), ([], [])])
def test_tensordot(axes):
    a, b = np.arange(16.0).reshape(4, 4), np.arange(64.0).reshape(4, 4, 4)
    np.testing.assert_array_equal(einsumc.tensordot(a, b, axes), np.tensordot(a, b, axes))


@pytest.mark.parametrize("axes", [3, -1, ([0], [5]), ([0, 0], [0, 1]), ([0], [0, 1])])
def test_wrong_tensordots(axes):
    with pytest.raises(ValueError):
        einsumc.tensordot(np.ones((4, 4)), np.ones((4, 4)), axes)


def test_tensordot_does_not_broadcast():
    with pytest.raises(ValueError):
        einsumc.tensordot(np.ones((4, 1)), np.ones((4, 4)), 1)


def test_transpose():
    a = np.arange(24).reshape(2, 3, 4)
    np.testing.assert_array_equal(einsumc.transpose(a), a.T)
    np.testing.assert_array_equal(einsumc.transpose(a, (1, 2, 0)), a.transpose(1, 2, 0))
    assert np.shares_memory(einsumc.transpose(a), a)
