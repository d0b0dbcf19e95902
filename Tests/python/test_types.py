"""Element types follow numpy's rules, and the library's own."""

import itertools

import numpy as np
import pytest
from einsumc import _core
from einsumc._types import CASTINGS, TYPES, can_cast, name_of, promoted

NUMPYS = [name for name in TYPES if name != "bfloat16"]


def test_promotion_is_numpys():
    for count in (1, 2, 3):
        for names in itertools.product(NUMPYS, repeat=count):
            assert promoted(names) == np.result_type(*map(np.dtype, names)).name, names


def test_promotion_is_the_librarys():
    for names in itertools.product(TYPES, ["bfloat16"]):
        kernel = _core.compile(",->", [(name, ()) for name in names])
        assert kernel.type == promoted(names) == promoted(names[::-1]), names


def test_casting_is_numpys():
    for casting, source, target in itertools.product(CASTINGS, NUMPYS, NUMPYS):
        expected = np.can_cast(np.dtype(source), np.dtype(target), casting)
        assert can_cast(source, target, casting) == expected, (casting, source, target)


def test_names():
    assert name_of("f4") == name_of(np.float32) == name_of(np.dtype(">f4")) == "float32"
    assert name_of(float) == "float64" and name_of("?") == "bool"
    assert name_of(np.longdouble) is None and name_of(object) is None
    with pytest.raises(TypeError):
        name_of("bad")


def test_bfloat16():
    ml_dtypes = pytest.importorskip("ml_dtypes")
    import einsumc

    a = np.arange(6).reshape(2, 3).astype(ml_dtypes.bfloat16)
    for _ in range(2):
        result = einsumc.einsum("ij,kj->ik", a, a)
        assert result.dtype == ml_dtypes.bfloat16
        np.testing.assert_array_equal(result.astype("f4"), a.astype("f4") @ a.astype("f4").T)
    assert einsumc.einsum("ij->", a, dtype="f4") == 15
