"""The scores of a query as a torch module over input embeddings, and the guard that keeps the model as it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from explain_lib.attribution.estimate import Estimate
from explain_lib.attribution.black_box.recipe import ask
from explain_lib.attribution.gradient.baseline import hidden_ids
from explain_lib.attribution.target_row import TargetRow
from explain_lib.models.differentiable import Differentiable, differentiable

_HOOKS = (
    "_forward_hooks", "_forward_pre_hooks", "_backward_hooks", "_backward_pre_hooks",
    "_forward_hooks_with_kwargs", "_forward_pre_hooks_with_kwargs", "_forward_hooks_always_called",
)  # fmt: skip


class EmbeddedScores(nn.Module):
    """Scores float64[n, targets] of embeddings [n, length, width].

    `entry` is a layer that does nothing: what a library attributes to it, it attributes to the input embeddings.
    """

    def __init__(self, target_row: TargetRow) -> None:
        super().__init__()
        query = target_row.query
        self.side: Differentiable = differentiable(query.model, target_row.row, target_row.events, query.score)
        self.module, self.entry, self.n_rows = self.side.network.module, nn.Identity(), 0

    def forward(self, embeddings: Tensor) -> Tensor:
        self.n_rows += len(embeddings)
        return self.side.scores(self.side.outputs(self.entry(embeddings)))

    def ends(self, target_row: TargetRow) -> tuple[Tensor, Tensor]:
        """Embeddings [1, length, width] of the text and of its baseline, every active unit hidden."""
        return self.side.embed(), self.side.embed(hidden_ids(target_row.query, target_row.window))


@contextmanager
def unchanged(module: nn.Module) -> Iterator[None]:
    """Afterwards, also after an error, a module has the hooks, attributes and modes that it had before."""
    parts = list(module.modules())
    hooks = [{name: dict(getattr(part, name)) for name in _HOOKS} for part in parts]
    known = [(set(vars(part)), part.training) for part in parts]
    grads = [(weight, weight.requires_grad) for weight in module.parameters()]
    try:
        yield
    finally:
        for part, before, (names, training) in zip(parts, hooks, known, strict=True):
            for name, entries in before.items():
                current: Any = getattr(part, name)
                current.clear()
                current.update(entries)
            for name in set(vars(part)) - names:
                delattr(part, name)
            part.training = training
        for weight, needed in grads:
            weight.requires_grad_(needed)
            weight.grad = None


def embedded_estimate(target_row: TargetRow, columns: npt.ArrayLike, n_rows: int, is_sampled: bool) -> Estimate:
    """Pool attributions [targets, length] to units; NaN errors for active units where something was drawn."""
    query = target_row.query
    scores = target_row.pool(np.asarray(columns, dtype=np.float64))
    error = np.where(query.active[:, None] & is_sampled, np.nan, np.zeros_like(scores))
    ends = ask(query.game(), np.ones((0, int(query.active.sum())), dtype=bool))
    dof = 0.0 if is_sampled else np.inf
    return Estimate(scores, error, dof, ends.base, ends.full, ends.n_evals + n_rows)


def summed(found: Tensor) -> npt.NDArray[np.float64]:
    """Attributions [1, length, width] of an embedding, added up over its width: float64[length]."""
    total: npt.NDArray[np.float64] = found.detach().double().sum(dim=-1)[0].cpu().numpy()
    return total


def lengths(found: Tensor) -> npt.NDArray[np.float64]:
    """The Euclidean length of each gradient [1, length, width]: float64[length].

    Their signed sum says nothing: behind a layer normalisation it is 0, whatever the text.
    """
    length: npt.NDArray[np.float64] = found.detach().double().norm(dim=-1)[0].cpu().numpy()
    return length


def check_finite(found: Tensor, name: str) -> None:
    """Refuse NaN, which some rules of the libraries return where an activation did not change."""
    if not torch.isfinite(found).all():
        raise FloatingPointError(f"{name} returned NaN or infinity for this model; use xl.IntegratedGradients.")
