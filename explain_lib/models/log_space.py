"""Sums and complements of probabilities in log space: exact at both ends, with gradients that are never NaN."""

from __future__ import annotations

import torch
from torch import Tensor

LOG_HALF = -0.6931471805599453
LOWEST = -1e300
"""Stands in for −inf where it is subtracted from −inf."""


def log1mexp(log_p: Tensor) -> Tensor:
    """log(1 − exp(x)) for x <= 0, exact at both ends (Mächler 2012), with a gradient that is never NaN."""
    near = log_p > LOG_HALF
    tiny = torch.where(near, log_p, torch.full_like(log_p, LOG_HALF)).clamp(max=-1e-300)
    far = torch.where(near, torch.full_like(log_p, LOG_HALF), log_p)
    return torch.where(near, torch.log(-torch.expm1(tiny)), torch.log1p(-torch.exp(far)))


def log_sum(terms: Tensor, dim: int) -> Tensor:
    """log Σ exp along one axis; where all terms are −inf the gradient is 0, not NaN as that of torch.logsumexp."""
    top = terms.detach().amax(dim, keepdim=True).clamp(min=LOWEST)
    return log_or_never((terms - top).exp().sum(dim)) + top.squeeze(dim)


def log_or_never(sums: Tensor) -> Tensor:
    """log of sums >= 0, −inf with gradient 0 where they are 0."""
    is_some = sums > 0
    return torch.where(is_some, torch.where(is_some, sums, 1.0).log(), -torch.inf)
