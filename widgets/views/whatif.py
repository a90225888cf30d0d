"""What hiding units does: entities lost and found, and the change of the target's score."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from explain_lib.core import Prediction, Span, Units

from .entities import entity_views, lane_numbers, reading_order, rounded
from .text import visible

NOTHING_HIDDEN = "What if a word were not there? Press m on it, or switch on “Hide words by clicking”."
_WORDS_SHOWN = 6


def changed_entities(
    units: Units, entities: Sequence[dict[str, Any]], spans: Sequence[Span], before: Prediction, after: Prediction
) -> list[dict[str, Any]]:
    """The same entities in the same order with state "lost" where the prediction is gone; new ones stand behind."""
    now = dict(zip(after.spans, after.confidence.tolist(), strict=True))
    old = [
        {**view, "state": _state(span in before.spans, span in now), "confidence": rounded(now.get(span))}
        for view, span in zip(entities, spans, strict=True)
    ]
    unseen = sorted((span for span in after.spans if span not in spans), key=reading_order)
    new = [{**view, "state": "new", "gold": False} for view in entity_views(units, unseen, after)]
    return _with_lanes(units, old + new, [*spans, *unseen])


def whatif_line(units: Units, hidden: Sequence[int], before: Prediction, after: Prediction, change: str = "") -> str:
    """One sentence: which units are hidden, what the prediction gained and lost, and the target's change."""
    if not hidden:
        return NOTHING_HIDDEN
    words = [f"“{visible(units.texts[i])}”" for i in hidden[:_WORDS_SHOWN]]
    more = f" and {len(hidden) - _WORDS_SHOWN} more" if len(hidden) > _WORDS_SHOWN else ""
    text = units.document.text
    if before.labels:
        return f"Hidden: {', '.join(words)}{more}. Prediction: {_class_news(before, after)}.{change}"
    lost = [_named(span, text) for span in before.spans if span not in after.spans]
    found = [_named(span, text) for span in after.spans if span not in before.spans]
    news = "; ".join(part for part in (_listed("lost", lost), _listed("found", found)) if part)
    return f"Hidden: {', '.join(words)}{more}. Prediction: {news or 'the same entities'}.{change}"


def _class_news(before: Prediction, after: Prediction) -> str:
    """What became of the likeliest class."""
    was, now = (max(one.labels, key=lambda label: one.labels[label]) for one in (before, after))
    moved = f"{visible(was)} p {before.labels[was]:.2f} → {after.labels[was]:.2f}"
    return moved if was == now else f"{moved}; now {visible(now)} p {after.labels[now]:.2f}"


def score_change(name: str, quantity: str, before: float, after: float) -> str:
    """How the target's score moved, with sign."""
    numbers = f"{before:.2f} → {after:.2f} ({after - before:+.2f})".replace("-", "−")
    return f" {visible(name)}: {quantity} {numbers}."


def _state(was_predicted: bool, is_predicted: bool) -> str:
    return "" if was_predicted == is_predicted else "new" if is_predicted else "lost"


def _with_lanes(units: Units, views: Sequence[dict[str, Any]], spans: Sequence[Span]) -> list[dict[str, Any]]:
    """Lanes anew for all spans: a new entity must not lie on top of an old one."""
    order = sorted(range(len(spans)), key=lambda i: reading_order(spans[i]))
    lanes = dict(zip(order, lane_numbers(units.document, [spans[i] for i in order]), strict=True))
    return [{**view, "lane": lanes[i]} for i, view in enumerate(views)]


def _named(span: Span, text: str) -> str:
    return f"{visible(span.label)} “{visible(span.text_of(text))}”"


def _listed(word: str, names: Sequence[str]) -> str:
    return f"{word} {', '.join(names)}" if names else ""
