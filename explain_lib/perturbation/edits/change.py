"""Changes of a text as replaced ranges of characters, and where everything else lies afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from explain_lib.core import Span


@dataclass(frozen=True, order=True)
class Change:
    """Characters `start` to `end` of the source text (half open) become `text`; start == end inserts."""

    start: int
    end: int
    text: str

    @property
    def growth(self) -> int:
        """How many characters the text grows by."""
        return len(self.text) - (self.end - self.start)

    def touches(self, start: int, end: int) -> bool:
        """Whether anything inside start–end is replaced; an insertion at either end is outside."""
        return (self.start < end and start < self.end) or start < self.start == self.end < end


def check_changes(changes: Sequence[Change], length: int) -> tuple[Change, ...]:
    """The changes in text order; ValueError where they overlap, leave the text of `length` or are none."""
    found = tuple(sorted(changes))
    if not found:
        raise ValueError("an edit needs at least one change.")
    for before, after in zip(found, found[1:], strict=False):
        if after.start < before.end or (before.start, before.end) == (after.start, after.end):
            raise ValueError(
                f"changes {before.start}–{before.end} and {after.start}–{after.end} overlap; join them into one."
            )
    if found[0].start < 0 or found[-1].end > length or any(c.start > c.end for c in found):
        raise ValueError(f"changes must lie in the text, which has {length} characters, with start <= end.")
    return found


def are_apart(changes: Sequence[Change]) -> bool:
    """Whether no two changes overlap or meet."""
    found = sorted(changes)
    return all(before.end < after.start for before, after in zip(found, found[1:], strict=False))


def changed_text(text: str, changes: Sequence[Change]) -> str:
    """The text after all changes."""
    parts, at = [], 0
    for change in changes:
        parts += [text[at : change.start], change.text]
        at = change.end
    return "".join([*parts, text[at:]])


def new_ranges(changes: Sequence[Change]) -> list[tuple[int, int]]:
    """Where the replacements lie in the changed text; empty ranges where something was deleted."""
    ranges, grown = [], 0
    for change in changes:
        ranges.append((change.start + grown, change.start + grown + len(change.text)))
        grown += change.growth
    return ranges


def moved_range(start: int, end: int, changes: Sequence[Change]) -> tuple[int, int] | None:
    """Where start–end lies in the changed text; None where a change cuts one of its ends or takes all of it.

    Changes that lie wholly inside stretch it; insertions at its ends stay outside.
    """
    before = inside = 0
    for change in changes:
        if change.end <= start:
            before += change.growth
        elif change.start >= end:
            break
        elif start <= change.start and change.end <= end:
            inside += change.growth
        else:
            return None
    return None if end + inside <= start else (start + before, end + before + inside)


def moved_span(span: Span, changes: Sequence[Change]) -> Span | None:
    """A span in the changed text, its fragments too; None where a change cuts an end of any part."""
    parts = [moved_range(start, end, changes) for start, end in span.parts]
    whole = [part for part in parts if part is not None]
    return Span.from_fragments(whole, span.label) if len(whole) == len(parts) else None
