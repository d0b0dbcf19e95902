"""torch tensors in, torch tensors out; those that einsumc cannot compute with are refused by name."""

import einsumc
import numpy as np
import pytest

torch = pytest.importorskip("torch")


@pytest.mark.parametrize("name", [
    "bool", "uint8", "int8", "int16", "int32", "int64", "float16", "bfloat16", "float32", "float64", "complex64",
    "complex128"])
def test_types(name):
    dtype = getattr(torch, name)
    a, b = torch.arange(6).reshape(2, 3).to(dtype), torch.arange(12).reshape(3, 4).to(dtype)
    result = einsumc.einsum("ij,jk->ik", a, b)
    assert isinstance(result, torch.Tensor) and result.dtype == dtype and result.shape == (2, 4)
    expected = a.to(torch.complex128) @ b.to(torch.complex128)
    assert torch.equal(result.to(torch.complex128), expected.to(dtype).to(torch.complex128) if name == "bool" else expected)


def test_strides_and_forms():
    a, b = torch.randn(4, 5).t(), torch.randn(8, 3)[::2]
    expected = a @ b
    for result in [einsumc.einsum("ij,jk", a, b), einsumc.einsum(a, [0, 1], b, [1, 2]),
                   einsumc.tensordot(a, b, axes=1), einsumc.compile("ij,jk->ik", (5, 4), (4, 3))(a, b)]:
        torch.testing.assert_close(result, expected)
    assert einsumc.einsum("ij->", a).shape == ()
    assert isinstance(einsumc.einsum("ij,jk", a, b.numpy()), torch.Tensor)


def test_views():
    a = torch.arange(27.0).reshape(3, 3, 3)[:, 1:]
    for equation, expected in [("ijk->kji", a.permute(2, 1, 0)), ("iji->ij", a.diagonal(0, 0, 2).t()), ("...", a)]:
        view = einsumc.einsum(equation, a)
        assert torch.equal(view, expected) and view.untyped_storage().data_ptr() == a.untyped_storage().data_ptr()
    assert torch.equal(einsumc.transpose(a), a.permute(2, 1, 0))


def test_out():
    a, b, out = torch.ones(2, 3), torch.ones(3, 4), torch.zeros(4, 2).t()
    assert einsumc.einsum("ij,jk", a, b, out=out) is out and (out == 3).all()
    double = torch.zeros(2, 4, dtype=torch.float64)
    assert einsumc.einsum("ij,jk", a, b, out=double) is double and (double == 3).all()
    square = torch.arange(4.0).reshape(2, 2)
    expected = square @ square
    assert torch.equal(einsumc.einsum("ij,jk", square, square, out=square), expected)


def test_lazy_conjugates_and_negatives():
    a = torch.randn(3, 4, dtype=torch.complex64)
    torch.testing.assert_close(einsumc.einsum("ij,kj->ik", a.conj(), a), torch.einsum("ij,kj->ik", a.conj(), a))
    torch.testing.assert_close(einsumc.einsum("ij->i", a.conj().imag), a.conj().imag.sum(1))


@pytest.mark.parametrize("tensor, reason", [
    (lambda: torch.ones(2, requires_grad=True), "requires a gradient"),
    (lambda: torch.ones(2, device="meta"), "device 'meta'"),
    (lambda: torch.ones(2).to_sparse(), "sparse"),
    (lambda: torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.quint8), "quantised"),
])
@pytest.mark.filterwarnings("ignore:torch.quantize_per_tensor")
def test_refused_tensors(tensor, reason):
    for call in [
        lambda: einsumc.einsum("i,i->", torch.ones(2), tensor()),
        lambda: einsumc.einsum("i->i", tensor()),
        lambda: einsumc.einsum("i,i->i", torch.ones(2), torch.ones(2), out=tensor()),
        lambda: einsumc.compile("i->", (2,))(tensor()),
    ]:
        with pytest.raises(TypeError, match=reason):
            call()


def test_no_grad():
    a = torch.ones(2, requires_grad=True)
    with torch.no_grad():
        assert einsumc.einsum("i,i->", a, a) == 2
    assert einsumc.einsum("i,i->", a.detach(), a.detach()) == 2


def test_opt_einsum():
    opt_einsum = pytest.importorskip("opt_einsum")
    operands = [torch.randn(3, 4), torch.randn(4, 5), torch.randn(5, 6)]
    result = opt_einsum.contract("ij,jk,kl->li", *operands, backend="einsumc")
    assert isinstance(result, torch.Tensor)
    torch.testing.assert_close(result, torch.einsum("ij,jk,kl->li", *operands))


def test_numpy_out_for_tensors():
    out = np.zeros(2)
    assert einsumc.einsum("ij->i", torch.ones(2, 3, dtype=torch.float64), out=out) is out and (out == 3).all()
