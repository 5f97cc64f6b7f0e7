"""Synthetic healthy loss curves, with which the false alarms of check.curve are counted."""

from __future__ import annotations

import math
import random
import struct


def float32(value: float) -> float:
    """The nearest float32, as `.item()` gives it."""
    return struct.unpack("f", struct.pack("f", value))[0]


def healthy_curve(dice: random.Random) -> list[float]:
    """The losses of a run that learns, over 20 to 2,000 steps.

    Noise of a batch: up to 30 % of the loss. Some runs warm up, have spikes, or lower the learning rate in steps.
    """
    steps = int(math.exp(dice.uniform(math.log(20), math.log(2000))))
    start, floor = math.exp(dice.uniform(-3, 5)), dice.uniform(0.0, 0.6)
    noise, kind = dice.choice([0.0, 0.01, 0.05, 0.1, 0.2, 0.3]), dice.randrange(4)
    speed, flat = dice.uniform(0.02, 0.5) * steps, dice.choice([0, 0, 0.05, 0.15]) * steps
    power = dice.uniform(0.3, 1.5)
    values = []
    for step in range(steps):
        t = max(0.0, step - flat)
        if kind == 0:
            share = math.exp(-t / speed)
        elif kind == 1:
            share = (1 + t / speed) ** -power
        elif kind == 2:
            share = 0.5 ** int(4 * t / steps) * math.exp(-t / steps)
        else:
            share = 1 / (1 + math.exp((t - steps * 0.3) / (0.06 * steps)))
        loss = start * (floor + (1 - floor) * share) * math.exp(dice.gauss(0, noise))
        spike = dice.uniform(1, 3) if noise and dice.random() < 0.01 else 1.0
        values.append(float32(loss * spike))
    return values


def converged_curve(dice: random.Random) -> list[float]:
    """Full-batch descent that reaches its floor to the last digit of float32 and stays there."""
    steps, rate = dice.randrange(50, 2000), dice.uniform(0.02, 0.5)
    start, floor = dice.uniform(1, 300), dice.choice([0.0, 0.01, 0.3])
    return [float32(floor + start * math.exp(-rate * step)) for step in range(steps)]


def unshuffled_curve(dice: random.Random) -> list[float]:
    """Mini-batches in one fixed order: after the fall the losses repeat, to the digit, from epoch to epoch."""
    batches, epochs = dice.randrange(2, 30), dice.randrange(10, 60)
    offsets = [dice.uniform(0.5, 1.5) for _ in range(batches)]
    rate = dice.uniform(0.05, 0.5)
    return [
        float32(offset * (0.2 + 3 * math.exp(-rate * (epoch * batches + i))))
        for epoch in range(epochs)
        for i, offset in enumerate(offsets)
    ]


KINDS = [*[healthy_curve] * 6, converged_curve, unshuffled_curve]


def healthy_curves(count: int, seed: int) -> list[list[float]]:
    """`count` curves: six of eight noisy, one converged to the digit, one in a limit cycle."""
    dice = random.Random(seed)
    return [KINDS[i % len(KINDS)](dice) for i in range(count)]
