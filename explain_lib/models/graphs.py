"""Graphs for backward passes, whatever mode the caller is in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def graphs() -> Iterator[None]:
    """Gradients are recorded inside, also below the caller's own `torch.no_grad()` or `torch.inference_mode()`."""
    with torch.inference_mode(False), torch.enable_grad():
        yield
