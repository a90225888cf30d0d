"""A text with an edit in it: what was taken out, what was put in, and which units were left whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

from explain_lib.core import Units

from .text import visible

Kind = Literal["same", "del", "ins", "hidden"]
AROUND = 32  # characters shown on either side of what an excerpt is about


@dataclass(frozen=True)
class Letter:
    """A character of a text, of its edit, or of both.

    `at` is where it stands in the text, for one that is put in the place of its change; `new` where it stands in the
    edited text, None for one that is taken out.
    """

    text: str
    kind: Kind
    at: int
    new: int | None


def letters(units: Units, edit: Mapping[str, Any]) -> list[Letter]:
    """Every character before and after an edit, in reading order: what is taken out stands before what is put in."""
    text, hidden = units.document.text, _hidden_characters(units, edit)
    row: list[Letter] = []
    at = new = 0
    for change in [*_changes(edit), {"start": len(text), "end": len(text), "text": ""}]:
        left = range(at, change["start"])
        row += [Letter(text[i], "hidden" if i in hidden else "same", i, new + i - at) for i in left]
        new += len(left)
        row += [Letter(text[i], "del", i, None) for i in range(change["start"], change["end"])]
        row += [Letter(letter, "ins", change["start"], new + k) for k, letter in enumerate(change["text"])]
        at, new = change["end"], new + len(change["text"])
    return row


def regions(units: Units, edit: Mapping[str, Any]) -> list[dict[str, Any]]:
    """[{"at", "until", "runs": [[kind, text, unit]]}]: the stretches of a text that an edit changes.

    A stretch takes the place of the units `at` to `until`, each with the gap before it; past the last unit lies the
    rest of the text. `unit` is the place of a unit that was left whole, else −1. Hidden units make no stretch.
    """
    ends = [0, *units.bounds[:, 1].tolist(), len(units.document.text)]
    merged: list[list[int]] = []
    for change in _changes(edit):
        touched = [i for i in range(len(ends) - 1) if _meets(change, ends[i], ends[i + 1], i == len(units))]
        if merged and touched[0] < merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], touched[-1] + 1)
        else:
            merged.append([touched[0], touched[-1] + 1])
    row = letters(units, edit) if merged else []
    whole = _whole_units(units, row) if merged else {}
    return [{"at": a, "until": b, "runs": _runs(whole, row, (ends[a], ends[b]), b > len(units))} for a, b in merged]


def excerpt_runs(
    units: Units, edit: Mapping[str, Any], was: Sequence[int], now: Sequence[Any] | None
) -> list[dict[str, Any]]:
    """[{"kind", "text", "was", "now"}]: an edit in its surroundings, with an entity before and after it.

    `was` are the characters of the entity in the text, `now` those in the edited text (None: none). What lies far from
    all of these is cut out.
    """
    row = letters(units, edit)
    old = [letter.kind != "ins" and was[0] <= letter.at < was[1] for letter in row]
    new = [now is not None and letter.new is not None and now[0] <= letter.new < now[1] for letter in row]
    about = [k for k, letter in enumerate(row) if letter.kind != "same" or old[k] or new[k]]
    near = {i for k in about for i in range(k - AROUND, k + AROUND + 1)}
    tags = [(letter.kind, old[k], new[k]) if k in near else None for k, letter in enumerate(row)]
    runs = []
    for tag, members in groupby(range(len(row)), key=lambda k: tags[k]):
        text = "…" if tag is None else visible("".join(row[k].text for k in members).replace("\n", " "))
        kind, is_old, is_new = tag or ("same", False, False)
        runs.append({"kind": kind, "text": text, "was": is_old, "now": is_new})
    return runs


def original(units: Units, edit: Mapping[str, Any], place: int) -> int:
    """The character of the text that a character of the edited text is, or beside which it was put in."""
    return next((letter.at for letter in letters(units, edit) if letter.new == place), 0)


def text_after(units: Units, edit: Mapping[str, Any], span: Sequence[Any]) -> str:
    """The characters `span` of the edited text."""
    return "".join(one.text for one in letters(units, edit) if one.new is not None and span[0] <= one.new < span[1])


def _changes(edit: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return sorted(edit.get("changes", ()), key=lambda one: (one["start"], one["end"]))


def _hidden_characters(units: Units, edit: Mapping[str, Any]) -> set[int]:
    return {i for unit in edit.get("hidden", ()) for i in range(*units.bounds[unit].tolist())}


def _meets(change: Mapping[str, Any], start: int, end: int, is_last: bool) -> bool:
    """Whether a change lies in a stretch; what is put in at its end belongs to the next one."""
    if change["start"] == change["end"]:
        return start <= change["start"] < end or (is_last and change["start"] == end)
    return bool(change["start"] < end and change["end"] > start)


def _runs(whole: Mapping[int, int], row: Sequence[Letter], within: tuple[int, int], is_last: bool) -> list[list[Any]]:
    """Runs of one kind in a stretch of characters, whole units by themselves."""
    start, end = within
    members = [one for one in row if start <= one.at < end or (is_last and one.at == end)]
    tags = [(one.kind, whole.get(one.at, -1) if one.kind == "same" else -1) for one in members]
    groups = groupby(zip(tags, members, strict=True), key=lambda pair: pair[0])
    return [[kind, visible("".join(one.text for _, one in group)), unit] for (kind, unit), group in groups]


def _whole_units(units: Units, row: Sequence[Letter]) -> dict[int, int]:
    """The unit of each character that stands in one with nothing taken out or put in."""
    gone, put_in = ({one.at for one in row if one.kind == kind} for kind in ("del", "ins"))
    return {
        at: i for i, (start, end) in enumerate(units.bounds.tolist())
        if not gone & set(range(start, end)) and not put_in & set(range(start + 1, end)) for at in range(start, end)
    }  # fmt: skip
