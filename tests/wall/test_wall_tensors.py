"""Tensors cross with dtype, shape, stride, offset and flags; what shares storage shares it; nothing else goes along."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from wire_samples import alike, alike_tensors, bits, crossed, frozen, refuse, tensors, thawed

from autograde.wall.storages import KEPT
from autograde.wall.tensors import DTYPES
from autograde.wall.wire import Mark, Packer, Unpacker, Unsendable, WireError, WireLimits


def name(tensor: torch.Tensor) -> str:
    return f"{tensor.dtype}-{tuple(tensor.shape)}".removeprefix("torch.")


@pytest.mark.parametrize("tensor", tensors(), ids=name)
def test_a_tensor_of_each_sort_arrives_as_it_was(tensor: torch.Tensor) -> None:
    assert alike_tensors(crossed(tensor), tensor)


def test_the_comparison_used_here_sees_every_difference() -> None:
    x = torch.tensor([0.0, 1.0])
    other = [
        -x,
        x.double(),
        x.view(2, 1),
        x.clone().requires_grad_(),
        torch.nn.Parameter(x),
        x.to("meta"),
        x.to_sparse(),
    ]
    assert not any(alike_tensors(x, y) for y in [*other, torch.empty(4)[::2].copy_(x)])


@pytest.mark.parametrize("dtype", DTYPES)
def test_every_byte_pattern_of_every_dtype_arrives(dtype: str) -> None:
    source = torch.arange(256, dtype=torch.int16).to(torch.uint8).repeat(16)
    raw = (source & 1) if dtype == "bool" else source[torch.randperm(4096, generator=torch.Generator().manual_seed(1))]
    tensor = raw.view(DTYPES[dtype])
    assert bits(crossed(tensor)) == bits(tensor) and crossed(tensor).dtype == DTYPES[dtype]


def test_views_of_one_storage_share_it_on_the_other_side() -> None:
    x = torch.arange(12.0).reshape(3, 4)
    y, transposed, row, number, raw = crossed([x, x.T, x[1], x[2, 3], x.view(torch.int32)])
    y[1, 2] = 99.0
    assert transposed[2, 1] == 99.0 and row[2] == 99.0 and raw[1, 2] == torch.tensor(99.0).view(torch.int32)
    assert number.data_ptr() == y.data_ptr() + 11 * 4


def test_tensors_with_storages_of_their_own_keep_them() -> None:
    first, second = crossed([torch.zeros(3), torch.zeros(3)])
    first += 1
    assert second.sum() == 0


def test_one_tensor_in_two_places_is_one_tensor_and_numbered_once() -> None:
    x = torch.ones(2)
    packer = Packer(refuse)
    node = packer.pack([x, {"again": x}, x.view(2)])
    unpacker = Unpacker([memoryview(bytearray(b)) for b in packer.buffers], lambda node: node)
    a, b, c = unpacker.unpack(node)
    assert a is b["again"] and c is not a and c.data_ptr() == a.data_ptr()
    assert packer.tensors[0] is x and len(packer.tensors) == 2
    assert unpacker.tensors[0] is a and unpacker.tensors[1] is c


def test_a_storage_is_sent_once_however_many_tensors_are_on_it() -> None:
    x = torch.randn(1000)
    _, buffers = frozen([x, x.view(10, 100), x[5:], x.T])
    assert [len(buffer) for buffer in buffers] == [4000]


def test_of_a_large_storage_only_the_part_in_use_is_sent() -> None:
    data = torch.arange(1_000_000.0)
    _, buffers = frozen([data[5000:5010], data[5020:5030]])
    assert [len(buffer) for buffer in buffers] == [30 * 4]
    first, second = crossed([data[5000:5010], data[5020:5030]])
    assert first.tolist() == data[5000:5010].tolist() and second[9] == 5029.0
    assert second.data_ptr() - first.data_ptr() == 80 and first.untyped_storage().nbytes() == 120


def test_a_small_storage_keeps_its_size_and_its_offsets_though_only_the_part_in_use_is_sent() -> None:
    x = torch.arange(100.0)[10:20]
    _, buffers = frozen(x)
    y = crossed(x)
    assert len(buffers[0]) == 40
    assert y.storage_offset() == 10 and y.untyped_storage().nbytes() == 400


@pytest.mark.parametrize("rows", [100, KEPT])
def test_what_lies_between_and_beside_the_elements_of_a_view_never_leaves(rows: int) -> None:
    table = torch.full((rows, 3), 7.0)
    table[:, 0] = 1.0
    _, (inputs,) = frozen(table[:, 0])
    assert set(torch.frombuffer(inputs, dtype=torch.float32).tolist()) == {0.0, 1.0}
    _, (rows_sent,) = frozen(table[1:3, :2])
    assert torch.frombuffer(rows_sent, dtype=torch.float32).tolist() == [1.0, 7.0, 0.0, 1.0, 7.0]
    assert alike_tensors(crossed(table[:, 0]), table[:, 0])


def test_views_that_fill_each_other_s_gaps_arrive_whole() -> None:
    x = torch.arange(40.0).reshape(10, 4)
    left, right, odd = crossed([x[:, :2], x[:, 2:], x.view(torch.int16)[::3]])
    assert torch.equal(left, x[:, :2]) and torch.equal(right, x[:, 2:]) and torch.equal(odd, x.view(torch.int16)[::3])
    assert right.data_ptr() - left.data_ptr() == 8


def test_views_of_different_widths_on_one_large_storage_stay_in_step() -> None:
    raw = torch.arange(800_000, dtype=torch.int32).to(torch.uint8)
    narrow, wide = raw[80_003:80_021], raw.view(torch.float64)[10_001:10_003]
    a, b = crossed([narrow, wide])
    assert torch.equal(a, narrow) and bits(b) == bits(wide)
    assert b.data_ptr() - a.data_ptr() == wide.data_ptr() - narrow.data_ptr()


def test_packing_more_after_the_buffers_were_read_still_gives_one_consistent_message() -> None:
    x = torch.arange(100_000.0)
    packer = Packer(refuse)
    nodes = [packer.pack(x[50:60])]
    assert len(packer.buffers) == 1
    nodes.append(packer.pack(x[10:20]))
    unpacker = Unpacker([memoryview(bytearray(b)) for b in packer.buffers], lambda node: node)
    assert [unpacker.unpack(node)[0].item() for node in nodes] == [50.0, 10.0]


def test_flags_arrive_and_the_receiver_may_make_of_a_tensor_what_it_wants() -> None:
    leaf = torch.ones(2, requires_grad=True)
    values = [leaf, leaf * 2, torch.nn.Parameter(torch.ones(2)), torch.ones(2)]
    packer = Packer(refuse)
    node, seen = packer.pack(values), []
    buffers = [memoryview(bytearray(b)) for b in packer.buffers]
    unpacker = Unpacker(buffers, lambda node: node, finish=lambda tensor, mark: seen.append(tensor) or tensor)
    assert unpacker.unpack(node) == seen and not any(t.requires_grad for t in seen)
    assert unpacker.marks == [
        Mark(True, True, False, "cpu"),
        Mark(True, False, False, "cpu"),
        Mark(True, True, True, "cpu"),
        Mark(False, True, False, "cpu"),
    ]
    arrived = crossed(values)
    assert all(t.is_leaf for t in arrived) and [t.requires_grad for t in arrived] == [True, True, True, False]
    assert [type(t) for t in arrived] == [torch.Tensor, torch.Tensor, torch.nn.Parameter, torch.Tensor]


def test_an_arrived_tensor_can_be_resized_and_the_sender_s_can_too() -> None:
    for count in (3, 100_000):
        x = torch.ones(count)
        y = crossed(x)
        assert y.resize_(2 * count).numel() == x.resize_(2 * count).numel() == 2 * count


def test_conjugates_and_negative_views_cross_by_value() -> None:
    x = torch.randn(3, dtype=torch.complex64)
    conjugate, negative = crossed([x.conj(), x.conj().imag])
    assert torch.equal(conjugate, x.conj()) and torch.equal(negative, -x.imag)
    assert torch.equal(crossed(torch._efficientzerotensor(3)), torch.zeros(3))


def test_a_subclass_crosses_as_the_plain_tensor_it_is_made_of_and_is_not_asked() -> None:
    class Liar(torch.Tensor):
        @classmethod
        def __torch_function__(cls, *args: Any, **kwargs: Any) -> Any:
            raise AssertionError("it was asked")

        requires_grad = False
        shape = (99,)

    tensor = torch.arange(3.0, requires_grad=True).as_subclass(Liar)
    arrived = crossed(tensor)
    assert type(arrived) is torch.Tensor and arrived.tolist() == [0.0, 1.0, 2.0] and arrived.requires_grad


def test_a_truth_value_that_is_neither_crosses_as_true() -> None:
    odd = torch.tensor([0, 1, 2, 255], dtype=torch.uint8).view(torch.bool)
    assert bits(crossed(odd)) == b"\0\1\1\1"
    assert bits(crossed(odd[::2])) == b"\0\1"


def test_truth_values_and_other_numbers_of_one_storage_arrive_apart() -> None:
    """Or else a byte that is neither could be written to the numbers later, and be read as a truth value."""
    numbers = torch.tensor([0, 1, 0], dtype=torch.uint8)
    for first, second in ((numbers, numbers.view(torch.bool)), (numbers.view(torch.bool), numbers)):
        one, two, again = crossed([first, second, first[1:]])
        one.fill_(1)
        assert two.tolist() == second.tolist() and again.tolist() == [1, 1]


def test_modes_of_the_surrounding_code_have_no_say() -> None:
    class Counting(TorchDispatchMode):
        def __torch_dispatch__(self, *args: Any, **kwargs: Any) -> Any:
            raise AssertionError("an operation of the wire was seen")

    x = torch.randn(300, 300)
    values = [
        x,
        x[:, 3],
        x.to(torch.complex64).conj(),
        torch.nn.Parameter(x),
        torch.ones(2).to_sparse(),
        torch.zeros(2, device="meta"),
        x > 0,
    ]
    for mode in (torch.device("meta"), torch.inference_mode(), torch.no_grad(), torch.autocast("cpu")):
        with mode:
            arrived = crossed(values)
        assert alike(arrived, values) and not any(t.is_inference() for t in arrived)
    with Counting():
        packer = Packer(refuse)
        node = packer.pack(values)
        buffers = [memoryview(bytearray(b)) for b in packer.buffers]
        unpacker = Unpacker(buffers, lambda node: node, finish=lambda tensor, mark: tensor)
        unpacker.unpack(node)
    assert len(unpacker.tensors) == len(values)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8), "a quantised tensor cannot cross"),
        (lambda: torch.nested.nested_tensor([torch.ones(1)]), "a nested tensor cannot cross"),
        (lambda: torch.eye(2).to_sparse_csr(), "a torch.sparse_csr tensor cannot cross"),
        (lambda: torch.eye(2).to_sparse().to("meta"), "a sparse tensor on the meta device cannot cross"),
        (lambda: torch.nn.UninitializedParameter(), "a parameter that has no shape yet cannot cross"),
        (lambda: torch.zeros(1).expand(1 << 40), r"a tensor of shape \(1099511627776,\) is more than a message holds"),
        (lambda: torch.zeros([1] * 65), r"a tensor of shape .* is more than a message holds"),
        (lambda: torch.sparse_coo_tensor([[0], [0]], [1.0], (1 << 20, 1 << 20)), "a sparse tensor of shape .*"),
        (lambda: [torch.zeros(100 << 20, dtype=torch.uint8) for _ in range(11)], "more than a message holds: .* bytes"),
    ],
)  # fmt: skip
def test_what_cannot_cross_is_refused_with_a_clear_error(make: Any, message: str) -> None:
    with pytest.raises(Unsendable, match=f"^{message}$"):
        Packer(refuse).pack(make())


def test_a_fake_tensor_and_one_inside_torch_func_are_refused_with_a_clear_error() -> None:
    from torch._subclasses.fake_tensor import FakeTensorMode

    with FakeTensorMode():
        fake = torch.zeros(3)
    with pytest.raises(Unsendable, match="^a FakeTensor cannot cross: it is no plain tensor underneath$"):
        Packer(refuse).pack(fake)
    with pytest.raises(Unsendable, match=r"^a tensor inside torch.func \(vmap, grad, jvp\) cannot cross"):
        torch.func.vmap(Packer(refuse).pack)(torch.ones(2))


def change(node: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """The node with other fields; None: without that field."""
    changed = {**copy.deepcopy(node), **fields}
    return {field: value for field, value in changed.items() if value is not None}


def packed(tensor: torch.Tensor) -> tuple[dict[str, Any], list[memoryview]]:
    packer = Packer(refuse)
    node = packer.pack(tensor)
    return node, [memoryview(bytearray(b)) for b in packer.buffers]


HUGE = [2**31, 2**48 - 1, 2**62, 2**63 - 1, 2**63, 2**64, 10**30, -1, -(2**63), True, 1.0, "1", [1], {}]


@pytest.mark.parametrize("field", ["s", "d", "o", "b", "i", "g", "t", "v", "w"])
@pytest.mark.parametrize(
    "value", [*HUGE, "float64x", "cuda:0", "cuda:99", "meta:0", "cpu:0", [9, 9], [-1, -1], [2**40, 1]], ids=repr
)
def test_no_field_of_a_tensor_s_node_is_believed(field: str, value: Any) -> None:
    node, buffers = packed(torch.arange(6.0).reshape(2, 3)[:, :2])
    with pytest.raises(WireError):
        Unpacker(buffers, lambda node: node).unpack(change(node, **{field: value}))


@pytest.mark.parametrize("field", ["s", "d", "o", "b", "i", "g", "t", "$"])
def test_no_field_of_a_tensor_s_node_may_be_missing(field: str) -> None:
    node, buffers = packed(torch.arange(6.0))
    with pytest.raises(WireError):
        Unpacker(buffers, lambda node: node).unpack(change(node, **{field: None}))


@pytest.mark.parametrize("place", range(2))
@pytest.mark.parametrize("field", ["s", "d"])
@pytest.mark.parametrize("value", [*HUGE, None], ids=repr)
def test_no_size_and_no_stride_is_believed(field: str, place: int, value: Any) -> None:
    node, buffers = packed(torch.arange(6.0).reshape(2, 3).T)
    numbers = list(node[field])
    numbers[place] = value
    with pytest.raises(WireError):
        Unpacker(buffers, lambda node: node).unpack(change(node, **{field: numbers}))


@pytest.mark.parametrize(
    ("shape", "stride", "offset"),
    [
        ([2**32, 2**32], [0, 0], 0), ([2**62, 4], [0, 0], 0), ([2**40, 2**40, 0], [1, 1, 1], 0), ([7], [1], 0),
        ([6], [1], 1), ([2], [6], 0),
        ([1], [1], 6), ([0], [1], 7), ([0], [2**63], 0), ([0], [-1], 0), ([2, 3], [3, 2], 0), ([3, 3], [1, 2], 0),
        ([2**47, 2**47], [0, 0], 0),
        ([1] * 65, [1] * 65, 0), ([], [1], 0), ([2], [], 0), ([2, 2], [2**47, 2**47], 0), ([0], [1], 2**63),
        ([0], [1], 2**47),
    ],
)  # fmt: skip
@pytest.mark.parametrize("device", ["cpu", "meta"])
def test_a_shape_that_does_not_fit_its_bytes_is_refused(shape: Any, stride: Any, offset: Any, device: str) -> None:
    node, buffers = packed(torch.arange(6.0))
    bad = change(node, s=shape, d=stride, o=offset)
    if device == "cpu":
        with pytest.raises(WireError):
            Unpacker(buffers, lambda node: node).unpack(bad)
        return
    try:  # a meta tensor has no bytes: what torch itself can hold is harmless
        tensor = Unpacker([], lambda node: node).unpack(change(bad, v="meta", b=None))
    except WireError:
        return
    assert tensor.is_meta and list(tensor.shape) == shape and tensor.nbytes < 2**49
    (tensor + 1).sum()


def test_what_the_sender_itself_wrote_is_taken() -> None:
    node, buffers = packed(torch.arange(6.0).reshape(2, 3)[:, :2])
    assert Unpacker(buffers, lambda node: node).unpack(change(node)).tolist() == [[0.0, 1.0], [3.0, 4.0]]


@pytest.mark.parametrize("flags", [0, 4, 8, 16, -1])
def test_flags_that_no_tensor_has_are_refused(flags: int) -> None:
    node, buffers = packed(torch.ones(2))
    with pytest.raises(WireError, match="^a tensor with odd flags$"):
        Unpacker(buffers, lambda node: node).unpack(change(node, g=flags))


def test_a_gradient_of_whole_numbers_is_refused() -> None:
    node, buffers = packed(torch.arange(2))
    with pytest.raises(WireError, match="^a gradient of whole numbers$"):
        Unpacker(buffers, lambda node: node).unpack(change(node, g=3))


def test_a_truth_value_that_is_neither_is_refused_on_arrival() -> None:
    node, _ = packed(torch.tensor([True, False, True]))
    with pytest.raises(WireError, match="^a truth value that is neither true nor false$"):
        Unpacker([memoryview(bytearray(b"\1\0\2"))], lambda node: node).unpack(node)


def test_one_buffer_cannot_be_two_things_nor_one_storage_in_two_ways() -> None:
    node, buffers = packed(torch.arange(1500.0))
    for other in ({"$": "bytes", "b": 0}, {"$": "array", "t": "<f4", "s": [1500], "b": 0}):
        with pytest.raises(WireError, match="^a buffer that is not there, or is used twice$"):
            Unpacker(buffers, lambda node: node).unpack({"$": "list", "v": [node, other]})
        with pytest.raises(WireError, match="^a buffer that is not there, or is used twice$"):
            Unpacker(buffers, lambda node: node).unpack({"$": "list", "v": [other, node]})
    with pytest.raises(WireError, match="^one storage, described in two ways$"):
        Unpacker(buffers, lambda node: node).unpack({"$": "list", "v": [node, change(node, i=1, w=[0, 6000])]})


def test_padding_is_bounded_per_storage_and_per_message() -> None:
    node, buffers = packed(torch.arange(2.0))
    with pytest.raises(WireError, match="^a storage that is not the size of its bytes$"):
        Unpacker(buffers, lambda node: node).unpack(change(node, w=[0, KEPT + 1]))
    many = {"$": "list", "v": [change(node, i=i, b=i, w=[0, KEPT]) for i in range(1025)]}
    with pytest.raises(WireError, match=r"^67,174,400 bytes of padding are too many$"):
        Unpacker(buffers * 1025, lambda node: node).unpack(many)


@pytest.mark.parametrize(
    "fields",
    [
        {"s": [2]}, {"s": [1, 1]}, {"s": [2**40, 2**40]}, {"s": [-1, 2]}, {"s": []}, {"s": [2, 2, 2]}, {"c": 1},
        {"c": None}, {"x": None}, {"y": 1}, {"x": {}},
    ],
    ids=repr,
)  # fmt: skip
def test_no_field_of_a_sparse_tensor_s_node_is_believed(fields: dict[str, Any]) -> None:
    node, buffers = packed(torch.eye(2).to_sparse())
    with pytest.raises(WireError):
        Unpacker(buffers, lambda node: node).unpack(change(node, **fields))


def test_indices_of_a_sparse_tensor_are_checked_against_its_shape_and_order() -> None:
    node, buffers = packed(torch.eye(2).to_sparse())
    for wrong in ([5, 0, 0, 0], [-1, 0, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0]):  # out of range, unordered, twice the same
        buffers[node["x"]["b"]] = memoryview(bytearray(torch.tensor(wrong).numpy().tobytes()))
        with pytest.raises(WireError):
            Unpacker(buffers, lambda node: node).unpack(node)


def test_the_limit_of_a_message_bounds_what_a_tensor_would_take_written_out() -> None:
    tensor, limits = torch.zeros(1).expand(1000, 1000), WireLimits(buffer_bytes=3_999_999)
    with pytest.raises(Unsendable):
        Packer(refuse, limits).pack(tensor)
    with pytest.raises(WireError, match="^a tensor whose shape is too large$"):
        thawed(*frozen(tensor), limits)
    assert crossed(tensor, WireLimits(buffer_bytes=4_000_000)).stride() == (0, 0)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA device here")
def test_tensors_on_a_cuda_device_arrive_on_it_and_share_storage_there() -> None:
    x = torch.arange(12.0, device="cuda").reshape(3, 4)
    values = [x, x.T, x[:, 1], x[1:], torch.nn.Parameter(x.clone()), torch.arange(100_000, device="cuda")[70:75], x > 3]
    arrived = crossed(values)
    assert all(torch.equal(a, b) and a.device == b.device for a, b in zip(arrived, values, strict=True))
    arrived[0][2, 1] = 99.0
    assert arrived[1][1, 2] == 99.0 and arrived[2][2] == 99.0 and isinstance(arrived[4], torch.nn.Parameter)
