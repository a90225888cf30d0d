"""What stands next to an entity and makes it start or stop there."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from explain_lib.core import CorpusTable, GlobalAttribution

from .document_means import document_means
from .result import result_of
from .rows import Rows, Where, rows_of, target_numbers
from .word_importance import drawn_to_label

Bools = npt.NDArray[np.bool_]
SIDES = ("left", "right")


@dataclass(frozen=True)
class BoundaryLexicon:
    """Mean score of a word beside the end of an entity, per label and side, drawn towards the mean of that side.

    `where` takes the `reach` units just outside each end ("context"), just inside it ("own", all-units arm), or both.
    Where the table explains margins (Target(span, margin="left")), the margin of an end is read at that end: a positive
    score makes the entity start (left) or stop (right) there. Otherwise the score of the whole span is read, which also
    counts what the word does to the type; the quantity says which it was. Labels are "Disease · left".

    Errors and `more` as in WordImportance; cost: none to the model. Two words that always stand side by side share
    their score as the explainer shared it.
    """

    kappa: float = 10.0
    where: Where = "context"
    reach: int = 1
    folds_case: bool = True

    def __post_init__(self) -> None:
        if not self.kappa >= 0 or self.reach < 1:
            raise ValueError(f"kappa is {self.kappa} and reach {self.reach}; they are at least 0 and 1.")

    def of(self, source: object, rng: np.random.Generator) -> GlobalAttribution:
        """Read a CorpusTable with span targets; `rng` is not used."""
        rows = rows_of(source, self.where, self.folds_case)
        assert isinstance(source, CorpusTable)  # rows_of has refused anything else
        rows, of_margins = self._beside(source, rows)
        found = document_means(rows)
        scores, std_error = drawn_to_label(rows, found, self.kappa)
        what = "score of the margin at that end" if of_margins else "score of the span (the table holds no margins)"
        return result_of(
            self, rows, found, scores, std_error, f"mean {what} of a word beside the end",
            {"mean": found.mean, "noise": found.noise},
        )  # fmt: skip

    def _beside(self, table: CorpusTable, rows: Rows) -> tuple[Rows, bool]:
        """Rows beside an end, their labels with the side; a row at both ends of a short entity counts for each."""
        plain = set(table.arrow["label"].unique().to_pylist())
        margins = {f"{label}, {side} margin" for label in plain for side in SIDES}
        of_margins = bool(margins & set(rows.labels))
        parts = []
        for number, (name, marked) in enumerate(zip(SIDES, self._marked(table, rows), strict=True)):
            wanted = {f"{label}, {name} margin" for label in plain} if of_margins else plain
            keep = marked & np.array([label in wanted for label in rows.labels])[rows.label]
            parts.append((number, np.flatnonzero(keep)))
        at = np.concatenate([rows_at for _, rows_at in parts])
        if not len(at):
            raise ValueError(
                "no unit of the table stands beside a span: it explains documents as a whole, or every entity fills "
                "its text. Explain spans: explain_corpus(model, documents, method, targets=predicted)."
            )
        side = np.concatenate([np.full(len(rows_at), number) for number, rows_at in parts])
        bare = [label.removesuffix(" margin").removesuffix(", left").removesuffix(", right") for label in rows.labels]
        names = tuple(f"{label} · {one}" for label in (bare if of_margins else rows.labels) for one in SIDES)
        twice = replace(
            rows, labels=names, word=rows.word[at], label=rows.label[at] * 2 + side, document=rows.document[at],
            target=rows.target[at], score=rows.score[at], std_error=rows.std_error[at], at=rows.at[at],
        )  # fmt: skip
        return _merged(twice).only(np.ones(len(at), dtype=bool)), of_margins

    def _marked(self, table: CorpusTable, rows: Rows) -> tuple[Bools, Bools]:
        """bool[rows] for each side: within reach of that end, outside or inside it as `where` asks."""
        unit, target = table.column("unit").astype(np.int64), target_numbers(table)
        starts, ends = table.column("target_start"), table.column("target_end")
        is_own = (starts >= 0) & (table.column("unit_start") < ends) & (starts < table.column("unit_end"))
        far = np.iinfo(np.int64).max // 4
        first, last = np.full(target.max() + 1, far), np.full(target.max() + 1, -far)
        np.minimum.at(first, target[is_own], unit[is_own])
        np.maximum.at(last, target[is_own], unit[is_own])
        here, of = unit[rows.at], target[rows.at]
        out = first[of] - here, here - last[of]  # 1, 2, … outside the end; 0, −1, … inside
        nearest = {"context": 1, "own": 1 - self.reach, "both": 1 - self.reach}[self.where]
        farthest = {"context": self.reach, "own": 0, "both": self.reach}[self.where]
        left, right = ((nearest <= side) & (side <= farthest) for side in out)
        return left, right


def _merged(rows: Rows) -> Rows:
    """Labels that stand more than once (the margins of both sides without their side) made one."""
    names = tuple(dict.fromkeys(rows.labels))
    code = np.array([names.index(label) for label in rows.labels], np.int64)
    return replace(rows, labels=names, label=code[rows.label])
