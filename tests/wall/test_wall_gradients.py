"""Gradients through a call, in either direction."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from other_side import student
from torch.autograd import grad, gradcheck, gradgradcheck

from autograde import check

MATHS = """
import torch
import torch.nn.functional as F

def attention(q, k, v): return (q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5).softmax(-1) @ v
def halves(x): return x[..., : x.shape[-1] // 2], x[..., x.shape[-1] // 2 :].exp()
def scale_(x): x.mul_(3); return x
def scale_row_(x): x[0].mul_(3)
def detached(x): return (x.detach() * 2)
def ignores(x, y): return x * 2
def view(x): return x.t()
def mixed(x, index): return x[index], index + 1
def complex_(x): return torch.view_as_complex(x).abs()
def loss_of(w, x, y): return F.mse_loss(x @ w, y)
def accumulated_grad(w, bundles):
    total = sum(len(x) for x, _ in bundles)
    before, w.grad = w.grad, None
    for x, y in bundles: (F.mse_loss(x @ w, y) * len(x) / total).backward()
    found, w.grad = w.grad, before
    return found
def bundle_grad(w, bundles):
    total = sum(len(x) for x, _ in bundles)
    loss = sum(F.mse_loss(x @ w, y) * len(x) / total for x, y in bundles)
    return torch.autograd.grad(loss, w)[0]
def penalty(x):
    x = x.detach().requires_grad_()
    g, = torch.autograd.grad((x ** 3).sum(), x, create_graph=True)
    return g
class Double(torch.autograd.Function):
    seen = None
    @staticmethod
    def forward(ctx, x, factor): ctx.save_for_backward(x, factor); return x * factor
    @staticmethod
    def backward(ctx, g):
        Double.seen = ctx.needs_input_grad
        x, factor = ctx.saved_tensors
        return g * factor, None
def custom(x, factor): return Double.apply(x, factor)
def seen(): return Double.seen
def wrong_shape_grad(x):
    class Bad(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x): return x * 2
        @staticmethod
        def backward(ctx, g): raise ValueError("no backward here")
    return Bad.apply(x)
w = torch.ones(3, requires_grad=True)
def with_w(x): return (w * x).sum()
kept = []
def keep(h): kept.append(h); return h * 2
def from_kept(): return sum(h.sum() for h in kept)
def make_leaf(): return torch.ones(2, requires_grad=True)
def leaf_and_loss():
    p = torch.full((2,), 3.0, requires_grad=True)
    return p, (p ** 2).sum()
def grad_of(f, x):
    x = x.detach().requires_grad_()
    f(x).backward()
    return x.grad
def through(f, x): return f(x * 2) + f(x)
def central(f, x, h=1e-5):
    x = x.double()
    out = torch.zeros_like(x)
    for i in range(x.numel()):
        up, down = x.clone(), x.clone()
        up.view(-1)[i] += h; down.view(-1)[i] -= h
        out.view(-1)[i] = (f(up) - f(down)) / (2 * h)
    return out
"""


@pytest.fixture(scope="module")
def wall():
    with student(MATHS) as wall:
        yield wall


def qkv(requires_grad=True):
    torch.manual_seed(0)
    return [torch.randn(1, 2, 3, dtype=torch.float64, requires_grad=requires_grad) for _ in range(3)]


def test_backward_gives_what_it_gives_in_a_kernel(wall):
    q, k, v = qkv()
    right = grad(F.scaled_dot_product_attention(q, k, v).pow(2).sum(), [q, k, v])
    wall.get("attention")(q, k, v).pow(2).sum().backward()
    for x, g in zip((q, k, v), right, strict=True):
        torch.testing.assert_close(x.grad, g)


def test_gradcheck_and_second_derivatives(wall):
    q, k, v = qkv()
    assert gradcheck(wall.get("attention"), (q, k, v))
    assert gradgradcheck(wall.get("attention"), (q, k, v))
    assert gradcheck(wall.get("halves"), (q,))


def test_the_checks_of_gradients_take_a_proxy(wall):
    inputs = qkv(requires_grad=False)
    check.gradients(wall.get("attention"), inputs, F.scaled_dot_product_attention)
    check.gradients(wall.get("attention"), inputs)
    with pytest.raises(check.CheckFailed, match="no gradient can flow back through your answer"):
        check.gradients(wall.get("detached"), inputs[:1])
    with pytest.raises(check.CheckFailed, match="your gradient for k"):
        check.gradients(wall.get("attention"), inputs, lambda q, k, v: F.scaled_dot_product_attention(q, k.detach(), v))


def test_reaches_names_what_is_not_reached(wall):
    x, y = torch.ones(2, requires_grad=True), torch.ones(2, requires_grad=True)
    loss = wall.get("ignores")(x, y).sum()
    check.reaches(loss, {"x": x})
    with pytest.raises(check.CheckFailed, match="none reaches y"):
        check.reaches(loss, {"x": x, "y": y})
    with pytest.raises(RuntimeError, match="not have been used in the graph"):
        grad(wall.get("ignores")(x, y).sum(), [y])
    assert grad(wall.get("ignores")(x, y).sum(), [y], allow_unused=True) == (None,)


def test_a_graph_is_used_once_or_kept(wall):
    x = torch.ones(3, requires_grad=True)
    out = wall.get("attention")(*[x.view(1, 1, 3)] * 3).pow(2).sum()
    out.backward(retain_graph=True)
    first = x.grad.clone()
    out.backward()
    torch.testing.assert_close(x.grad, 2 * first)
    with pytest.raises(RuntimeError, match="second time"):
        out.backward()


def test_two_results_of_one_call_have_their_own_gradients(wall):
    x = torch.randn(4, requires_grad=True)
    a, b = wall.get("halves")(x)
    b.sum().backward()
    assert x.grad[:2].tolist() == [0.0, 0.0] and bool((x.grad[2:] > 0).all())
    a.sum().backward()
    assert x.grad[:2].tolist() == [1.0, 1.0]


def test_a_view_and_a_change_in_place_keep_their_gradients(wall):
    x = torch.randn(2, 3, requires_grad=True)
    y = wall.get("view")(x)
    check.shares_storage(y, x)
    (y * torch.arange(6.0).view(3, 2)).sum().backward()
    assert x.grad.tolist() == [[0.0, 2.0, 4.0], [1.0, 3.0, 5.0]]
    x.grad = None
    z = x * 2
    assert wall.get("scale_")(z) is z
    wall.get("scale_row_")(z)
    z.sum().backward()
    assert x.grad.tolist() == [[18.0] * 3, [6.0] * 3]


def test_a_leaf_that_requires_grad_cannot_be_written_to(wall):
    with pytest.raises(RuntimeError, match="leaf Variable that requires grad is being used in an in-place operation"):
        wall.get("scale_")(torch.ones(2, requires_grad=True))


def test_whole_numbers_and_complex_ones_pass(wall):
    x = torch.randn(4, requires_grad=True)
    picked, index = wall.get("mixed")(x, torch.tensor([1, 3]))
    assert index.tolist() == [2, 4] and not index.requires_grad
    picked.sum().backward()
    assert x.grad.tolist() == [0.0, 1.0, 0.0, 1.0]
    assert gradcheck(wall.get("complex_"), (torch.randn(3, 2, dtype=torch.float64, requires_grad=True),))


def test_bundles_with_a_grad_that_is_there_already(wall):
    x, y = torch.randn(6, 3), torch.randn(6)
    w = torch.ones(3, requires_grad=True)
    right = grad(F.mse_loss(x @ w, y), w)[0]
    w.grad = torch.full((3,), 9.0)
    bundles = [(x[:2], y[:2]), (x[2:], y[2:])]
    for name in ("bundle_grad", "accumulated_grad"):
        check.gradient(wall.get(name)(w, bundles), right)
        assert w.grad.tolist() == [9.0] * 3
    loss = wall.get("loss_of")(w, x, y)
    loss.backward()
    torch.testing.assert_close(w.grad, right + 9.0)


def test_a_function_of_the_students_sees_which_inputs_need_a_gradient(wall):
    x, factor = torch.ones(2, requires_grad=True), torch.full((2,), 3.0)
    wall.get("custom")(x, factor).sum().backward()
    assert x.grad.tolist() == [3.0, 3.0] and wall.get("seen")() == (True, False)
    x.grad, factor = None, factor.clone().requires_grad_()
    wall.get("custom")(x * 1, factor).sum().backward()
    assert wall.get("seen")() == (True, True) and factor.grad is None and x.grad.tolist() == [3.0, 3.0]


def test_an_error_in_the_students_backward_is_the_students(wall):
    out = wall.get("wrong_shape_grad")(torch.ones(2, requires_grad=True))
    with pytest.raises(ValueError, match="no backward here"):
        out.sum().backward()


def test_tensors_of_the_students_own_get_their_gradients(wall):
    w = wall.get("w")
    wall.get("with_w")(torch.tensor([1.0, 2.0, 3.0])).backward()
    assert w.grad.tolist() == [1.0, 2.0, 3.0]
    with torch.no_grad():
        w -= w.grad
    assert wall.get("with_w")(torch.ones(3)).item() == -3.0
    p, loss = wall.get("leaf_and_loss")()
    loss.backward()
    assert p.is_leaf and p.grad.tolist() == [6.0, 6.0]


def test_what_the_student_keeps_stays_connected(wall):
    a = torch.ones(2, requires_grad=True)
    b = a * 5
    wall.get("keep")(a)
    wall.get("keep")(b)
    wall.get("from_kept")().backward()
    assert a.grad.tolist() == [6.0, 6.0]


def test_gradients_flow_through_a_function_of_the_judges(wall):
    weight = torch.tensor(4.0, requires_grad=True)
    x = torch.tensor([1.0, 2.0])
    assert wall.get("grad_of")(lambda t: (t**2).sum(), x).tolist() == [2.0, 4.0]
    y = x.clone().requires_grad_()
    wall.get("through")(lambda t: (t**2 * weight).sum(), y).backward()
    torch.testing.assert_close(y.grad, 4.0 * 10 * x)
    assert weight.grad.item() == 25.0
    z = torch.randn(2, dtype=torch.float64, requires_grad=True)
    assert gradcheck(lambda t: wall.get("through")(lambda u: u.sin() * u, t), (z,))
    assert gradgradcheck(lambda t: wall.get("through")(lambda u: u.sin() * u, t), (z,))


def test_central_differences_of_a_function_of_the_judges(wall):
    point = torch.tensor([2.0, 5.0])
    with check.unchanged(point):
        got = wall.get("central")(lambda x: x[0] ** 2 + 3 * x[1], point, 0.1)
    check.close(got, torch.tensor([4.0, 3.0], dtype=torch.float64), rtol=1e-6)


def test_a_graph_is_let_go_of_on_both_sides(wall):
    x = torch.ones(3, requires_grad=True)
    for _ in range(20):
        wall.get("attention")(*[x.view(1, 1, 3)] * 3)
    wall.get("ignores")(1, 2)
    assert len(wall.graphs) == 0
    count = "import gc\ndef alive(): return sum(isinstance(o, torch.Tensor) for o in gc.get_objects())"
    with student(MATHS + count) as w:
        alive = w.get("alive")()
        for _ in range(50):
            w.get("attention")(*[torch.randn(1, 1, 3, requires_grad=True)] * 3).sum().backward()
        assert w.get("alive")() <= alive + 8
