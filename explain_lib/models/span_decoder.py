"""What a span model answers, and the exact probability of a type at exactly one span.

All spans up to a width limit are scored at once: logits [positions, width, labels], where entry [s, w] is the span of
the label positions s … s + w. With an "O" among the labels every span has one label of a softmax, "O" being none;
without it every type at every span is a yes or no of its own (sigmoid: a grid whose positive logits are the entities,
as in GlobalPointer). Spans may nest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from explain_lib.core import Longer, NoEntity, Score, Target

from .odds import log_prob, score_of, softmax_log_odds

REACH = 2
"""Margins look at ends up to so many label positions away."""


class Cell(NamedTuple):
    """The span of the label positions `first`..`last` (both included) has this label."""

    first: int
    last: int
    label: int


@dataclass(frozen=True)
class NoneEvent:
    """The span has no type at all."""

    first: int
    last: int


@dataclass(frozen=True)
class CellContrast:
    """The log-probability of a label at a span minus that of another label, another span, or none."""

    cell: Cell
    other: Cell | NoneEvent


@dataclass(frozen=True)
class CellMargin:
    """Log-odds of a label at a span minus the largest among its neighbours, which differ in one end only."""

    cell: Cell
    neighbours: tuple[Cell, ...]


CellEvent = Cell | CellContrast | CellMargin


class Found(NamedTuple):
    """An entity of one window or text: its cell and the log-odds of its label."""

    cell: Cell
    log_odds: float


@dataclass(frozen=True)
class SpanDecoder:
    """Reads entities off span logits, and scores the event that a span has a type.

    `width` is the longest span in label positions. `keeps_crossing`: entities that overlap without one holding the
    other are all returned; else the one with lower log-odds is dropped, and nested ones stay.
    """

    labels: tuple[str, ...]
    width: int
    keeps_crossing: bool = False

    def __post_init__(self) -> None:
        if not self.entity_types:
            raise ValueError(f"the label list {list(self.labels)} names no entity type; give at least one beside 'O'.")

    @property
    def name(self) -> str:
        """How the decoder is written in provenance and in config.json."""
        return f"{'sigmoid' if self.none is None else 'softmax'}-{'crossing' if self.keeps_crossing else 'nested'}"

    @property
    def none(self) -> int | None:
        """Index of the label that says "no entity"; None where every type is a yes or no of its own."""
        return self.labels.index("O") if "O" in self.labels else None

    @property
    def entity_types(self) -> tuple[str, ...]:
        """The labels that a span may carry."""
        return tuple(label for label in self.labels if label != "O")

    def event(self, target: Target, first: int, last: int, n_positions: int) -> CellEvent:
        """The event of a target at the label positions `first`..`last` (both included) of `n_positions`."""
        cell = self._cell(first, last, target.label or "")
        if target.margin:
            return CellMargin(cell, self._neighbours(cell, target.margin, n_positions))
        match target.versus:
            case None:
                return cell
            case NoEntity():
                return CellContrast(cell, NoneEvent(first, last))
            case Longer(left, right):
                return CellContrast(cell, self._cell(first - left, last + right, target.label or ""))
            case other:
                return CellContrast(cell, self._cell(first, last, other))

    def scores(self, logits: Tensor, events: Sequence[CellEvent], score: Score) -> Tensor:
        """float64[n, events] from logits float64[n, positions, width, labels].

        Contrasts are differences of log-probabilities and margins of log-odds, whatever `score` says.
        """
        return torch.stack([self._score(logits, event, score) for event in events], dim=1)

    def find(self, logits: npt.NDArray[np.floating]) -> list[Found]:
        """Every entity of logits [positions, width, labels], before crossing ones are dropped; NaN is no span."""
        is_span = ~np.isnan(logits).any(axis=-1)
        if self.none is None:
            hits = np.argwhere(is_span[..., None] & (logits > 0))
        else:
            best = np.where(is_span, np.nan_to_num(logits, nan=-np.inf).argmax(axis=-1), self.none)
            starts, widths = np.nonzero(best != self.none)
            hits = np.stack([starts, widths, best[starts, widths]], axis=1)
        cells = [Cell(s, s + w, label) for s, w, label in hits.tolist()]
        table = torch.as_tensor(np.asarray(logits, np.float64))
        return [Found(cell, float(self._log_odds(table[None], cell))) for cell in cells]

    def settle(self, found: Sequence[Found]) -> list[Found]:
        """The entities that stay, left to right, the longer of two that start together first."""
        kept = list(found) if self.keeps_crossing else _without_crossing(found)
        return sorted(kept, key=lambda one: (one.cell.first, -one.cell.last, one.cell.label))

    def _cell(self, first: int, last: int, label: str) -> Cell:
        if label not in self.entity_types:
            raise ValueError(f"label {label!r} is unknown to the model; it has {', '.join(self.entity_types)}.")
        if not 0 <= last - first < self.width:
            raise ValueError(
                f"the span covers {last - first + 1} label positions; the model scores spans of 1 to {self.width}. "
                "Explain a shorter span, or train with a larger width."
            )
        return Cell(first, last, self.labels.index(label))

    def _neighbours(self, cell: Cell, side: str, n_positions: int) -> tuple[Cell, ...]:
        is_left, steps = side == "left", [step for step in range(-REACH, REACH + 1) if step]
        moved = [Cell(cell.first + d * is_left, cell.last + d * (not is_left), cell.label) for d in steps]
        legal = [c for c in moved if 0 <= c.first <= c.last < n_positions and c.last - c.first < self.width]
        if not legal:
            raise ValueError(f"the {side} end of the span cannot move, so it has no margin; ask for the span itself.")
        return tuple(legal)

    def _score(self, logits: Tensor, event: CellEvent, score: Score) -> Tensor:
        match event:
            case CellContrast(cell, other):
                return log_prob(self._log_odds(logits, cell)) - self._log_prob(logits, other)
            case CellMargin(cell, neighbours):
                others = torch.stack([self._log_odds(logits, one) for one in neighbours])
                return self._log_odds(logits, cell) - others.amax(dim=0)
            case _:
                return score_of(self._log_odds(logits, event), score)

    def _log_prob(self, logits: Tensor, event: Cell | NoneEvent) -> Tensor:
        if isinstance(event, Cell):
            return log_prob(self._log_odds(logits, event))
        if self.none is not None:
            return log_prob(self._log_odds(logits, Cell(event.first, event.last, self.none)))
        return log_prob(-logits[:, event.first, event.last - event.first]).sum(dim=-1)

    def _log_odds(self, logits: Tensor, cell: Cell) -> Tensor:
        row = logits[:, cell.first, cell.last - cell.first]
        return row[:, cell.label] if self.none is None else softmax_log_odds(row, cell.label)


def _without_crossing(found: Sequence[Found]) -> list[Found]:
    """The surest first; what crosses one that is already there is dropped."""
    kept: list[Found] = []
    ends = np.zeros((0, 2), np.int64)
    for one in sorted(found, key=lambda one: (-one.log_odds, one.cell)):
        s, e = one.cell.first, one.cell.last
        before = (ends[:, 0] < s) & (s <= ends[:, 1]) & (ends[:, 1] < e)
        after = (s < ends[:, 0]) & (ends[:, 0] <= e) & (e < ends[:, 1])
        if not (before | after).any():
            kept.append(one)
            ends = np.concatenate([ends, [[s, e]]])
    return kept
