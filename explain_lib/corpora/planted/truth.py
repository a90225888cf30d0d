"""The truth of planted documents: which units decide, and what becomes of a text when one of them is swapped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from explain_lib.core import Document, Longer, Span, Target, Units

from .clause import DECIDES, Decides

Side = Literal["left", "right"]
SIDES: tuple[Side, ...] = ("left", "right")


@dataclass(frozen=True)
class PlantedSwap:
    """A document in which one deciding word was put in place of another.

    `decides` says what it decides, `entity` numbers the entity in the original, `before` and `after` are that entity
    (None where it is none any more); the spans of `document` are those that the rule gives.
    """

    document: Document
    decides: Decides
    entity: int
    before: Span
    after: Span | None


def planted_swaps(document: Document) -> tuple[PlantedSwap, ...]:
    """All counterfactuals of a planted document: each deciding word swapped for one that says otherwise, one at a time.

    A model follows the rule where it answers them with their spans. Raises ValueError for a document of another kind.
    """
    return tuple(
        _swapped(document, i, Span(*entity["span"]), swap)
        for i, entity in enumerate(_entities(document))
        for swap in entity["swaps"]
    )


def planted_truth(document: Document, units: Units, target: Target, side: Side | None = None) -> npt.NDArray[np.bool_]:
    """bool[units]: the units whose words decide a target of a planted document; all of them are context.

    With a `side`, those that decide where this end of the target's span lies. Otherwise those of the question itself:
    a span, its trigger and both markers; a contrast with another type or with no entity, the trigger; a contrast with a
    longer form, the marker of the end that moves, with a shorter form the trigger too (the position that is given up is
    no part of an entity of another type either); the left margin, trigger and left marker (another type begins there
    too); the right margin, which asks whether the entity goes on, the right marker. A question that the rule leaves
    open has no deciding unit: an end without a marker, a contrast with a length that no mention has, the right margin
    of an entity with its suffix (nothing can follow).
    Raises ValueError for a document of another kind, and for a target that no planted entity overlaps.
    """
    entity = _entity_of(document, target)
    asked = (side,) if side is not None else _asked(target, entity)
    truth = np.zeros(len(units), dtype=bool)
    for decides in asked:
        for start, end in entity[decides]:
            truth |= units.inside(Span(start, end))
    return truth


def _asked(target: Target, entity: dict[str, Any]) -> tuple[Decides, ...]:
    left_is_longer, right_is_longer = entity["longer"]
    match target.margin:
        case "left":
            return ("type", "left")
        case "right":
            return () if right_is_longer else ("right",)
    match target.versus:
        case None:
            return DECIDES
        case Longer(left, right):
            steps = {"left": (left, _step(left_is_longer)), "right": (right, _step(right_is_longer))}
            if any(by not in (0, step) for by, step in steps.values()):
                return ()
            needs_type: tuple[Decides, ...] = ("type",) if min(left, right) < 0 else ()
            return (*needs_type, *(side for side in SIDES if steps[side][0]))
    return ("type",)


def _step(is_longer: bool) -> int:
    """By how many label positions the other form of an end is longer."""
    return -1 if is_longer else 1


def _entity_of(document: Document, target: Target) -> dict[str, Any]:
    if target.span is None:
        raise ValueError("planted truth is about entities; this target has no span.")
    found = [entity for entity in _entities(document) if Span(*entity["span"]).overlaps(target.span)]
    if not found:
        raise ValueError(
            f"no planted entity overlaps span {target.span.start}–{target.span.end}; the planted ones are "
            f"{', '.join(f'{s}–{e}' for s, e, _ in (one['span'] for one in _entities(document)))}."
        )
    return found[0]


def _entities(document: Document) -> list[dict[str, Any]]:
    if "planted" not in document.meta:
        raise ValueError(
            f"document {document.id!r} carries no planted truth; only those of planted_documents do (meta['planted'])."
        )
    found: list[dict[str, Any]] = document.meta["planted"]["entities"]
    return found


def _swapped(document: Document, i: int, before: Span, swap: dict[str, Any]) -> PlantedSwap:
    text = document.text[: swap["start"]] + swap["text"] + document.text[swap["end"] :]
    spans = tuple(sorted(Span(*span) for span in swap["spans"]))
    meta = {name: value for name, value in document.meta.items() if name != "planted"}
    after = None if swap["after"] is None else Span(*swap["after"])
    identity = f"{document.id}-{i}-{swap['of']}-{after.label if after else 'none'}"
    return PlantedSwap(Document(text, document.lang, spans, identity, meta), swap["of"], i, before, after)
