"""One forward pass through the rules, one backward pass per target: relevance of pieces, and what was absorbed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from explain_lib.attribution.target_row import TargetRow
from explain_lib.models.differentiable import differentiable
from explain_lib.models.graphs import graphs

from .book import Book
from .rule_copy import rule_copy

Floats = npt.NDArray[np.float64]
TOLERANCE = {torch.float32: 1e-3, torch.float64: 1e-8}


@dataclass(frozen=True, eq=False)
class Flow:
    """Relevance of one row.

    Shapes: `columns` float64[targets, length]; `values` float64[targets], the scores that it starts from; `started`
    float64[targets], the relevance of the outputs; `arrived` float64[boundaries, targets], what reaches each hidden
    state of `book.boundaries`; `absorbed` float64[entries of the book, targets].
    """

    book: Book
    columns: Floats
    values: Floats
    started: Floats
    arrived: Floats
    absorbed: Floats


@graphs()
def relevance_flow(target_row: TargetRow, epsilon: float, is_booked: bool) -> Flow:
    """Send the relevance of every target back to the input embeddings; booked, also what each entry absorbs."""
    query = target_row.query
    side = differentiable(query.model, target_row.row, target_row.events, query.score)
    book = Book(is_booked)
    twin = rule_copy(side.network.module, epsilon, book)
    embeddings = side.embed().requires_grad_()
    outputs = side.outputs(embeddings, twin)
    _check_same(outputs, side.outputs(embeddings.detach()))
    scores = side.scores(outputs)
    entries = [(entry.above, entry.below) for entry in book.entries]
    wanted = [embeddings, outputs, *(state for _, state in book.boundaries), *_flat(entries)]
    rows = []
    for done, score in enumerate(scores[0], start=1):
        rows.append(_relevance(score, wanted, keep=done < len(scores[0])))
        query.evaluations.report(done, len(scores[0]))
    n = 2 + len(book.boundaries)
    totals = np.array([[one.sum() for one in row] for row in rows]).T
    parts, absorbed = iter(totals[n:]), []
    for _, below in entries:
        absorbed.append(next(parts) - (0 if below is None else next(parts)))
    return Flow(
        book,
        np.stack([row[0][0].sum(axis=-1) for row in rows]),
        scores.detach().numpy()[0],
        totals[1],
        totals[2:n],
        np.array(absorbed).reshape(len(entries), len(rows)),
    )


def _flat(entries: list[tuple[Tensor, Tensor | None]]) -> list[Tensor]:
    return [tensor for pair in entries for tensor in pair if tensor is not None]


def _relevance(score: Tensor, tensors: list[Tensor], keep: bool) -> list[Floats]:
    """Each tensor times its gradient, in float64; a tensor that the score does not see has none."""
    gradients = torch.autograd.grad(score, tensors, retain_graph=keep, allow_unused=True)
    found = []
    for tensor, gradient in zip(tensors, gradients, strict=True):
        value = tensor.detach().double()
        product = torch.zeros_like(value) if gradient is None else value * gradient.double()
        # Where a label is forbidden or absent the value is infinite or NaN, and the gradient 0.
        found.append(torch.where(torch.isfinite(value), product, 0.0).cpu().numpy())
    return found


def _check_same(outputs: Tensor, expected: Tensor) -> None:
    """The rules change the gradient, never a value: anything else is an architecture that they do not fit."""
    tolerance = TOLERANCE.get(expected.dtype, 1e-3)
    scale = float(expected.nan_to_num(0, 0, 0).abs().max().clamp(min=1))
    if not torch.allclose(outputs.detach(), expected, rtol=0, atol=tolerance * scale, equal_nan=True):
        raise ValueError(
            "the rules of AttnLRP do not compute the outputs of this model, so its layers work in another way than "
            "those of BERT, RoBERTa, XLM-R and DistilBERT. Use xl.IntegratedGradients, or a black-box method."
        )
