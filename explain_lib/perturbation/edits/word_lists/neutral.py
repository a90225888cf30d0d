"""Words that mean little: to stand in for a word, or to modify one without making it another thing."""

from __future__ import annotations

from . import words

FILLERS: dict[str, tuple[str, ...]] = {
    "en": words("thing item part matter kind one"),
    "nl": words("ding iets deel zaak soort punt"),
    "zh": words("某 其 该 此 物 者"),
}
"""Stand in for the unit at an end of an entity."""

MODIFIERS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {"left": ("known", "this", "said", "his"), "right": ("as mentioned", "as known", "here", "too")},
    "nl": {"left": ("bekende", "dit", "genoemde", "zijn"), "right": ("zoals bekend", "zoals gemeld", "hier", "ook")},
    "zh": {"left": ("该", "此种", "所谓", "其"), "right": ("等", "情况", "现象", "之类")},
}
"""Stand before or behind an entity and leave it what it is."""

MARKS: dict[str, tuple[str, ...]] = {"en": (",", ";"), "nl": (",", ";"), "zh": ("，", "、", "；")}
"""Marks that may stand between an entity and what is next to it."""
