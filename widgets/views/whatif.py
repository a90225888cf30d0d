"""What hiding and replacing words does: entities lost, found and moved, and the change of the target's score."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from explain_lib.core import Prediction, Span, Units

from .entities import entity_views, lane_numbers, reading_order
from .text import visible

NOTHING_CHANGED = (
    "What if a word were not there? Press m on it, or switch on “Hide words by clicking”; "
    "e or a double click puts other words in its place."
)
CUT = "the words that were replaced cut through this entity"
_WORDS_SHOWN = 6
_CHANGES_SHOWN = 3
_Moved = Mapping[Span, Span | None]


def changed_entities(
    units: Units, entities: Sequence[dict[str, Any]], moved: _Moved, before: Prediction, after: Prediction
) -> list[dict[str, Any]]:
    """The same entities in the same order where they are now, state "lost" where the prediction is gone; then new ones.

    `moved` says where each span of `entities` lies in the text of `units`; one that was cut (None) is drawn nowhere.
    """
    spans = [span for span in moved.values() if span is not None]
    unseen = sorted((span for span in after.spans if span not in spans), key=reading_order)
    drawn = iter(_with_lanes(units, entity_views(units, [*spans, *unseen], after), [*spans, *unseen]))
    old = [
        {**view, **({} if span is None else _placed(next(drawn))), **_fate(source in before.spans, span, after)}
        for view, (source, span) in zip(entities, moved.items(), strict=True)
    ]
    return [*old, *({**view, "state": "new", "gold": False} for view in drawn)]


def _placed(view: Mapping[str, Any]) -> dict[str, Any]:
    return {key: view[key] for key in ("start", "end", "text", "confidence", "lane", "parts")}


def _fate(was_predicted: bool, span: Span | None, after: Prediction) -> dict[str, Any]:
    if span is None:
        state = "lost" if was_predicted else ""
        return {"state": state, "problem": CUT, "confidence": None, "parts": [], "lane": -1}
    is_predicted = span in after.spans
    return {"state": "" if was_predicted == is_predicted else "new" if is_predicted else "lost"}


def whatif_line(done: Sequence[str], news: str, change: str = "") -> str:
    """One sentence: what was done, what it did to the prediction, and how the target's score moved."""
    return f"{' '.join(done)} Prediction: {news}.{change}" if done else NOTHING_CHANGED


def hidden_words(units: Units, hidden: Sequence[int]) -> str:
    """Which units are hidden, the first of them by their words."""
    return f"Hidden: {_some([f'“{visible(units.texts[i])}”' for i in hidden], _WORDS_SHOWN)}."


def replaced_words(pairs: Sequence[tuple[str, str]]) -> str:
    """Which words were replaced by which."""
    told = [f"“{visible(old)}” → “{visible(new)}”" for old, new in pairs]
    return f"Replaced: {_some(told, _CHANGES_SHOWN)}."


def entity_news(text: str, moved: _Moved, before: Prediction, now: str, after: Prediction) -> str:
    """What the prediction lost and found, and which of its entities have other ends: `now` is the new text."""
    kept = {moved[span] for span in before.spans}
    lost = [span for span in before.spans if moved[span] not in after.spans]
    found = [span for span in after.spans if span not in kept]
    shifted = [(old, new) for old in lost for new in found if _is_shifted(moved[old], new)]
    gone, come = {old for old, _ in shifted}, {new for _, new in shifted}
    parts = [
        _listed("moved", (f"{_named(old, text)} → “{visible(new.text_of(now))}”" for old, new in shifted)),
        _listed("lost", (_named(span, text) for span in lost if span not in gone)),
        _listed("found", (_named(span, now) for span in found if span not in come)),
    ]
    return "; ".join(part for part in parts if part) or "the same entities"


def class_news(before: Prediction, after: Prediction) -> str:
    """What became of the likeliest class."""
    was, now = (max(one.labels, key=lambda label: one.labels[label]) for one in (before, after))
    moved = f"{visible(was)} p {before.labels[was]:.2f} → {after.labels[was]:.2f}"
    return moved if was == now else f"{moved}; now {visible(now)} p {after.labels[now]:.2f}"


def score_change(name: str, quantity: str, before: float, after: float) -> str:
    """How the target's score moved, with sign."""
    numbers = f"{before:.2f} → {after:.2f} ({after - before:+.2f})".replace("-", "−")
    return f" {visible(name)}: {quantity} {numbers}."


def _is_shifted(old: Span | None, new: Span) -> bool:
    return old is not None and old.label == new.label and old.start < new.end and new.start < old.end


def _with_lanes(units: Units, views: Sequence[dict[str, Any]], spans: Sequence[Span]) -> list[dict[str, Any]]:
    """Lanes anew for all spans: a new entity must not lie on top of an old one."""
    order = sorted(range(len(spans)), key=lambda i: reading_order(spans[i]))
    lanes = dict(zip(order, lane_numbers(units.document, [spans[i] for i in order]), strict=True))
    return [{**view, "lane": lanes[i]} for i, view in enumerate(views)]


def _named(span: Span, text: str) -> str:
    return f"{visible(span.label)} “{visible(span.text_of(text))}”"


def _listed(word: str, names: Iterable[str]) -> str:
    told = ", ".join(names)
    return f"{word} {told}" if told else ""


def _some(told: Sequence[str], shown: int) -> str:
    more = f" and {len(told) - shown} more" if len(told) > shown else ""
    return f"{', '.join(told[:shown])}{more}"
