"""einsumc.einsum gives what numpy.einsum gives."""

import inspect

import einsumc
import numpy as np
import pytest
from support import TYPES, random_problem


@pytest.mark.parametrize("block", range(10))
def test_random_equations_agree_with_numpy(block):
    for seed in range(60 * block, 60 * block + 60):
        equation, operands = random_problem(seed)
        types = [TYPES[(seed + number) % len(TYPES)] for number in range(len(operands))]
        operands = [operand.astype(name) for operand, name in zip(operands, types)]
        # Before version 2, numpy's default depends on the values of operands without axes.
        dtype = np.result_type(*(operand.dtype for operand in operands))
        try:
            expected = np.einsum(equation, *operands, dtype=dtype)
        except ValueError:
            with pytest.raises(ValueError):
                einsumc.einsum(equation, *operands)
            continue
        for _ in range(2):  # the second call is from the table
            result = einsumc.einsum(equation, *operands)
            assert type(result) is type(expected), (equation, types)
            assert result.dtype == expected.dtype and result.shape == expected.shape, (equation, types)
            # float16: einsumc rounds once, numpy at every product and operand.
            if result.dtype != np.float16 or np.abs(expected.astype("f4")).max(initial=0) < 2000:
                np.testing.assert_array_equal(result, expected, f"{equation} {types}")


def test_order_k_has_numpys_strides():
    for seed in range(1000, 1400):
        equation, operands = random_problem(seed)
        try:
            expected = np.einsum(equation, *operands)
        except ValueError:
            continue
        result = einsumc.einsum(equation, *operands)
        if expected.size:
            wanted = [step for step, extent in zip(expected.strides, expected.shape) if extent > 1]
            assert [step for step, extent in zip(result.strides, result.shape) if extent > 1] == wanted, equation


@pytest.mark.parametrize("order", ["C", "F", "A", "K", "c", "f", "a", "k"])
@pytest.mark.parametrize("layouts", ["CC", "FF", "CF"])
def test_orders(order, layouts):
    a = np.ones((2, 3, 5), order=layouts[0])
    b = np.ones((4, 3), order=layouts[1])
    expected = np.einsum("...ft,mf->...mt", a, b, order=order)
    result = einsumc.einsum("...ft,mf->...mt", a, b, order=order)
    assert result.strides == expected.strides
    np.testing.assert_array_equal(result, expected)


@pytest.mark.filterwarnings("ignore:the matrix subclass")
def test_forms():
    a, b = np.arange(6.0).reshape(2, 3), np.arange(12.0).reshape(3, 4)
    for result in [
        einsumc.einsum("ij,jk->ik", a, b),
        einsumc.einsum(b"ij,jk->ik", a, b),
        einsumc.einsum(" i j , j k -> i k ", a, b),
        einsumc.einsum("αβ,βγ->αγ", a, b),
        einsumc.einsum("{row}j,j{column}->{row}{column}", a, b),
        einsumc.einsum(a, [0, 1], b, [1, 2], [0, 2]),
        einsumc.einsum(a, (0, 1), b, np.array([1, 2])),
        einsumc.einsum(a, [100, 7], b, [7, 200]),
        einsumc.einsum(a, [..., 1], b, [1, 2], [..., 2]),
        einsumc.einsum("ij,jk->ik", a.tolist(), b.tolist()),
        einsumc.einsum("ij,jk", a, b, optimize=False),
        einsumc.einsum("ij,jk", a, b, optimize="optimal"),
        einsumc.einsum("ij,jk", a, b, out=None, dtype=None),
        einsumc.einsum("ij,jk", np.matrix(a), np.matrix(b)),
    ]:
        assert type(result) is np.ndarray
        np.testing.assert_array_equal(result, a @ b)


def test_more_labels_and_operands_than_numpy_has():
    vectors = [np.array([1.0, 2.0])] * 100
    assert einsumc.einsum(*[part for number, v in enumerate(vectors) for part in (v, [number])], []) == 3.0**100
    assert einsumc.einsum(",".join("i" * 100) + "->", *vectors) == 1.0 + 2.0**100


def test_labels_in_lists_sort_by_number():
    a = np.arange(6).reshape(2, 3)
    np.testing.assert_array_equal(einsumc.einsum(a, [100, 60]), a.T)
    np.testing.assert_array_equal(einsumc.einsum(a, [60, 100]), a)


def test_scalars():
    assert type(einsumc.einsum("i->", np.ones(3, "f4"))) is np.float32
    assert einsumc.einsum(",i->", 3, np.arange(4)) == 18
    assert einsumc.einsum("..., ...", 3, 4) == 12
    assert einsumc.einsum("", 2.5) == 2.5


def test_views():
    a = np.arange(27.0).reshape(3, 3, 3)
    for equation in ["ijk", "kij->ijk", "iij->ij", "iii->i", "i...i->...i", "...", "{a}bc->cb{a}", "αβγ->γβα"]:
        for _ in range(2):
            view = einsumc.einsum(equation, a)
            assert np.shares_memory(view, a) and view.flags.writeable, equation
    einsumc.einsum("iii->i", a)[...] = -1
    assert a[1, 1, 1] == -1
    a.flags.writeable = False
    assert not einsumc.einsum("kji", a).flags.writeable
    assert not np.shares_memory(einsumc.einsum("ijk->ij", a), a)


@pytest.mark.filterwarnings("ignore:the matrix subclass")
def test_out_is_returned():
    a, b, c = np.ones((2, 3)), np.ones((3, 4)), np.empty((2, 4))
    for _ in range(2):
        c[...] = np.nan
        assert einsumc.einsum("ij,jk", a, b, out=c) is c
        np.testing.assert_array_equal(c, 3)
    gaps = np.zeros((4, 8))[::2, ::-2]
    assert einsumc.einsum("ij,jk", a, b, out=gaps) is gaps
    np.testing.assert_array_equal(gaps.base.sum(), 24)
    zero = np.zeros(())
    assert einsumc.einsum("ij->", a, out=zero) is zero and zero == 6
    matrix = np.asmatrix(np.zeros((2, 4)))
    assert einsumc.einsum("ij,jk", a, b, out=matrix) is matrix and matrix[0, 0] == 3


def test_out_may_overlap_operands():
    a = np.arange(9).reshape(3, 3)
    b = np.arange(9).reshape(3, 3) + 1
    expected = a @ b
    for _ in range(2):
        c = b.copy()
        assert einsumc.einsum("ij,jk->ik", a, c, out=c) is c
        np.testing.assert_array_equal(c, expected)
    buffer = np.arange(12)
    expected = buffer[:9].reshape(3, 3) @ b
    einsumc.einsum("ij,jk->ik", buffer[:9].reshape(3, 3), b, out=buffer[3:].reshape(3, 3))
    np.testing.assert_array_equal(buffer[3:].reshape(3, 3), expected)


def test_out_of_another_type():
    i4, f8 = np.arange(4, dtype="i4"), np.arange(4.0) + 0.5
    assert einsumc.einsum("i,i->i", i4, i4, out=np.empty(4)).tolist() == [0, 1, 4, 9]
    with pytest.raises(TypeError, match="float64 to float32"):
        einsumc.einsum("i,i->i", f8, f8, out=np.empty(4, "f4"))
    out = np.empty(4, "f4")
    assert einsumc.einsum("i,i->i", f8, f8, out=out, casting="same_kind") is out
    np.testing.assert_array_equal(out, (f8 * f8).astype("f4"))
    out = np.empty(4, "i1")
    einsumc.einsum("i,i->i", f8, f8, out=out, casting="unsafe")
    assert out.tolist() == [0, 2, 6, 12]
    # Both types fit float32, their common type int32 does not.
    u2, i1, out = np.arange(4, dtype="u2"), np.arange(4, dtype="i1"), np.empty(4, "f2")
    einsumc.einsum("i,i->i", u2, i1, out=out, casting="unsafe")
    assert out.tolist() == [0, 1, 4, 9]
    swapped = np.empty(4, ">f8")
    einsumc.einsum("i,i->i", f8, f8, out=swapped)
    np.testing.assert_array_equal(swapped, f8 * f8)


def test_dtype():
    f4 = np.full(4, 0.1, "f4")
    result = einsumc.einsum("i,i->", f4, f4, dtype="f8")
    assert result.dtype == np.float64 and result == np.einsum("i,i->", f4, f4, dtype="f8")
    with pytest.raises(TypeError, match="operand 0 cannot be cast from float64 to int32"):
        einsumc.einsum("i,i->i", np.ones(2), np.ones(2), dtype="i4")
    result = einsumc.einsum("i,i->i", np.array([1.7, 2.2]), np.array([2, 3]), dtype="i4", casting="unsafe")
    assert result.dtype == np.int32 and result.tolist() == [2, 6]
    assert einsumc.einsum("i,i->", np.ones(2), np.ones(2), dtype=np.complex64, casting="same_kind") == 2
    assert einsumc.einsum("i,i->i", f4, f4, dtype=">f8").dtype == ">f8"
    with pytest.raises(TypeError):
        einsumc.einsum("i,i->i", f4, f4.astype(">f4"), casting="no")
    assert einsumc.einsum("i->", np.array([1, 200], "u1")) == 201
    assert einsumc.einsum("i->", np.array([100, 200], "u1")) == 44


def test_types_that_only_numpy_has():
    assert einsumc.einsum("i,i->", np.array([1, 2**70], object), np.array([3, 1], object)) == 3 + 2**70
    longs = np.array([1, 2], np.longdouble)
    assert einsumc.einsum("i,i->", longs, longs).dtype == np.longdouble
    assert einsumc.einsum("i->", np.arange(9, dtype=object), dtype="f4", casting="unsafe").dtype == np.float32


def test_unusual_memory():
    swapped = np.arange(4.0).astype(">f8")
    assert einsumc.einsum("i,i->", swapped, swapped) == 14
    unaligned = np.frombuffer(b"x" + np.arange(4.0).tobytes(), "u1")[1:].view("f8")
    assert not unaligned.flags.aligned
    assert einsumc.einsum("i,i->", unaligned, unaligned) == 14
    for types in [("c16", "f8"), ("c8", "f4")]:
        pairs = np.zeros(4, [("number", types[0]), ("other", types[1])])
        numbers = pairs["number"]
        numbers[:] = [1, 2j, 3, 4]
        for _ in range(2):  # aligned, and no whole number of elements apart
            assert einsumc.einsum("i,i->", numbers, numbers) == 22
            assert einsumc.einsum("i,i->i", numbers, numbers, out=numbers) is numbers and numbers.tolist() == [1, -4, 9, 16]
            numbers[:] = [1, 2j, 3, 4]
        assert pairs["other"].sum() == 0
    row = np.broadcast_to(np.arange(3.0), (4, 3))
    np.testing.assert_array_equal(einsumc.einsum("ij,ij->j", row, row), [0, 4, 16])


@pytest.mark.parametrize("error, call", [
    (ValueError, lambda e: e()),
    (ValueError, lambda e: e("")),
    (ValueError, lambda e: e("i,i", np.ones(2))),
    (ValueError, lambda e: e("ij,jk", np.ones((2, 3)), np.ones((4, 5)))),
    (ValueError, lambda e: e("ii->i", np.ones((1, 3)))),
    (ValueError, lambda e: e("ii->i", np.ones((2, 3)))),
    (ValueError, lambda e: e("i%", np.ones(2))),
    (ValueError, lambda e: e("i\tj", np.ones((2, 2)))),
    (ValueError, lambda e: e("i²", np.ones((2, 2)))),
    (ValueError, lambda e: e("i->ij", np.ones(2))),
    (ValueError, lambda e: e("i->ii", np.ones(2))),
    (ValueError, lambda e: e("ij->jij", np.ones((2, 2)))),
    (ValueError, lambda e: e("i->i->i", np.ones(2))),
    (ValueError, lambda e: e("i- >i", np.ones(2))),
    (ValueError, lambda e: e(". . .i", np.ones(2))),
    (ValueError, lambda e: e("i\0", np.ones(2))),
    (ValueError, lambda e: e("ij", np.ones(2))),
    (ValueError, lambda e: e("ij...", np.ones(1))),
    (ValueError, lambda e: e(np.ones(2), [-1])),
    (ValueError, lambda e: e(np.ones(2))),
    (TypeError, lambda e: e(0, 0)),
    (TypeError, lambda e: e(np.ones(2), [0.5])),
    (TypeError, lambda e: e(np.ones(2), ["a"])),
    (TypeError, lambda e: e(*(None,) * 63)),
    (TypeError, lambda e: e("i", np.ones(2), bad=1)),
    (TypeError, lambda e: e("i,i", np.array(["a"]), np.array(["b"]))),
    (TypeError, lambda e: e("i->", np.array(["2020"], "M8[D]"))),
    (TypeError, lambda e: e("i,i->i", np.ones(2), np.ones(2), out="text")),
    (TypeError, lambda e: e("i,i->i", np.ones(2), np.ones(2), out=[0, 0])),
    (TypeError, lambda e: e("i,i->i", np.ones(2), np.ones(2), dtype="bad_data_type")),
    (TypeError, lambda e: e("i,i->i", np.ones(2), np.ones(2), casting=None)),
    (TypeError, lambda e: e("i,i->i", np.ones(2), np.ones(2), optimize=3)),
    (KeyError, lambda e: e("i,i,i->", np.ones(2), np.ones(2), np.ones(2), optimize="bogus")),
    (ValueError, lambda e: e("i,i->i", np.ones(2), np.ones(2), casting="blah")),
    (ValueError, lambda e: e("i,i->i", np.ones(2), np.ones(2), order="W")),
    (ValueError, lambda e: e("i,i->i", np.ones(2), np.ones(2), out=np.ones(3))),
    (ValueError, lambda e: e("i,i->i", np.ones(2), np.ones(2), out=np.ones((2, 2)))),
    (ValueError, lambda e: e("i,i->i", np.ones(2), np.ones(2), out=np.broadcast_to(1.0, 2))),
])
def test_errors_are_numpys(error, call):
    for _ in range(2):
        with pytest.raises(error) as caught:
            call(einsumc.einsum)
        assert str(caught.value)


def test_errors_point_at_the_place():
    with pytest.raises(einsumc.EinsumError) as caught:
        einsumc.einsum("ij,jk->ik", np.ones((4, 4)), np.ones((5, 4)))
    assert caught.value.code == "extent-mismatch"
    lines = str(caught.value).splitlines()
    assert lines[1].strip() == "ij,jk->ik" and lines[2].strip() == "^"


def test_failed_calls_leave_out_alone():
    out = np.full((2, 2), 7.0)
    for call in [
        lambda: einsumc.einsum("ij,jk->ik", np.ones((2, 3)), np.ones((2, 2)), out=out),
        lambda: einsumc.einsum("ij,jk->ik", np.ones((2, 2), complex), np.ones((2, 2)), out=out),
    ]:
        with pytest.raises((ValueError, TypeError)):
            call()
        np.testing.assert_array_equal(out, 7)


def test_infinities_come_through():
    a, b = np.array([[0.0, np.inf], [1, 2]]), np.array([[np.nan, 0], [0, 1]])
    np.testing.assert_array_equal(einsumc.einsum("ij,jk->ik", a, b), np.einsum("ij,jk->ik", a, b))


def test_signature():
    signature = inspect.signature(einsumc.einsum)
    defaults = {name: parameter.default for name, parameter in signature.parameters.items()}
    assert defaults["order"] == "K" and defaults["casting"] == "safe" and defaults["optimize"] is True
    assert "ij,jk->ik" in einsumc.einsum.__doc__
