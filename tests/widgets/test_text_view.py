"""The text view shows every character, in order, and makes invisible ones visible."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explain_lib.core import Document
from explain_lib.corpora import default_units
from widgets.views import text_view, visible


@given(st.text(min_size=1, max_size=60))
def test_every_character_is_shown_in_order(text: str) -> None:
    view = text_view(default_units(Document(text)))
    assert "".join(before + unit for before, unit in view["units"]) + view["after"] == visible(text)
    json.dumps(view, allow_nan=False).encode()  # lone surrogates are marked, so that the page can be encoded


def test_no_space_is_invented_between_chinese_characters() -> None:
    view = text_view(default_units(Document("头痛三天。", "zh")))
    assert view == {"lang": "zh-Hans", "units": [["", c] for c in "头痛三天。"], "after": ""}


def test_gaps_keep_line_breaks_and_astral_characters_count_once() -> None:
    view = text_view(default_units(Document("a\n\n😀 b \t", "nl")))
    assert view == {"lang": "nl", "units": [["", "a"], ["\n\n", "😀"], [" ", "b"]], "after": " \t"}


@pytest.mark.parametrize("character", ["\u202e", "\u200b", "\u2066", "\u2028", "\ufeff", "\x00", "\r"])
def test_invisible_and_direction_characters_become_marks(character: str) -> None:
    assert visible(f"a{character}b") == f"a⟨U+{ord(character):04X}⟩b"


def test_what_can_be_seen_stays() -> None:
    assert visible("<b>café\t混合 العربية\n") == "<b>café\t混合 العربية\n"
