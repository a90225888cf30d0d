"""The errors of a corpus: every entity with its class, counted, scored and cut into slices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from explain_lib.core import Document, Measure, not_available
from explain_lib.evaluation.entities import CountedSpans, EntityScores, score_spans
from explain_lib.statistics import Bootstrapped, bootstrap_statistics, ratio, sum_by_document

from .outcome import ErrorClass, Outcome

if TYPE_CHECKING:
    import pandas

Counts = dict[ErrorClass, int]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class EntityErrors:
    """Every gold span and every unmatched predicted span of a corpus, one outcome each, and the scores.

    `outcomes` stand in the order of the texts; correct entities are among them, `errors` are the others. `spans` are
    those of each text that counted; `wholes` names the document that each text is a part of: intervals draw those.
    Counts hold every class, also with 0. Holds the texts; `repr` shows sizes only.
    """

    outcomes: tuple[Outcome, ...]
    documents: tuple[Document, ...]
    spans: CountedSpans
    wholes: tuple[str, ...]
    rng: int = 0

    @cached_property
    def scores(self) -> EntityScores:
        """Precision, recall and F1 by scheme and label, with intervals over documents; counted when first asked for."""
        return score_spans(self.spans, self.wholes, self.rng)

    @property
    def errors(self) -> tuple[Outcome, ...]:
        """The outcomes that are not correct."""
        return tuple(one for one in self.outcomes if one.error is not ErrorClass.CORRECT)

    @property
    def counts(self) -> Counts:
        """How many entities of each class there are."""
        return self._counted(lambda one: "").get("", dict.fromkeys(ErrorClass, 0))

    @property
    def counts_by_label(self) -> dict[str, Counts]:
        """Counts by the gold label, or that of a prediction without gold."""
        return dict(sorted(self._counted(lambda one: one.label).items()))

    @property
    def counts_by_document(self) -> dict[str, Counts]:
        """Counts by text; texts without an entity are absent."""
        return self._counted(lambda one: one.document)

    def select(
        self, error: ErrorClass | None = None, label: str | None = None, document: str | None = None
    ) -> tuple[Outcome, ...]:
        """The outcomes of that class, label and text, in order."""
        asked = {"error": error, "label": label, "document": document}
        named = {name: value for name, value in asked.items() if value is not None}
        return tuple(one for one in self.outcomes if all(getattr(one, k) == v for k, v in named.items()))

    def shares(self) -> tuple[Measure, ...]:
        """Each class as a share of all entities, and the errors of the boundary only as a share of all errors.

        Boundary only: a partner of the same type, not exact. Intervals draw whole documents again; a class that was
        never seen has none, but a note that bounds the share of documents in which it occurs.
        """
        table = np.zeros((len(self.documents), len(ErrorClass) + 1, 2))
        for one in self.outcomes:
            is_error = one.error is not ErrorClass.CORRECT
            hits = [*(one.error is c for c in ErrorClass), one.is_of_boundary_only]
            among = [*(True for _ in ErrorClass), is_error]
            table[one.text] += np.stack([hits, among], axis=-1)
        sums = sum_by_document(table, self.wholes)
        found = bootstrap_statistics(sums.reshape(len(sums), -1), _shares, self.rng)
        rows = zip(ErrorClass, found, strict=False)
        entities = [
            _measure(str(c), one, len(self.outcomes), "n = gold and unmatched predicted spans", c is ErrorClass.CORRECT)
            for c, one in rows
        ]
        return *entities, _measure("errors of the boundary only", found[-1], len(self.errors), "n = errors", None)

    def slices(self, key: str | Callable[[Document], object]) -> dict[str, EntityErrors]:
        """The errors of each part of the corpus, by an entry of `meta` (section, source) or by a function.

        Texts without the entry stand under "". Flags stay as they were found in the whole corpus.
        """
        value = key if callable(key) else lambda document: document.meta.get(key, "")
        parts: dict[str, list[int]] = {}
        for at, document in enumerate(self.documents):
            parts.setdefault(str(value(document)), []).append(at)
        return {name: self._part(texts) for name, texts in sorted(parts.items())}

    def to_pandas(self) -> pandas.DataFrame:
        """A row for every outcome: document, class, label, gold and predicted ends, labels and texts, and the rest."""
        import pandas

        return pandas.DataFrame([self._row(one) for one in self.outcomes])

    def save(self, path: str | Path) -> None:
        """Write everything, texts included, as JSON: `path`/errors.json, or `path` itself where it ends in .json."""
        from .errors_store import save  # imported here: the store reads EntityErrors

        save(self, path)

    @classmethod
    def load(cls, path: str | Path) -> EntityErrors:
        """Read what `save` wrote; ValueError for a file of another kind."""
        from .errors_store import load

        return load(path)

    def __repr__(self) -> str:
        size = f"{len(self.outcomes)} entities of {len(self.documents)} texts, {len(self.errors)} errors"
        parts = [size, str(self.scores.measure("F1")), self.spans.note]
        return f"EntityErrors({', '.join(part for part in parts if part)})"

    def _counted(self, key: Callable[[Outcome], str]) -> dict[str, Counts]:
        found = Counter((key(one), one.error) for one in self.outcomes)
        names = dict.fromkeys(key(one) for one in self.outcomes)
        return {name: {error: found[name, error] for error in ErrorClass} for name in names}

    def _part(self, texts: Sequence[int]) -> EntityErrors:
        place = {at: i for i, at in enumerate(texts)}
        spans = self.spans.part(texts)
        wholes = tuple(self.wholes[at] for at in texts)
        return EntityErrors(
            outcomes=tuple(replace(one, text=place[one.text]) for one in self.outcomes if one.text in place),
            documents=tuple(self.documents[at] for at in texts),
            spans=spans,
            wholes=wholes,
            rng=self.rng,
        )

    def _row(self, one: Outcome) -> Mapping[str, object]:
        text = self.documents[one.text].text
        sides = {"gold": one.gold, "predicted": one.predicted}
        ends = {
            f"{side}_{name}": None if span is None else getattr(span, name)
            for side, span in sides.items()
            for name in ("start", "end", "label")
        }
        texts = {f"{side}_text": None if span is None else span.text_of(text) for side, span in sides.items()}
        return {
            "document": one.document, "class": str(one.error), "label": one.label, **ends, **texts, "iou": one.iou,
            "shift_left": one.shift_left, "shift_right": one.shift_right, "confidence": one.confidence,
            "flag": one.flag,
        }  # fmt: skip


def _shares(sums: Floats) -> Floats:
    return ratio(sums.reshape(*sums.shape[:-1], -1, 2))


def _measure(name: str, found: Bootstrapped, n: int, counted: str, is_better: bool | None) -> Measure:
    scale = f"0 to 1, {counted}"
    if np.isnan(found.value):
        return not_available(name, "there are no such spans", scale)
    if found.value == 0 and found.interval is not None:  # drawing nothing again gives nothing again
        most = 1 - 0.05 ** (1 / found.n_documents)
        note = f"none seen: with 95 % confidence in at most {most:.1%} of such documents"
        return Measure(name, 0.0, None, n, scale, is_better, note=note)
    return Measure(name, found.value, found.interval, n, scale, is_better, note=found.note)
