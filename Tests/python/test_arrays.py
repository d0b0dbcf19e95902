"""Arrays of other libraries than numpy: buffers, DLPack, jax."""

import array
import ctypes
import gc
import os
import struct
import subprocess
import sys

import einsumc
import numpy as np
import pytest
from einsumc import _core


def test_memoryviews_and_arrays():
    values = array.array("d", range(6))
    view = memoryview(values).cast("B").cast("d", (2, 3))
    np.testing.assert_array_equal(einsumc.einsum("ij->i", view), [3, 12])
    assert einsumc.einsum("i->", values) == 15
    out = array.array("d", [0, 0])
    assert einsumc.einsum("ij->i", view, out=out) is out and out.tolist() == [3, 12]
    with pytest.raises(ValueError, match="read-only"):
        einsumc.einsum("i,i->i", memoryview(b"12"), memoryview(b"12"), out=memoryview(b"12"))


def test_buffers_are_read_without_copies():
    values = array.array("i", range(4))
    operand = _core.Operand(values)
    assert operand.address == values.buffer_info()[0] and operand.type == "int32" and not operand.readonly
    with pytest.raises(BufferError):
        values.append(1)  # held
    del operand
    values.append(1)


@pytest.mark.parametrize("name", ["?", "b", "B", "h", "H", "i", "I", "l", "L", "q", "Q", "e", "f", "d", "F", "D"])
def test_formats(name):
    a = np.arange(3).astype(name)
    operand = _core.Operand(memoryview(a))
    assert operand.type == a.dtype.name and operand.shape == (3,) and operand.strides == a.strides


def test_refused_buffers():
    for bad in [memoryview(np.zeros(2, ">f8")), memoryview(np.zeros(2, "i4,f4")), memoryview(np.zeros(2, "g"))]:
        with pytest.raises(TypeError, match="no element type"):
            _core.Operand(bad)


class OnlyDLPack:
    """An array that has nothing but DLPack, of version 0 or 1."""

    def __init__(self, array, versioned):
        self.array, self.versioned = array, versioned

    @property
    def shape(self):
        return self.array.shape

    @property
    def ndim(self):
        return self.array.ndim

    def __dlpack__(self, **keywords):
        if not self.versioned:
            if keywords:
                raise TypeError("unexpected keyword")
            return self.array.__dlpack__()
        return self.array.__dlpack__(**keywords)


@pytest.mark.parametrize("versioned", [False, True])
def test_dlpack(versioned):
    a = np.arange(12.0).reshape(3, 4)[:, ::-2]
    operand = _core.Operand(OnlyDLPack(a, versioned))
    assert operand.address == a.__array_interface__["data"][0]
    assert operand.strides == a.strides and operand.shape == a.shape
    references = sys.getrefcount(a)
    np.testing.assert_array_equal(einsumc.einsum("ij,kj->ik", OnlyDLPack(a, versioned), a), a @ a.T)
    gc.collect()
    assert sys.getrefcount(a) == references
    del operand
    assert sys.getrefcount(a) == references - 1


class Liar:
    """A producer of DLPack tensors with something wrong in them."""

    def __init__(self, change):
        self.memory = (ctypes.c_double * 6)(*range(6))
        self.shape_array = (ctypes.c_int64 * 2)(2, 3)
        self.deleted = 0
        self.deleter = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(self.delete)
        tensor = (ctypes.addressof(self.memory), 1, 0, 2, 2, 64, 1, ctypes.addressof(self.shape_array), 0, 0)
        names = ["data", "device", "device_number", "rank", "code", "bits", "lanes", "shape", "strides", "offset"]
        fields = {**dict(zip(names, tensor)), **change}
        deleter = ctypes.cast(self.deleter, ctypes.c_void_p).value
        packed = struct.pack("PiiiBBHPPQPP", *(fields[name] for name in names), 0, deleter)
        self.tensor = ctypes.create_string_buffer(packed)

    def delete(self, _):
        self.deleted += 1

    shape, ndim = (2, 3), 2

    def __dlpack__(self):
        make = ctypes.pythonapi.PyCapsule_New
        make.restype, make.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
        return make(ctypes.addressof(self.tensor), b"dltensor", None)


@pytest.mark.parametrize("change", [
    {"rank": -1}, {"rank": 3, "shape": 0}, {"data": 0}, {"lanes": 2}, {"bits": 12}, {"code": 77}, {"device": 2}, {"offset": 1}])
def test_wrong_dlpack_tensors(change):
    liar = Liar(change)
    with pytest.raises((TypeError, ValueError)):
        einsumc.einsum("ij->i", liar)
    assert liar.deleted == 1
    liar = Liar({})
    assert einsumc.einsum("ij->i", liar).tolist() == [3, 12] and liar.deleted == 1


def test_jax():
    jax = pytest.importorskip("jax")
    a = jax.numpy.arange(6.0).reshape(2, 3)
    result = einsumc.einsum("ij,kj->ik", a, a)
    assert isinstance(result, np.ndarray) and result.dtype == np.float32
    np.testing.assert_array_equal(result, np.asarray(a) @ np.asarray(a).T)
    assert _core.Operand(a).address == a.unsafe_buffer_pointer()
    with pytest.raises((TypeError, ValueError)):
        einsumc.einsum("ij,kj->ik", a, a, out=jax.numpy.zeros((2, 2)))
    half = a.astype(jax.numpy.bfloat16)
    assert einsumc.einsum("ij,kj->ik", half, half).dtype.name == "bfloat16"


WITHOUT_NUMPY = """
import sys
sys.modules["numpy"] = None
import array, einsumc
a = memoryview(array.array("d", range(6))).cast("B").cast("d", (2, 3))
for _ in range(2):
    c = einsumc.einsum("ij,kj->ik", a, a)
assert c.tolist() == [[5, 14], [14, 50]] and c.format == "d", c.tolist()
assert einsumc.einsum("ij->", a).tolist() == 15
assert einsumc.einsum("ij->ji", a).tolist() == [[0, 3], [1, 4], [2, 5]]
assert einsumc.einsum(a, [0, 1], [0]).tolist() == [3, 12]
out = array.array("d", [0, 0])
assert einsumc.einsum("ij->i", a, out=out) is out and out.tolist() == [3, 12]
kernel = einsumc.compile("ij,kj->ik", (2, 3), (2, 3))
assert kernel(a, a).tolist() == [[5, 14], [14, 50]]
assert einsumc.einsum("ij->i", a, dtype=complex).format == "Zd"
i = memoryview(array.array("b", [100, 100]))
assert einsumc.einsum("i->", i, dtype="int32").tolist() == 200
assert einsumc.einsum_path("ij,kj->ik", a, a)[0] == ["einsum_path", (0, 1)]
assert einsumc.tensordot(a, memoryview(a), axes=([1], [1])).tolist() == [[5, 14], [14, 50]]
for bad in ([1, 2], 3, "x"):
    try:
        einsumc.einsum("i->", bad)
    except TypeError:
        continue
    raise AssertionError(bad)
try:
    einsumc.einsum("ij,jk->ik", a, a)
except ValueError as error:
    assert "extent" in str(error)
print("done")
"""


def test_without_numpy():
    done = subprocess.run([sys.executable, "-c", WITHOUT_NUMPY], capture_output=True, text=True, env=os.environ)
    assert done.stdout.strip() == "done", done.stderr
