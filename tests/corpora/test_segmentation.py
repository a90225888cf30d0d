"""Units cover a text's visible characters, one Han character or one word at a time."""

import numpy as np
import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from explain_lib.core import Document
from explain_lib.corpora import default_units

MIXED = st.text("患者々〇𠀀abÄß3.5,:_'-/ \t\n\r\x1c\x85\u200b\u200d\u202f\u0301\ufe0f👩👍🏽🇳🇱ไทひカ한²")
TEXTS = st.one_of(st.text(min_size=1), MIXED).filter(bool)


def texts_of(text: str) -> tuple[str, ...]:
    return default_units(Document(text)).texts


def test_word_splitting_of_yardstick_a29() -> None:
    units = default_units(Document("Please, take your time. Please"))
    words = [(text, start) for text, (start, _) in zip(units, units.bounds, strict=True) if text.isalpha()]
    marks = [start for text, (start, _) in zip(units, units.bounds, strict=True) if not text.isalpha()]
    assert [start for _, start in words] == [0, 8, 13, 18, 24]
    assert len({text for text, _ in words}) == 4
    assert marks == [6, 22]


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("患者ALT值3.5U/L。", ("患", "者", "ALT", "值", "3.5U", "/", "L", "。")),
        ("Patiënt (m/v) kreeg 40mg.", ("Patiënt", "(", "m", "/", "v", ")", "kreeg", "40mg", ".")),
        ("人々〇𠀀々", ("人", "々", "〇", "𠀀", "々")),
        ("... ____ --", (".",) * 3 + ("_",) * 4 + ("-",) * 2),
        ("👨‍👩‍👧🇳🇱🇨🇳1️⃣👍🏽", ("👨‍👩‍👧", "🇳🇱", "🇨🇳", "1️⃣", "👍🏽")),
        ("e\u0301a 葛\U000e0100城", ("e\u0301a", "葛\U000e0100", "城")),
        ("10\u202f000", ("10", "000")),
        ("a \u0301b", ("a", "\u0301", "b")),
        (" \n\t\u3000", ()),
    ],
)
def test_units_by_hand(text: str, units: tuple[str, ...]) -> None:
    assert texts_of(text) == units


@given(TEXTS)
@example("a\u202fb \u0301\r\n\x85")
def test_units_cover_exactly_what_is_not_white_space(text: str) -> None:
    covered = np.zeros(len(text), dtype=int)
    for start, end in default_units(Document(text)).bounds:
        covered[start:end] += 1
    assert covered.tolist() == [int(not character.isspace()) for character in text]


@given(TEXTS)
def test_a_han_character_begins_its_unit_and_shares_it_only_with_marks(text: str) -> None:
    for unit in texts_of(text):
        if regex.search(r"\p{Han}", unit):
            assert regex.fullmatch(r"\p{Han}[\p{M}\p{Cf}]*", unit)


@given(TEXTS)
def test_a_combining_mark_stays_with_its_base(text: str) -> None:
    starts = {int(start) for start, _ in default_units(Document(text)).bounds}
    for position in range(1, len(text)):
        if regex.match(r"[^\p{C}\s]\p{Mn}", text[position - 1 : position + 1]):  # controls are no base for a mark
            assert position not in starts


@given(TEXTS, st.sampled_from(["", "zh", "nl", "en"]))
def test_the_language_code_changes_nothing(text: str, lang: str) -> None:
    assert np.array_equal(default_units(Document(text, lang)).bounds, default_units(Document(text)).bounds)
