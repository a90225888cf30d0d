"""A few entities, or documents, that together show what matters."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from explain_lib.core import CorpusTable

from .rows import Rows, Where, rows_of

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Picked(NamedTuple):
    """One pick: a document, the name of its target ("" for a document as a whole), and its characters (−1: none).

    `coverage` is the share of all importance that the picks so far cover.
    """

    document: str
    target: str
    start: int
    end: int
    coverage: float


def pick(  # noqa: PLR0913  # the settings of the pick; all but the first have defaults
    table: CorpusTable,
    n: int = 10,
    *,
    of_documents: bool = False,
    strongest: int = 10,
    where: Where = "context",
    folds_case: bool = True,
) -> tuple[Picked, ...]:
    """Choose up to `n` entities (or documents) whose strongest words cover the most importance: SP-LIME.

    Importance of a word under a label: I_j = √(Σ_i |W_ij|), W_ij the summed absolute score of word j in entity i, of
    which each entity keeps its `strongest` words. A set covers Σ I_j over the words that one of it keeps; picks are
    greedy, which covers at least 1 − 1/e of what the best set would. Fewer than `n` come where nothing is left
    to cover.
    Source: Ribeiro et al. (2016), whose explanations have `strongest` words from the start. Cost: none to the model.
    Raises ValueError for n or strongest below 1, and what reading a table raises.
    """
    if n < 1 or strongest < 1:
        raise ValueError(f"n is {n} and strongest is {strongest}; both must be at least 1.")
    rows = rows_of(table, where, folds_case)
    item, feature, weight = _strongest(rows, rows.document if of_documents else rows.target, strongest)
    importance = np.sqrt(np.bincount(feature, weight))
    chosen, covered = _greedy(item, feature, importance, n)
    first = dict(zip(*_first(rows.document if of_documents else rows.target), strict=True))
    return tuple(
        _picked(table, int(rows.at[first[one]]), of_documents, share)
        for one, share in zip(chosen, covered, strict=True)
    )


def _strongest(rows: Rows, items: Ints, most: int) -> tuple[Ints, Ints, Floats]:
    """Items, their features (word under a label) and weights: the `most` largest of each item, zeros left out."""
    n_features = len(rows.words) * len(rows.labels)
    pairs, inside = np.unique(items * n_features + rows.word * len(rows.labels) + rows.label, return_inverse=True)
    weight = np.bincount(inside.ravel(), np.abs(rows.score))
    item, feature = pairs // n_features, pairs % n_features
    order = np.lexsort((feature, -weight, item))
    place = np.arange(len(order)) - np.searchsorted(item[order], item[order])  # 0, 1, … within an item
    keep = order[(place < most) & (weight[order] > 0)]
    return item[keep], feature[keep], weight[keep]


def _greedy(item: Ints, feature: Ints, importance: Floats, n: int) -> tuple[list[int], list[float]]:
    """Items in the order of their gain (the first one in a tie), and the share of importance covered after each."""
    chosen: list[int] = []
    shares: list[float] = []
    left = importance.copy()
    while len(chosen) < n and len(item):
        gains = np.bincount(item, left[feature])
        best = int(np.argmax(gains))
        if gains[best] <= 0:
            break
        left[feature[item == best]] = 0
        chosen.append(best)
        shares.append(float(1 - left.sum() / importance.sum()))
    return chosen, shares


def _first(items: Ints) -> tuple[list[int], list[int]]:
    numbers, at = np.unique(items, return_index=True)
    return numbers.tolist(), at.tolist()


def _picked(table: CorpusTable, row: int, of_documents: bool, share: float) -> Picked:
    said = {name: table.arrow[name][row].as_py() for name in ("document", "target", "target_start", "target_end")}
    if of_documents or said["target_start"] is None:
        return Picked(said["document"], "" if of_documents else said["target"], -1, -1, share)
    return Picked(said["document"], said["target"], said["target_start"], said["target_end"], share)
