"""What edits make of an entity: kept, an end moved, another type, or gone; counts, since all come from one text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from explain_lib.core import Measure, Prediction, not_available
from explain_lib.perturbation.edits import Edit, TextEdit

from .drawn_edits import DrawnEdits
from .entity import SIDES, Entity
from .fate import Fate

ALL = "all label-keeping"
"""The family under which all edits that keep labels are counted together; stress edits never are."""
SCALE = "share of the edits of one text, so without interval; n: edits"
NAMES = ("kept", "type changed or lost")


@dataclass(frozen=True, eq=False)
class Flips:
    """The fate of one entity under each drawn edit; None where an edit cuts it, or stresses an end of another."""

    entity: Entity
    drawn: DrawnEdits
    fates: tuple[Fate | None, ...]
    clean: Fate

    @classmethod
    def of(cls, entity: Entity, drawn: DrawnEdits, text: Prediction, edited: Sequence[Prediction]) -> Flips:
        """Look the entity up in the prediction of the text and of each edited text."""
        fates = [_fate(entity, edit, found) for edit, found in zip(drawn.edits, edited, strict=True)]
        return cls(entity, drawn, tuple(fates), Fate.of(entity.span, text))

    def of_family(self, name: str) -> list[Fate]:
        """The fates under one family, or under all that keep labels; cut entities left out."""
        pairs = zip(self.drawn.edits, self.fates, strict=True)
        return [
            fate for edit, fate in pairs
            if fate is not None and (edit.family.name == name or (name == ALL and edit.family.keeps_label))
        ]  # fmt: skip

    def measures(self) -> Iterator[Measure]:
        """Shares kept, with each end moved, and retyped or lost, by family."""
        if not self.clean.is_kept:
            why = f"the model does not return this entity on the text itself ({self.clean})"
            yield from self._nothing(ALL, why)
            return
        for family in (ALL, *self.drawn.families):
            fates = self.of_family(family)
            if fates:
                yield from self._shares(family, fates)
            else:
                yield from self._nothing(family, self._why_none(family))

    def _why_none(self, family: str) -> str:
        if family == ALL:
            return "no label-keeping edit was drawn"
        if all(edit.family.name != family for edit in self.drawn.edits):
            is_refused = self.drawn.rejection_rate.get(family, 0.0) == 1
            none = "the gate refused every edit of it" if is_refused else "no edit of it is among those asked for"
            return self.drawn.unavailable.get(family, f"{none}; ask for more edits")
        return "no edit is about this entity and leaves it whole"

    def _shares(self, family: str, fates: list[Fate]) -> Iterator[Measure]:
        about, n = {"target": self.entity.target.name, "family": family}, len(fates)
        yield Measure(NAMES[0], sum(fate.is_kept for fate in fates) / n, None, n, SCALE, True, about)
        for side, moved in zip(SIDES, zip(*(fate.moved for fate in fates), strict=True), strict=True):
            yield Measure("end moved", sum(moved) / n, None, n, SCALE, False, about | {"side": side})
        yield Measure(NAMES[1], sum(not fate.keeps_type for fate in fates) / n, None, n, SCALE, False, about)

    def _nothing(self, family: str, why: str) -> Iterator[Measure]:
        about = {"target": self.entity.target.name, "family": family}
        yield not_available(NAMES[0], why, SCALE, about)
        yield from (not_available("end moved", why, SCALE, about | {"side": side}) for side in SIDES)
        yield not_available(NAMES[1], why, SCALE, about)

    def records(self) -> list[dict[str, object]]:
        """What became of the entity, edit by edit, as plain values; edits that are not about it are left out."""
        return [
            {"edit": k, "was": [fate.span.start, fate.span.end],
             "now": fate.now and [fate.now.start, fate.now.end, fate.now.label]}
            for k, fate in enumerate(self.fates) if fate is not None
        ]  # fmt: skip

    def nearest(self) -> list[dict[str, object]]:
        """For each end the text edit of fewest changed characters that moves it, stress edits included."""
        moving = [
            (_characters(edit), edit, fate) for edit, fate in zip(self.drawn.edits, self.fates, strict=True)
            if isinstance(edit, TextEdit) and fate is not None
        ]  # fmt: skip
        found = []
        for i, side in enumerate(SIDES):
            here = [one for one in moving if self.clean.is_kept and one[2].moved[i]]
            if here:
                size, edit, fate = min(here, key=lambda one: one[0])
                found.append({"side": side, "characters": size, **edit.record(), "then": str(fate)})
        return found


def _fate(entity: Entity, edit: Edit, found: Prediction) -> Fate | None:
    moved = edit.moved(entity.span)
    return Fate.of(moved, found) if moved is not None and _is_about(edit, entity.target.name) else None


def _is_about(edit: Edit, name: str) -> bool:
    """Whether an edit is about a target or a contrast or margin of it, or about no target in particular."""
    about = str(edit.record().get("target", name))
    return about == name or about.startswith((f"{name},", f"{name} "))


def _characters(edit: TextEdit) -> int:
    return sum(max(len(change.text), change.end - change.start) for change in edit.changes)
