"""Strict entity scores: same type and same ends, with an interval over documents or dialogues."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from explain_lib.core import Document, Prediction, Span
from explain_lib.statistics import bootstrap_statistic, ratio

Counts = npt.NDArray[np.int64]
"""int64[groups, 3]: correct, gold, predicted."""


def f1(counts: Counts) -> float:
    """Micro F1 of counts [..., 3] summed over all groups; 0 where nothing is gold or predicted."""
    correct, gold, predicted = counts.reshape(-1, 3).sum(0)
    return float(2 * correct / (gold + predicted)) if gold + predicted else 0.0


def score(
    documents: Sequence[Document],
    predictions: Sequence[Prediction],
    entity_types: Collection[str],
    group: Callable[[Document], str] = lambda document: document.id,
) -> dict[str, Any]:
    """Precision, recall and F1 on `entity_types` only, F1 by type, and a 95 % percentile bootstrap interval of F1.

    Every gold span counts, also one that a flat decoder cannot give. Whole groups are drawn with replacement.
    """
    counts = counts_by_group(documents, predictions, entity_types, group)
    correct, gold, predicted = (int(n) for n in counts.sum(0))
    return {
        "f1": f1(counts),
        "interval": interval(counts),
        "precision": correct / predicted if predicted else 0.0,
        "recall": correct / gold if gold else 0.0,
        "gold": gold,
        "predicted": predicted,
        "groups": len(counts),
        "types": {
            kind: {"f1": f1(one), "gold": int(one[:, 1].sum())}
            for kind in entity_types
            if (one := counts_by_group(documents, predictions, [kind], group))[:, 1].any()
        },
    }


def counts_by_group(
    documents: Sequence[Document],
    predictions: Sequence[Prediction],
    entity_types: Collection[str],
    group: Callable[[Document], str],
    keep: Callable[[Document, Span], bool] = lambda document, span: True,
) -> Counts:
    """Counts of each group of documents, of the spans that `keep` lets through."""
    rows: dict[str, Counts] = {}
    for document, prediction in zip(documents, predictions, strict=True):
        gold, found = (
            Counter((s.parts, s.label) for s in spans if s.label in entity_types and keep(document, s))
            for spans in (document.spans, prediction.spans)
        )
        row = rows.setdefault(group(document), np.zeros(3, np.int64))
        row += (sum((gold & found).values()), sum(gold.values()), sum(found.values()))
    return np.stack(list(rows.values()))


def interval(counts: Counts, level: float = 0.95, seed: int = 0) -> tuple[float, float]:
    """Percentile bootstrap of micro F1 over groups; one group says nothing about others: from 0 to 1."""
    weights = np.array([[2, 0], [0, 1], [0, 1]])  # of correct, gold, predicted: F1 is a ratio of two sums
    return bootstrap_statistic(counts @ weights, ratio, seed, level).interval or (0.0, 1.0)


def seen_and_unseen(
    train: Sequence[Document], documents: Sequence[Document], predictions: Sequence[Prediction], types: Collection[str]
) -> dict[str, float]:
    """F1 on mentions whose words stand under the same type in `train`, and on the others, letter case ignored.

    A predicted mention falls on its side by the same rule, so the two parts add up to the whole.
    """
    known = {(s.label, s.text_of(d.text).lower()) for d in train for s in d.spans}

    def is_seen(document: Document, span: Span) -> bool:
        return (span.label, span.text_of(document.text).lower()) in known

    def part(keep: Callable[[Document, Span], bool]) -> float:
        return f1(counts_by_group(documents, predictions, types, lambda d: d.id, keep))

    return {"seen": part(is_seen), "unseen": part(lambda document, span: not is_seen(document, span))}


def flat(document: Document) -> list[Span]:
    """The contiguous gold spans that a flat tagger can give: longest first, each where it still finds room."""
    kept: list[Span] = []
    for span in sorted(document.spans, key=lambda s: (s.start - s.end, s.start)):
        if not span.is_discontinuous and not any(span.overlaps(other) for other in kept):
            kept.append(span)
    return sorted(kept)
