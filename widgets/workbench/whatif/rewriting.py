"""Other words in a text: what the reader typed as changes of characters, and a case whose text was changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np

from explain_lib.core import Document, Span, Target, Units
from explain_lib.corpora import default_units
from explain_lib.perturbation import Query
from explain_lib.perturbation.edits import Change, Edit, Subject, TextEdit
from explain_lib.perturbation.edits.change import new_ranges
from explain_lib.perturbation.edits.layout import with_blank

from ...views.text import unmarked, visible
from ..case import Case


@dataclass(frozen=True)
class ByHand:
    """Edits that a reader makes; none can be drawn."""

    name: str = "by hand"
    languages: tuple[str, ...] | None = None
    keeps_label: bool = False
    cost: int = 0

    def draw(self, subject: Subject, n: int, rng: np.random.Generator) -> list[Edit]:
        """None."""
        return []


@dataclass(frozen=True, eq=False)
class Rewritten:
    """A case and the text that the reader made of its own: `edit` is None where nothing was replaced.

    `probe` asks about the new text, without targets, on rows of its own.
    """

    case: Case
    edit: TextEdit | None
    probe: Query

    @property
    def changes(self) -> tuple[Change, ...]:
        """What was replaced, in characters of the document."""
        return self.edit.changes if self.edit else ()

    def moved(self, span: Span) -> Span | None:
        """Where a span of the document lies; None where the reader cut through one of its ends."""
        return self.edit.moved(span) if self.edit else span

    def asked(self, target: Target) -> Query | None:
        """The query about a target of the document; None where it is cut or cannot be asked any more."""
        span = None if target.span is None else self.moved(target.span)
        if target.span is not None and span is None:
            return None
        try:
            return self.probe.with_targets([Target(span, target.label, target.versus, target.margin)])
        except ValueError:
            return None

    def origin(self) -> list[int]:
        """For each unit the unit of the document that it was, −1 where it is new."""
        came_from = np.full(self.probe.n_units, -1)
        places = self.edit.unit_of(self.case.probe, self.probe) if self.edit else np.arange(self.probe.n_units)
        came_from[places[places >= 0]] = np.flatnonzero(places >= 0)
        return [int(i) for i in came_from]

    def changed(self) -> list[tuple[int, int, str]]:
        """(first unit, last unit, old words) of each replacement; last < first where words before it were taken out."""
        bounds, text = self.probe.units.bounds, self.case.units.document.text
        found = []
        for change, (start, end) in zip(self.changes, new_ranges(self.changes), strict=True):
            first = int(np.searchsorted(bounds[:, 1], start, side="right"))
            last = int(np.searchsorted(bounds[:, 0], end, side="left")) - 1
            found.append((first, last if start < end else first - 1, text[change.start : change.end]))
        return found


def rewrite(case: Case, changes: Sequence[Change]) -> Rewritten:
    """The case with these changes of its text; ValueError where they leave none."""
    if not changes:
        return Rewritten(case, None, case.probe)
    edit = TextEdit(ByHand(), case.units.document, tuple(changes))
    return Rewritten(case, edit, edit.on(case.probe))


def kept_units(before: Rewritten, after: Rewritten, units: Iterable[int]) -> tuple[int, ...]:
    """Where units of one version of a text are in another; those that are not there any more drop out."""
    here, there = before.origin(), {unit: i for i, unit in enumerate(after.origin()) if unit >= 0}
    return tuple(sorted(there[here[i]] for i in units if here[i] in there))


def typed_changes(units: Units, first: int, last: int, typed: str) -> list[Change]:
    """What it takes to make units `first` to `last` read as typed: whole words, as few as possible.

    So an entity beside a word that was replaced stays whole. Words that are taken out take a blank along.
    """
    text, (start, end) = units.document.text, (int(units.bounds[first, 0]), int(units.bounds[last, 1]))
    if not typed.strip():
        return [Change(*with_blank(text, start, end), "")]
    if typed == visible(text[start:end]):  # also where the text itself holds what looks like a mark
        return []
    old = [text[a:b] for a, b in _cut(units.bounds[first : last + 1].tolist(), start, end)]
    new = list(_words(unmarked(typed)))
    offsets = np.concatenate([[start], start + np.cumsum([len(token) for token in old])])
    opcodes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    changes = [
        Change(int(offsets[a]), int(offsets[b]), "".join(new[c:d])) for kind, a, b, c, d in opcodes if kind != "equal"
    ]
    return [change for change in changes if text[change.start : change.end] != change.text]


def then(text: str, changes: Sequence[Change], later: Change) -> tuple[Change, ...]:
    """Changes of `text`, and after them one of the changed text, as changes of `text`: it swallows those it meets."""
    placed = list(zip(changes, new_ranges(changes), strict=True))
    before = [change for change, (_, end) in placed if end < later.start]
    after = [change for change, (start, _) in placed if start > later.end]
    met = placed[len(before) : len(placed) - len(after)]
    shift = sum(change.growth for change in before)
    start, end, head, tail = later.start - shift, later.end - shift, "", ""
    if met:
        (first, (first_start, _)), (last, (last_start, last_end)) = met[0], met[-1]
        head = first.text[: max(0, later.start - first_start)]
        tail = last.text[max(0, later.end - last_start) :] if later.end < last_end else ""
        start = min(first.start, start)
        end = max(last.end, end - sum(change.growth for change, _ in met))
    joined = Change(start, end, head + later.text + tail)
    is_back = text[start:end] == joined.text
    return (*before, *(() if is_back else (joined,)), *after)


def _cut(bounds: Sequence[Sequence[int]], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Units and the gaps between them, from `start` to `end`."""
    at = start
    for a, b in bounds:
        yield from (part for part in ((at, a), (a, b)) if part[0] < part[1])
        at = b
    if at < end:
        yield at, end


def _words(text: str) -> Iterator[str]:
    """A text as words, marks and what stands between them."""
    bounds = default_units(Document(text)).bounds.tolist()
    yield from (text[a:b] for a, b in _cut(bounds, 0, len(text)))
