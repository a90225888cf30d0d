"""Global random states: seeded for a run, put back afterwards, also after an error."""

from __future__ import annotations

import random

import numpy as np
import pytest
import torch

from explain_lib.attribution.bridges.seeds import isolated


def draw():
    return random.random(), float(np.random.rand()), float(torch.rand(1))  # noqa: NPY002


def test_states_are_put_back():
    expected = [draw() for _ in range(2)] and None
    states = random.getstate(), np.random.get_state(legacy=False)["state"], torch.get_rng_state()  # noqa: NPY002
    expected = draw()
    random.setstate(states[0])
    np.random.set_state({"bit_generator": "MT19937", "state": states[1]})  # noqa: NPY002
    torch.set_rng_state(states[2])
    with isolated(3):
        draw()
    assert draw() == expected


def test_states_are_put_back_after_an_error():
    with isolated(1):  # a state of its own, so that this test leaves none
        with pytest.raises(ZeroDivisionError), isolated(3):
            draw()
            raise ZeroDivisionError
        after = draw()
    with isolated(1):
        assert draw() == after


def test_the_same_seed_draws_the_same():
    drawn = []
    for seed in (3, 3, 4):
        with isolated(seed):
            drawn.append(draw())
    assert drawn[0] == drawn[1] != drawn[2]
    assert all(a != b for a, b in zip(drawn[0], drawn[2], strict=True))


@pytest.mark.parametrize(
    ("act", "happened"),
    [
        (lambda: None, False),
        (random.random, True),
        (lambda: np.random.rand(), True),  # noqa: NPY002
        (lambda: torch.rand(1), True),
        (lambda: np.random.default_rng(0).random(), False),
    ],
)
def test_it_is_known_whether_something_was_drawn(act, happened):
    with isolated(0) as draws:
        act()
    assert draws.happened is happened
