"""Gradients of a query's targets along a path, pooled to units: one forward pass per node serves all targets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from explain_lib.attribution.black_box.recipe import ask
from explain_lib.attribution.estimate import Estimate
from explain_lib.perturbation.game import Game
from explain_lib.perturbation.hiding import MaskPiece, NeutralPiece

if TYPE_CHECKING:
    from explain_lib.models.protocols import Window
    from explain_lib.perturbation.query import Query

Floats = npt.NDArray[np.float64]


def path_estimate(question: Query | Game, nodes: Floats, weights: Floats, from_hidden: bool) -> Estimate:
    """Weighted gradient · (input − baseline) over nodes in [0, 1], summed over the pieces of each active unit.

    The baseline is the row with every active unit replaced, or, unless `from_hidden`, zero embeddings. `n_evals`
    counts one row per node besides the empty and the full row. No error: nothing is drawn.
    """
    if isinstance(question, Game):
        raise TypeError("gradient methods need a Query on a model; a Game is a plain function without gradients.")
    window = _window(question)
    model, row = question.model, question.model.row(question.encoding, window)
    events = [model.event(target, question.encoding, window) for target in question.targets]
    baseline = hidden_ids(question, window) if from_hidden else None
    path = model.gradients(row, baseline, nodes, events, question.score)
    scores = _pool(question, window, np.einsum("k,ktl->tl", weights, path.products)).T
    scores[~question.active] = 0
    answers = ask(question.game(), np.ones((0, int(question.active.sum())), dtype=bool))
    n_evals = answers.n_evals + len(nodes)
    return Estimate(scores, np.zeros_like(scores), np.inf, answers.base, answers.full, n_evals)


def hidden_ids(query: Query, window: Window) -> npt.NDArray[np.int64]:
    """int[length]: the ids of a window with a stand-in for every active unit; special pieces and other units stay.

    The stand-in is that of the query's hiding, or the mask piece where a hiding puts no piece in place.
    """
    stand_in = query.hiding if isinstance(query.hiding, MaskPiece | NeutralPiece) else MaskPiece()
    row = query.model.row(query.encoding, window)
    keep = np.ones(row.ids.shape, dtype=bool)
    keep[:, _text(query, window)] = query.alignment.keep_pieces(~query.active[None])[:, slice(*window.pieces)]
    return np.asarray(stand_in.hide(row, keep, query.model.vocabulary).ids[0])


def _window(query: Query) -> Window:
    windows = query.evaluations.windows
    return windows[query.model.window_of(query.targets[0], query.encoding, windows)]


def _text(query: Query, window: Window) -> slice:
    """Where the pieces of a window stand in a row."""
    start = query.model.n_prefix
    return slice(start, start + window.pieces[1] - window.pieces[0])


def _pool(query: Query, window: Window, products: Floats) -> Floats:
    """float64[targets, units] from row-wise products float64[targets, length]."""
    pieces = np.zeros((len(products), len(query.encoding.ids)))
    pieces[:, slice(*window.pieces)] = products[:, _text(query, window)]
    return query.alignment.pool_sum(pieces)
