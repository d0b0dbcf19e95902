"""Kernels: einsumc.compile, and what can be asked of them."""

import html

import einsumc
import numpy as np
import pytest


def test_calls():
    a, b = np.arange(6.0).reshape(2, 3), np.arange(12.0).reshape(3, 4)
    kernel = einsumc.compile("ij,jk->ik", a, b)
    np.testing.assert_array_equal(kernel(a, b), a @ b)
    out = np.full((2, 4), np.nan)
    assert kernel(a, b, out=out) is out
    np.testing.assert_array_equal(out, a @ b)
    assert kernel(a, b, out=None).shape == (2, 4)


def test_operands_of_other_types_and_strides():
    kernel = einsumc.compile("ij,jk->ik", (2, 3), (3, 4))
    a, b = np.arange(6).reshape(2, 3), np.arange(12).reshape(3, 4)
    for x, y in [(a, b), (a.astype("f4"), b.astype("f4")), (np.asfortranarray(a * 1.0), (b * 1.0)[::-1]), (a.tolist(), b)]:
        np.testing.assert_array_equal(kernel(x, y), np.asarray(x) @ np.asarray(y))
    assert kernel(a, b).dtype == np.int64
    out = np.zeros((4, 2)).T
    assert kernel(a * 1.0, b * 1.0, out=out) is out
    np.testing.assert_array_equal(out, a @ b)
    with pytest.raises(TypeError):
        kernel(a * 1.0, b * 1.0, out=np.zeros((2, 4), int))


def test_shapes_are_of_any_integers():
    kernel = einsumc.compile("ij,jk->ik", (np.int64(2), 3), np.array([3, 4]).tolist())
    assert kernel.operand_shapes == ((2, 3), (3, 4))


def test_wrong_calls():
    kernel = einsumc.compile("ij,jk->ik", (2, 3), (3, 4))
    a, b = np.ones((2, 3)), np.ones((3, 4))
    with pytest.raises(TypeError, match="takes 2 operands, not 1"):
        kernel(a)
    with pytest.raises(ValueError, match=r"operand 1 has the shape \(3, 5\)"):
        kernel(a, np.ones((3, 5)))
    with pytest.raises(TypeError, match="'into'"):
        kernel(a, b, into=a)
    with pytest.raises(ValueError):
        kernel(a, b, out=np.ones((2, 5)))
    readonly = np.ones((2, 4))
    readonly.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        kernel(a, b, out=readonly)
    assert readonly[0, 0] == 1


def test_properties():
    kernel = einsumc.compile("bij,bjk->bik", (5, 2, 3), (5, 3, 4), dtype="float32")
    assert kernel.equation == "bij,bjk->bik" and kernel.type == "float32" and kernel.shape == (5, 2, 4)
    assert kernel.strides == (32, 16, 4) and kernel.operand_shapes == ((5, 2, 3), (5, 3, 4))
    assert kernel.flop == 2 * 5 * 2 * 3 * 4 and isinstance(kernel.flop, int)
    assert kernel.bytes == 4 * (30 + 60 + 40) and kernel.workspace_size >= 0
    assert kernel.path == [(0, 1)]
    assert "es_driver" in kernel.c_source
    assert "bij,bjk->bik" in repr(kernel)


def test_explanations():
    kernel = einsumc.compile("ij,jk,kl->il", (8, 9), (9, 10), (10, 11))
    everything = kernel.explain("all")
    for stage in ["equation", "contraction", "plan", "loops", "c"]:
        assert kernel.explain(stage).strip() in everything
    assert f"{kernel.flop} flop" in kernel.explain() == kernel.explain(None)
    with pytest.raises(ValueError, match="stages are"):
        kernel.explain("nonsense")
    explanation = einsumc.explain("ij,jk,kl->il", (8, 9), (9, 10), (10, 11))
    assert isinstance(explanation, str) and explanation == kernel.explain()
    assert einsumc.explain("ij,jk,kl->il", (8, 9), (9, 10), (10, 11), stage="plan") == kernel.explain("plan")
    page = kernel.explain("html")
    assert page.startswith("<!doctype html>") and html.escape(kernel.explain("plan"), quote=False) in page
    frame = f'<iframe srcdoc="{html.escape(page)}"'
    assert kernel._repr_html_().startswith(frame) and explanation._repr_html_().startswith(frame)


def test_all_of_the_notation():
    assert einsumc.compile("i->ii", (3,))(np.arange(3.0)).tolist() == np.diag(np.arange(3.0)).tolist()
    kernel = einsumc.compile("{batch}i,ij->{batch}j", (2, 3), (3, 4))
    assert kernel(np.ones((2, 3)), np.ones((3, 4))).tolist() == [[3] * 4] * 2
    # Other strides take another way, and the same notation.
    assert einsumc.compile("i->ii", (3,))(np.arange(6.0)[::2]).diagonal().tolist() == [0, 2, 4]


def test_options():
    i1 = np.full(100, 100, "i1")
    kernel = einsumc.compile("i,i->", i1, i1, accumulate="int64")
    assert kernel(i1, i1) == 1000000 and kernel.accumulate == "int64"
    assert kernel(i1[::-1], i1) == 1000000
    assert einsumc.compile("i->", (4,), threads=1).threads == 1
    for threads in (0, -1, 1.5):
        with pytest.raises(ValueError):
            einsumc.compile("i->", (4,), threads=threads)


@pytest.mark.parametrize("error, arguments", [
    (ValueError, ("ij,jk", (2, 3), (4, 5))),
    (ValueError, ("ij", (2, -3))),
    (ValueError, ("i,i", (2,))),
    (TypeError, (3, (2,))),
    (TypeError, ("i", "text")),
    (ValueError, ("ijk", (2**40, 2**40, 2**40))),
])
def test_wrong_compilations(error, arguments):
    with pytest.raises(error):
        einsumc.compile(*arguments)


def test_wrong_types():
    with pytest.raises(TypeError):
        einsumc.compile("i", (2,), dtype="bad_data_type")
    with pytest.raises(TypeError):
        einsumc.compile("i", (2,), dtype=object)
