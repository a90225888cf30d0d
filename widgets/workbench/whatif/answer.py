"""The model's answer to a text of which words were hidden or replaced, beside its answer to the text as it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from explain_lib.core import Target

from ...picture import shown_text as drawn_text
from ...views import class_views, target_name
from ...views.heat import quantity_of
from ...views.text import visible
from ...views.whatif import (
    changed_entities, class_news, entity_news, hidden_words, replaced_words, score_change, whatif_line,
)  # fmt: skip
from .rewriting import Rewritten

NO_SCORE = " The chosen entity has no score in this text: the replaced words cut through it."


@dataclass(frozen=True)
class Answer:
    """The entities as they are now, and one line about what was done and what it did."""

    entities: list[dict[str, Any]]
    line: str


def what_if(version: Rewritten, hidden: Sequence[int], target: Target | None = None) -> Answer:
    """Predict the text with some units hidden, and score a target of the document before and after.

    Two model rows per window at most: this text, and the document as it is.
    """
    case, units = version.case, version.probe.units
    if not hidden and version.edit is None:
        return Answer(case.entities(), whatif_line([], ""))
    keep = np.ones((1, len(units)), dtype=bool)
    keep[0, list(hidden)] = False
    after, before = version.probe.predict(keep)[0], case.prediction
    moved = {span: version.moved(span) for span in case.spans}
    views = changed_entities(units, case.entities()[: len(case.spans)], moved, before, after)
    views += class_views(case.classes, after)
    texts = case.units.document.text, units.document.text
    news = class_news(before, after) if before.labels else entity_news(texts[0], moved, before, texts[1], after)
    return Answer(views, whatif_line(_done(version, hidden), news, _change(version, keep, target)))


def shown_text(version: Rewritten) -> dict[str, Any]:
    """What the text widget draws: `text_view`, the levels of its heat, and for a rewritten text what is new in it.

    "changed" holds [first, last, old words] of each replacement, "origin" for each unit that of the document or −1.
    """
    view = drawn_text(version.probe.units)
    if version.edit is None:
        return view
    changed = [[first, last, visible(old)] for first, last, old in version.changed()]
    return {**view, "changed": changed, "origin": version.origin()}


def _done(version: Rewritten, hidden: Sequence[int]) -> list[str]:
    text = version.case.units.document.text
    pairs = [(text[change.start : change.end], change.text) for change in version.changes]
    return [
        *([replaced_words(pairs)] if pairs else []), *([hidden_words(version.probe.units, hidden)] if hidden else []),
    ]  # fmt: skip


def _change(version: Rewritten, keep: np.ndarray[Any, np.dtype[np.bool_]], target: Target | None) -> str:
    if target is None:
        return ""
    asked, case = version.asked(target), version.case
    if asked is None:
        return NO_SCORE
    probe = case.probe.with_targets([target])
    before, after = float(probe.value(probe.full_row[None])[0, 0]), float(asked.value(keep)[0, 0])
    return score_change(target_name(target, case.units.document.text), quantity_of(target, probe.score), before, after)
