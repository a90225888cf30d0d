"""Sums and complements of probabilities in log space: exact at both ends, with gradients that are never NaN."""

from __future__ import annotations

import torch
from torch import Tensor

LOG_HALF = -0.6931471805599453


def log1mexp(log_p: Tensor) -> Tensor:
    """log(1 − exp(x)) for x <= 0, exact at both ends (Mächler 2012), with a gradient that is never NaN."""
    near = log_p > LOG_HALF
    tiny = torch.where(near, log_p, torch.full_like(log_p, LOG_HALF)).clamp(max=-1e-300)
    far = torch.where(near, torch.full_like(log_p, LOG_HALF), log_p)
    return torch.where(near, torch.log(-torch.expm1(tiny)), torch.log1p(-torch.exp(far)))
