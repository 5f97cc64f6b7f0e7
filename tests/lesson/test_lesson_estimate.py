"""The course's estimator agrees with sums by hand, with counted FLOPs and bytes, and refuses nonsense."""

import doctest
import math

import pytest
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from autograde import lesson
from autograde.lesson import estimate

JOB = {"examples": 50_000, "batch": 32, "epochs": 10, "forward": 0.2}
CARD = {"layers": 28, "width": 3072, "vocabulary": 128_256, "batch": 4, "tokens": 512}


def test_the_examples_of_its_docstrings_are_what_it_gives():
    found = doctest.testmod(estimate)
    assert (found.failed, found.attempted) == (0, 6)


def test_fifty_thousand_examples_take_two_point_six_hours_and_not_eight():
    assert estimate.steps(50_000, 32, 10) == 15_625
    assert lesson.gpu_hours(**JOB) * 3600 == pytest.approx(9375)
    assert 8 / lesson.gpu_hours(**JOB) == pytest.approx(3.072)
    assert 9 / lesson.gpu_hours(**JOB) == pytest.approx(3.456)


def test_every_factor_multiplies():
    once = lesson.gpu_hours(**JOB)
    assert lesson.gpu_hours(**JOB, overhead=1.5) == pytest.approx(1.5 * once)
    assert lesson.gpu_hours(**JOB, checkpointing=True) == pytest.approx(4 / 3 * once)
    assert lesson.gpu_hours(**JOB, train="lora", checkpointing=True) == pytest.approx(once)
    assert lesson.gpu_hours(**JOB, train="head") == pytest.approx(once / 3)


class Adapted(nn.Module):
    """A frozen linear layer with a trained low-rank detour beside it."""

    def __init__(self, width: int, rank: int):
        super().__init__()
        self.frozen = nn.Linear(width, width, bias=False).requires_grad_(False)
        self.down, self.up = nn.Linear(width, rank, bias=False), nn.Linear(rank, width, bias=False)

    def forward(self, x):
        return self.frozen(x) + self.up(self.down(x))


def counted_passes(model: nn.Module, width: int) -> float:
    """FLOPs of forward and backward over those of the forward alone, as PyTorch's counter sees them."""
    x = torch.randn(64, width)
    with FlopCounterMode(display=False) as forward, torch.no_grad():
        model(x)
    with FlopCounterMode(display=False) as both:
        model(x).sum().backward()
    return both.get_total_flops() / forward.get_total_flops()


def test_the_factors_are_those_of_the_flop_counter_on_deep_stacks():
    layers, width = 40, 256
    full = nn.Sequential(*[nn.Linear(width, width, bias=False) for _ in range(layers)])
    lora = nn.Sequential(*[Adapted(width, 2) for _ in range(layers)])
    head = nn.Sequential(full, nn.Linear(width, 2, bias=False))
    assert counted_passes(full, width) == pytest.approx(1 + estimate.BACKWARD["full"], rel=0.02)
    assert counted_passes(lora, width) == pytest.approx(1 + estimate.BACKWARD["lora"], rel=0.02)
    full.requires_grad_(False)
    assert counted_passes(head, width) == pytest.approx(1 + estimate.BACKWARD["head"], rel=0.02)


def test_trained_bytes_are_those_that_torch_holds_after_a_step():
    model = Adapted(64, 4)
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trained)
    model(torch.randn(8, 64)).sum().backward()
    optimizer.step()
    adapters = estimate.lora_parameters(4, [(64, 64)])
    plan = lesson.vram(64 * 64, adapters=adapters, **CARD)
    assert sum(parameter.nbytes for parameter in trained) == plan["adapters"]
    assert sum(parameter.grad.nbytes for parameter in trained) == plan["gradients"]
    states = [value for state in optimizer.state.values() for value in state.values()]
    assert sum(value.nbytes for value in states if value.dim()) == plan["optimizer"]


def test_a_model_of_three_billion_fits_a_t4_with_adapters_and_not_without():
    card = 14.6 * 2**30
    parameters = 3_212_749_824
    adapters = estimate.lora_parameters(16, [(3072, 3072), (3072, 1024)] * 28)
    assert sum(lesson.vram(parameters, adapters=adapters, **CARD).values()) < card
    assert sum(lesson.vram(parameters, **CARD).values()) > 3 * card
    assert lesson.vram(parameters, **CARD)["weights"] + lesson.vram(parameters, **CARD)["gradients"] < card


def test_trained_whole_a_parameter_takes_sixteen_bytes():
    plan = lesson.vram(1000, **CARD)
    assert plan["weights"] + plan["gradients"] + plan["optimizer"] == estimate.ADAMW_BYTES * 1000


def test_seven_billion_weights_in_float16_are_fourteen_gigabytes():
    assert lesson.vram(7e9, adapters=1, **CARD)["weights"] == 14e9


def test_checkpointing_keeps_one_layer_whole_and_the_others_inputs():
    rows = 4 * 512 * 3072 * 2
    assert lesson.vram(1e9, **CARD)["activations"] == (28 + 20) * rows
    assert lesson.vram(1e9, **CARD, checkpointing=False)["activations"] == 28 * 20 * rows


@pytest.mark.parametrize(
    ("hours", "limit", "restart", "expected"), [(12, 12, 0, 1), (12.01, 12, 0, 2), (0.3, 0.1, 0, 3), (24, 12, 1, 3)]
)
def test_sessions_are_counted_up(hours, limit, restart, expected):
    assert estimate.sessions(hours, limit, restart) == expected


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"batch": 0}, "batch is a number above 0, not 0"),
        ({"forward": math.nan}, "forward is a number above 0, not nan"),
        ({"overhead": 0.2}, r"overhead is a factor of 1 or more \(1.2 for a fifth on top\), not 0.2"),
        ({"train": "qlora"}, "train is one of 'full', 'lora', 'head', not 'qlora'"),
    ],
)
def test_nonsense_is_refused_with_what_was_wanted(wrong, message):
    with pytest.raises(ValueError, match=f"^{message}$"):
        lesson.gpu_hours(**{**JOB, **wrong})


def test_a_share_above_one_and_a_restart_longer_than_a_session_are_refused():
    with pytest.raises(ValueError, match="^mfu is a share between 0 and 1, not 30$"):
        estimate.forward_seconds(1e9, 512, 65e12, 30)
    with pytest.raises(ValueError, match="^restart is a part of a session of 12 hours, not 12$"):
        estimate.sessions(20, 12, 12)
