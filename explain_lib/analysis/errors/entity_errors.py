"""`entity_errors`: one class for every entity of a corpus, with scores and intervals over documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace

from explain_lib.core import Document, Prediction, Span
from explain_lib.evaluation.entities import Labels, counted_spans
from explain_lib.perturbation.streams import Rng, settled
from explain_lib.statistics import document_names, text_names

from .classes import outcomes
from .errors import EntityErrors
from .outcome import GOLD_PROBABLY_MISSING, ErrorClass, Outcome

SURE = 0.95
Place = tuple[int, tuple[tuple[int, int], ...]]


def entity_errors(
    documents: Sequence[Document],
    predictions: Sequence[Prediction],
    labels: Labels = None,
    group: Callable[[Document], str] | None = None,
    rng: Rng = 0,
) -> EntityErrors:
    """Match gold and predicted spans one to one and give each entity the first class that applies.

    Matching: exact and the same type, exact, overlap and the same type, overlap; within a step as many pairs as
    possible, then the largest overlap (`match_spans`). Classes: see `ErrorClass`; those of a document sum to its gold
    spans and its unmatched predictions. A spurious entity whose text (letter case ignored) and type are gold elsewhere,
    or that is predicted with a confidence of .95 or more, is flagged "gold probably missing": a question to the
    annotators, not a class.

    `labels` are the ones that count, on both sides (default: all); give them where the corpus does not annotate
    everything that the model predicts, or {label of the corpus: label of the model} where they are written
    differently. `group` names the whole document that a text is from, for the intervals (default: what the reader kept,
    else each text by itself); `rng` draws those (a Generator gives a seed for
    them). Raises ValueError for lists of different lengths or spans that leave the text, TypeError for anything but
    Documents and Predictions.
    """
    spans, seed = counted_spans(documents, predictions, labels), settled(rng, "entity errors")
    names, wholes = text_names(documents), document_names(documents, group)
    sides = zip(documents, spans.gold, spans.predicted, spans.confidence, strict=True)
    found = [one for at, text in enumerate(sides) for one in outcomes(at, names[at], *text)]
    return EntityErrors(
        outcomes=_flagged(found, documents, spans.gold),
        documents=tuple(documents),
        spans=spans,
        wholes=wholes,
        rng=seed,
    )


def _flagged(
    found: Sequence[Outcome], documents: Sequence[Document], golds: Sequence[Sequence[Span]]
) -> tuple[Outcome, ...]:
    """The outcomes with the flag of the corpus: gold that is probably missing."""
    places: dict[tuple[str, str], set[Place]] = defaultdict(set)
    for at, spans in enumerate(golds):
        for span in spans:
            places[_surface(documents[at], span)].add((at, span.parts))

    def is_likely(one: Outcome) -> bool:
        if one.error is not ErrorClass.SPURIOUS or one.predicted is None:
            return False
        known = places.get(_surface(documents[one.text], one.predicted), set())
        return one.confidence >= SURE or bool(known - {(one.text, one.predicted.parts)})

    return tuple(replace(one, flag=GOLD_PROBABLY_MISSING) if is_likely(one) else one for one in found)


def _surface(document: Document, span: Span) -> tuple[str, str]:
    return span.text_of(document.text).casefold(), span.label
