"""Every entity of a corpus as columns: what a table needs to filter, sort and score 50,000 rows in the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from explain_lib.analysis.errors import EntityErrors, ErrorClass, Outcome
from explain_lib.core import Document, Span
from explain_lib.evaluation.entities import CREDITS, Tier
from explain_lib.evaluation.entities.counts import COLUMNS, figures

from .entity_errors import outcome_excerpt
from .excerpts import excerpts, one_line
from .heat import numbers
from .report_parts import View, report_parts, table
from .text import page_language, visible

SCHEMES = ("strict", "exact", "partial", "type")
NOBODY = -1
_OWN_FIGURES = ("confidence", "length")


def entity_table_view(
    errors: EntityErrors, columns: Mapping[str, Sequence[float]] | None = None, part: str = "section"
) -> View:
    """{"rows", "part", "credits", "words", "codes", "figures"}: a row for each outcome, in the order of `errors`.

    `words` are lists of distinct strings, `codes` lists of whole numbers (places in `words`, or −1 for none), one
    number a row; `figures` lists of numbers, None where there is none. `columns` adds figures: by name, one number for
    each outcome, NaN where there is none. `part` is the entry of `meta` that tells parts of the corpus apart.
    `credits`: what a row in each tier (the last: without a partner) earns under each scheme; {} for a corpus without
    any gold span, where nothing is right or wrong.
    Raises ValueError for a column of another length, or with the name of one that is there.
    """
    rows, documents = errors.outcomes, errors.documents
    own = [documents[one.text] for one in rows]
    sides = [[one.gold for one in rows], [one.predicted for one in rows]]
    texts = _coded([_surface(*pair) for spans in sides for pair in zip(own, spans, strict=True)])
    labels = _coded([_label(span) for spans in sides for span in spans])
    parts, languages = (
        _coded([values[one.text] for one in rows])
        for values in ([str(d.meta.get(part, "")) for d in documents], [d.lang for d in documents])
    )
    has_gold, classes = any(errors.spans.gold), {error: i for i, error in enumerate(ErrorClass)}
    flags = _coded([one.flag if has_gold else "" for one in rows])
    n = len(rows)
    return {
        "rows": n,
        "part": visible(part),
        "credits": {scheme: list(CREDITS[scheme][: len(Tier) + 1]) for scheme in SCHEMES if has_gold},
        "words": {
            "class": [class_name(errors, error) for error in ErrorClass], "type": _shown(labels[0]),
            "text": [one_line(word) for word in texts[0]], "document": _names(errors), "part": _shown(parts[0]),
            "language": _shown(languages[0]), "page_language": [page_language(lang) for lang in languages[0]],
            "flag": _shown(flags[0]),
        },
        "codes": {
            "class": [classes[one.error] for one in rows], "tier": [_tier(one) for one in rows],
            "gold_type": labels[1][:n], "predicted_type": labels[1][n:],
            "gold_text": texts[1][:n], "predicted_text": texts[1][n:],
            "document": [one.text for one in rows], "part": parts[1], "language": languages[1], "flag": flags[1],
            **_ends("gold", sides[0]), **_ends("predicted", sides[1]),
        },
        "figures": entity_figures(errors, columns),
    }  # fmt: skip


def entity_figures(
    errors: EntityErrors, columns: Mapping[str, Sequence[float]] | None = None
) -> dict[str, list[float | None]]:
    """The figures of `entity_table_view` alone."""
    rows = errors.outcomes
    confidence = numbers([one.confidence for one in rows])
    return {"confidence": confidence, **_more(columns or {}, len(rows)), "length": [_length(one) for one in rows]}


def class_name(errors: EntityErrors, error: ErrorClass) -> str:
    """What a class is called: where no text has a gold span, nothing is spurious."""
    return str(error) if any(errors.spans.gold) else "predicted"


def find_outcome(errors: EntityErrors, chosen: Mapping[str, Any]) -> Outcome | None:
    """The outcome that a selection {"text", "start", "end", "label", …} of the table speaks of; None for none."""
    there = (one for one in errors.outcomes if one.text == chosen["text"]) if chosen else ()
    wanted = chosen and (chosen["start"], chosen["end"], chosen["label"])
    for one in there:
        spans = [span for span in (one.predicted, one.gold) if span]
        if wanted in [(span.start, span.end, visible(span.label)) for span in spans]:
            return one
    return None


def outcome_view(errors: EntityErrors, one: Outcome | None) -> View:
    """The words around one outcome, as `excerpts` draws them; {} for none."""
    return {} if one is None else excerpts(class_name(errors, one.error).capitalize(), [outcome_excerpt(errors, one)])


def entity_table_report(errors: EntityErrors) -> View:
    """Counts and scores without intervals, for readers without scripts: nothing is drawn, so that it comes at once."""
    title = f"Entities: {len(errors.outcomes)} in {len(errors.documents)} texts"
    if not any(errors.spans.gold):
        return report_parts(title, ["The texts have no gold spans: nothing is right or wrong."])
    title += f", {len(errors.errors)} errors"
    classes = table("Classes", ["class", "entities"], [[str(error), n] for error, n in errors.counts.items()])
    return report_parts(title, [errors.spans.note], [classes, _scores(errors)])


def _scores(errors: EntityErrors) -> View:
    """A row a scheme: what the spans of each side earn in the tier that they are in."""
    tiers = np.array([_tier(one) for one in errors.outcomes], np.int64)
    sides = [[one.gold is not None for one in errors.outcomes], [one.predicted is not None for one in errors.outcomes]]
    counts = np.stack([np.bincount(tiers[np.array(side, bool)], minlength=len(COLUMNS)) for side in sides])
    rows = [[name, *row, *counts.sum(axis=1)] for name, row in zip(CREDITS, figures(counts), strict=True)]
    columns = ["scheme", "precision", "recall", "F1", "gold", "predicted"]
    return table("Scores", columns, rows[: len(SCHEMES)])


def _coded(values: Sequence[str | None]) -> tuple[list[str], list[int]]:
    """The distinct strings in order, letter case aside, and for each value its place: to sort is to sort places."""
    words = sorted({value for value in values if value is not None}, key=lambda word: (word.casefold(), word))
    place: dict[str | None, int] = {None: NOBODY, **{word: i for i, word in enumerate(words)}}
    return words, [place[value] for value in values]


def _shown(words: Sequence[str]) -> list[str]:
    return [visible(word) for word in words]


def _names(errors: EntityErrors) -> list[str]:
    """The name of each text; "" for one without an entity, which no row speaks of."""
    names = {one.text: visible(one.document) for one in errors.outcomes}
    return [names.get(at, "") for at in range(len(errors.documents))]


def _surface(document: Document, span: Span | None) -> str | None:
    if span is None:
        return None
    return span.text_of(document.text) if span.fragments else document.text[span.start : span.end]  # twice as fast


def _label(span: Span | None) -> str | None:
    return None if span is None else span.label


def _tier(one: Outcome) -> int:
    """How the sides answer each other, as `match_spans` says it."""
    if one.gold is None or one.predicted is None:
        return len(Tier)
    is_same = one.gold.label == one.predicted.label
    exact, overlap = (Tier.EXACT_AND_TYPE, Tier.OVERLAP_AND_TYPE) if is_same else (Tier.EXACT, Tier.OVERLAP)
    return int(exact if one.iou == 1 else overlap)


def _ends(side: str, spans: Sequence[Span | None]) -> dict[str, list[int]]:
    return {
        f"{side}_start": [NOBODY if span is None else span.start for span in spans],
        f"{side}_end": [NOBODY if span is None else span.end for span in spans],
    }


def _length(one: Outcome) -> int:
    """Characters of the gold span, or of the predicted one that answers none."""
    span = one.gold or one.predicted
    return sum(end - start for start, end in span.parts) if span else 0


def _more(columns: Mapping[str, Sequence[float]], n: int) -> dict[str, list[float | None]]:
    for name, values in columns.items():
        if name in _OWN_FIGURES:
            raise ValueError(f"the table has a column {name!r} of its own; give yours another name.")
        if len(values) != n:
            raise ValueError(
                f"column {name!r} has {len(values)} numbers and there are {n} outcomes; give one for each of "
                "`errors.outcomes`, in order, NaN where there is none."
            )
    return {visible(name): numbers(values) for name, values in columns.items()}
