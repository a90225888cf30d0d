"""Libraries that draw from global random states: seeded for one run, and put back as they were."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import RLock

import numpy as np
import torch

_ONE_RUN_AT_A_TIME = RLock()  # two runs in two threads would draw from each other's state


@dataclass
class Draws:
    """Whether a run drew from a global random state; known when its `isolated` block has ended without an error."""

    happened: bool = False


@contextmanager
def isolated(seed: int) -> Iterator[Draws]:
    """Seed the states of random, NumPy and torch; afterwards, also after an error, they are as they were before."""
    cuda = list(range(torch.cuda.device_count()))
    draws = Draws()
    with _ONE_RUN_AT_A_TIME, torch.random.fork_rng(devices=cuda):
        python_before, numpy_before = random.getstate(), np.random.get_state()  # noqa: NPY002  # the state to protect
        try:
            random.seed(seed)
            np.random.seed(seed)  # noqa: NPY002  # the libraries read no Generator
            torch.manual_seed(seed)
            start = _fingerprint()
            yield draws
            draws.happened = _fingerprint() != start
        finally:
            random.setstate(python_before)
            np.random.set_state(numpy_before)  # noqa: NPY002


def _fingerprint() -> tuple[object, ...]:
    """The states as something that can be compared."""
    drawn = np.random.get_state(legacy=False)["state"]  # noqa: NPY002
    devices = [torch.cuda.get_rng_state(i) for i in range(torch.cuda.device_count())]
    tensors = [torch.get_rng_state(), *devices]
    return random.getstate(), drawn["key"].tobytes(), drawn["pos"], *(t.numpy().tobytes() for t in tensors)
