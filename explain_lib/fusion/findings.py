"""All answers about one query, and how they are cut into evidence by target."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from explain_lib.attribution.estimate import Estimate, Method
from explain_lib.core import Document, Target
from explain_lib.perturbation.edits import Edit
from explain_lib.perturbation.query import Query
from explain_lib.statistics import document_names

from .asked_rows import Tally
from .evidence import Bools, Evidence, Floats, Near, Rows

FIT_SHARE = 0.75
"""Of the rows; the others check."""
NAMELESS = "#0"  # what `document_names` calls a single text without a name


@dataclass(frozen=True, eq=False)
class Margin:
    """The margin of one end of the target number `of`; `keep` bool[rows, units] hide units near that end.

    `column` is its place among all targets that are asked for: its own where the target is the margin itself.
    """

    of: int
    target: Target
    keep: Bools
    column: int

    @property
    def side(self) -> str:
        """Which end."""
        return str(self.target.margin)


@dataclass(frozen=True, eq=False)
class EditedText:
    """One usable edit: its number in the bank, where units went, which targets it leaves as they were, and what each
    member said of it.
    """

    number: int
    unit_of: npt.NDArray[np.int64]
    keeps: Bools
    query: Query
    estimates: list[Estimate]


@dataclass(frozen=True, eq=False)
class Findings:
    """All that was asked, ready to be cut by target."""

    query: Query
    margins: list[Margin]
    keep: Bools
    values: Floats
    estimates: list[Estimate]
    edited: list[EditedText]
    said: tuple[str, ...]

    def evidence(self, index: int, methods: tuple[Method, ...]) -> Evidence:
        """The evidence of one target."""
        query, target = self.query, self.query.targets[index]
        own = np.zeros(query.n_units, dtype=bool) if target.span is None else query.units.inside(target.span)
        rows, fresh = self._rows(index).halves(FIT_SHARE)
        texts = [text for text in self.edited if text.keeps[index]]
        edited = [self._moved(text, index, "scores") for text in texts]
        errors = [self._moved(text, index, "std_error") for text in texts]
        shape = (0, len(methods), query.n_units)
        return Evidence(
            members=methods, words=query.units.texts, kind=target.kind, own=own, active=query.active,
            scores=self._columns(index, "scores"), std_error=self._columns(index, "std_error"),
            dof=np.array([np.broadcast_to(e.dof, len(e.base_value))[index] for e in self.estimates], dtype=np.float64),
            rows=rows, fresh=fresh, edited=np.array(edited).reshape(-1, *shape[1:]),
            edited_error=np.array(errors).reshape(-1, *shape[1:]), near=self._near(index), arm=query.arm,
            document=source(query.document), said=self.said, is_margin=target.margin is not None,
        )  # fmt: skip

    def _rows(self, column: int) -> Rows:
        n = len(self.keep)
        return Rows(self._hidden(self.keep), self.values[1, column] - self.values[2 : 2 + n, column])

    def _hidden(self, keep: Bools) -> Bools:
        return np.asarray(~keep & self.query.active)

    def _columns(self, column: int, name: str) -> Floats:
        return np.stack([getattr(estimate, name)[:, column] for estimate in self.estimates])

    def _near(self, index: int) -> tuple[Near, ...]:
        found, at = [], 2 + len(self.keep)
        for margin in self.margins:
            column = margin.column
            if margin.of == index:
                change = self.values[1, column] - self.values[at : at + len(margin.keep), column]
                near = Rows(self._hidden(margin.keep), change)
                wide = self._rows(column).halves(FIT_SHARE)[0]
                found.append(Near(margin.side, self._columns(column, "scores"), near, wide))
            at += len(margin.keep)
        return tuple(found)

    def _moved(self, text: EditedText, index: int, name: str) -> Floats:
        """float64[members, units]: scores of the edited text at the units that are the same here; NaN elsewhere."""
        at = text.unit_of
        comparable = (at >= 0) & self.query.active & text.query.active[at]
        columns = np.stack([getattr(estimate, name)[:, index] for estimate in text.estimates])
        return np.where(comparable, columns[:, at], np.nan)


def fingerprint(document: Document) -> str:
    """A short hash of a text."""
    return _short(document.text)


def source(document: Document) -> str:
    """A short hash by which a corpus leaves a document out, edited ones too.

    Of the whole that a text is a part of (`document_names`), else of its id, else of its text: sentences of one note
    are not taken for documents of their own.
    """
    name = document_names([document])[0]
    return _short(document.text if name == NAMELESS else name)


def _short(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def kept(tally: Tally, edit: Edit, edited: Query) -> Bools:
    """bool[targets]: whether the model still finds, after the edit, what it found before it.

    True in a rehearsal, and for targets that the model did not find in the first place.
    """
    n = edited.n_targets
    if tally.is_rehearsal:
        return np.ones(n, dtype=bool)
    before, after = (tally.on(q).predict(q.full_row[None])[0] for q in (tally.real, edited))
    result = np.ones(n, dtype=bool)
    for i, (target, moved) in enumerate(zip(tally.real.targets, edited.targets, strict=True)):
        if target.span is None:
            result[i] = max(before.labels, key=before.labels.__getitem__, default="") == max(
                after.labels, key=after.labels.__getitem__, default=""
            )
        elif replace(target.span, label=target.label or "") in before.spans:
            assert moved.span is not None
            result[i] = replace(moved.span, label=moved.label or "") in after.spans
    return result
