"""Claims of a file that a mention stands at some offsets: checked, and mended where that is safe."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ..core import Document, Problem, Span
from .source import Source

Range = tuple[int, int]
REACH = 10  # characters that a mention may have slipped; slips in published corpora are 1 or 2


class Claim(NamedTuple):
    """What a file says of one span; `mention` is the text that it should hold, None where the file does not say."""

    parts: tuple[Range, ...]
    label: str
    mention: str | None = None


def offset(value: object) -> int:
    """A number as JSON files spell it, 12 or "12"; raises ValueError, without quoting it, for anything else."""
    if isinstance(value, int) or (isinstance(value, str) and value.strip().isdecimal()):
        return int(value)
    raise ValueError(f"an offset is a {type(value).__name__} and no whole number")


def holds(text: str, claim: Claim) -> bool:
    """Whether the mention stands exactly where the claim says."""
    return claim.mention is not None and _joined(text, claim.parts) == blanks_alike(claim.mention)


def settled(source: Source, line: int, text: str, claim: Claim) -> Iterator[Span | Problem]:
    """The span of a claim, if any can be had, and the problem, if there was one."""
    parts: tuple[Range, ...] | None = claim.parts
    if claim.mention is not None:
        parts, complaint = mend(text, claim.parts, claim.mention)
        if complaint:
            yield source.problem(line, complaint)
    if parts is None:
        return
    try:
        span = Span.from_fragments(parts, claim.label)
    except ValueError as error:
        yield source.problem(line, f"{error} It is left out.")
        return
    if span.end > len(text):
        yield source.problem(
            line, f"span {span.start}–{span.end} leaves the text of {len(text)} characters; it is left out"
        )
    else:
        yield span


def assembled(
    source: Source, line: int, blank: Document, spans: Iterable[Span | Problem]
) -> Iterator[Document | Problem]:
    """The document with those `spans` that could be had, after their problems."""
    kept: list[Span] = []
    for found in spans:
        if isinstance(found, Problem):
            yield found
        else:
            kept.append(found)
    yield Document(blank.text, blank.lang, tuple(kept), blank.id, blank.meta)


def mend(text: str, parts: Sequence[Range], mention: str) -> tuple[tuple[Range, ...] | None, str]:
    """Ranges at which `mention` really stands, and what was wrong ("" if nothing).

    A mention that differs in letter case, or in blanks at its ends, keeps its offsets; one that stands elsewhere
    within `REACH` characters is moved to the single nearest place; any other is given up (None). Fragments are
    compared joined by a blank, and all white space counts as alike. The complaint names offsets, never the text.
    """
    where = ";".join(f"{start}–{end}" for start, end in parts)
    if any(not 0 <= start < end for start, end in parts):
        return None, f"span {where} is empty or negative; it is left out"
    wanted, found = blanks_alike(mention), _joined(text, parts)
    if found == wanted:
        return tuple(parts), ""
    if found is not None and found.lower() == wanted.lower():
        return tuple(parts), f"the mention at {where} differs from the text in letter case; its offsets are kept"
    if found is not None and found.strip() == found == wanted.strip():
        return tuple(parts), f"the mention at {where} has white space at its ends; its offsets are kept"
    nearest = _nearest(text, parts, wanted)
    if len(nearest) == 1:
        there = ";".join(f"{start}–{end}" for start, end in nearest[0])
        return nearest[0], f"the mention is not at {where}; it was moved to {there}, where it stands"
    why = "stands equally near on both sides" if nearest else f"does not occur within {REACH} characters"
    return None, f"the mention is not at {where} and {why}; the span is left out"


def blanks_alike(text: str) -> str:
    """The text with every white-space character as a blank; the length stays."""
    return "".join(" " if character.isspace() else character for character in text)


def _joined(text: str, parts: Sequence[Range]) -> str | None:
    if any(start < 0 or end > len(text) for start, end in parts):
        return None
    return blanks_alike(" ".join(text[start:end] for start, end in parts))


def _nearest(text: str, parts: Sequence[Range], wanted: str) -> list[tuple[Range, ...]]:
    if not wanted.strip():
        return []
    if len(parts) == 1:  # the mention's own length counts, so that a wrong end is mended as well
        parts = [(parts[0][0], parts[0][0] + len(wanted))]
    for distance in range(REACH + 1):
        places = [tuple((start + shift, end + shift) for start, end in parts) for shift in {-distance, distance}]
        if hits := [place for place in places if _joined(text, place) == wanted]:
            return hits
    return []
