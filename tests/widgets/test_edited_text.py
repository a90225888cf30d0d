"""A text with an edit in it: nothing lost, nothing twice, whatever is changed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explain_lib.core import Document, Units
from explain_lib.corpora import default_units
from widgets.views.edited_text import excerpt_runs, letters, original, regions, text_after

TEXT = "geen hoest , wel dyspneu"


def units(text: str = TEXT, lang: str = "nl") -> Units:
    return default_units(Document(text, lang))


def change(start: int, end: int, text: str) -> dict[str, Any]:
    return {"start": start, "end": end, "text": text}


@st.composite
def edits(draw: st.DrawFn) -> dict[str, Any]:
    """Changes of TEXT that do not overlap, in any order."""
    places = sorted(draw(st.lists(st.integers(0, len(TEXT)), max_size=6, unique=True)))
    pairs = zip(places[::2], places[1::2], strict=False)
    found = [
        change(start, draw(st.sampled_from([start, end])), draw(st.text("ab ,", max_size=4))) for start, end in pairs
    ]
    return {"family": "any", "changes": draw(st.permutations(found))}


def applied(edit: dict[str, Any]) -> str:
    text = TEXT
    for one in sorted(edit["changes"], key=lambda one: -one["start"]):
        text = text[: one["start"]] + one["text"] + text[one["end"] :]
    return text


@given(edits())
def test_both_texts_can_be_read_off_the_letters(edit: dict[str, Any]) -> None:
    row = letters(units(), edit)
    assert "".join(one.text for one in row if one.kind != "ins") == TEXT
    assert "".join(one.text for one in row if one.kind != "del") == applied(edit)
    assert [one.new for one in row if one.new is not None] == list(range(len(applied(edit))))
    assert text_after(units(), edit, (2, 5)) == applied(edit)[2:5]


@given(edits())
def test_regions_and_the_units_between_them_are_the_whole_edited_text(edit: dict[str, Any]) -> None:
    found, known = regions(units(), edit), units()
    ends = [0, *known.bounds[:, 1].tolist(), len(TEXT)]
    rest = {i: TEXT[ends[i] : ends[i + 1]] for i in range(len(ends) - 1)}
    told, at = "", 0
    for one in found:
        told += "".join(rest[i] for i in range(at, one["at"]))
        told += "".join(text for kind, text, _ in one["runs"] if kind != "del")
        at = one["until"]
    assert told + "".join(rest[i] for i in range(at, len(rest))) == applied(edit)
    whole = [(text, unit) for one in found for kind, text, unit in one["runs"] if unit >= 0]
    assert all(text == known.texts[unit] for text, unit in whole)


def test_what_is_put_before_a_word_leaves_it_whole() -> None:
    assert regions(units(), {"changes": [change(0, 0, "Hij. ")]}) == [
        {"at": 0, "until": 1, "runs": [["ins", "Hij. ", -1], ["same", "geen", 0]]}
    ]


def test_a_character_inside_a_word_breaks_it() -> None:
    (found,) = regions(units("胸闷", "zh"), {"changes": [change(1, 1, "口")]})
    assert found == {"at": 1, "until": 2, "runs": [["ins", "口", -1], ["same", "闷", 1]]}
    (found,) = regions(units(), {"changes": [change(7, 7, "o")]})
    assert found["runs"] == [["same", " ho", -1], ["ins", "o", -1], ["same", "est", -1]]


@pytest.mark.parametrize(("place", "is_in"), [(0, 0), (4, 4), (5, 5), (6, 10), (8, 12)])
def test_a_place_in_the_edited_text_is_found_in_the_text(place: int, is_in: int) -> None:
    edit = {"changes": [change(5, 10, "x")]}  # geen x , wel dyspneu
    assert original(units(), edit, place) == is_in


def test_an_excerpt_shows_the_entity_before_and_after_and_cuts_the_rest() -> None:
    long = units("o " * 200 + TEXT)
    runs = excerpt_runs(long, {"hidden": [203]}, (417, 424), (413, 424))
    assert runs[0]["text"] == "…" and len(runs[1]["text"]) == 32
    assert "".join(run["text"] for run in runs if run["was"]) == "dyspneu"
    assert "".join(run["text"] for run in runs if run["now"]) == "wel dyspneu"
    assert [run["text"] for run in runs if run["kind"] == "hidden"] == ["wel"]
