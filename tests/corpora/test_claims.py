"""Offsets that do not hold their mention: what is mended, and what is given up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from explain_lib.corpora.claims import REACH, mend


KEPT, MOVED, LOST = "; its offsets are kept", "; it was moved to {}, where it stands", "; the span is left out"


@pytest.mark.parametrize(
    ("parts", "mention", "mended", "complaint"),
    [
        ([(5, 11)], "koorts", ((5, 11),), ""),
        ([(5, 11)], "Koorts", ((5, 11),), "the mention at 5–11 differs from the text in letter case" + KEPT),
        ([(5, 11)], "koorts ", ((5, 11),), "the mention at 5–11 has white space at its ends" + KEPT),
        ([(4, 10)], "koorts", ((5, 11),), "the mention is not at 4–10" + MOVED.format("5–11")),
        ([(5, 10)], "koorts", ((5, 11),), "the mention is not at 5–10" + MOVED.format("5–11")),
        ([(5, 11)], "jicht", None, "the mention is not at 5–11 and does not occur within 10 characters" + LOST),
        ([(2, 4)], "ab", None, "the mention is not at 2–4 and stands equally near on both sides" + LOST),
        ([(5, 5)], "", None, "span 5–5 is empty or negative; it is left out"),
        ([(50, 56)], "koorts", None, "the mention is not at 50–56 and does not occur within 10 characters" + LOST),
        ([(4, 6), (7, 10)], "ko rts", ((5, 7), (8, 11)), "the mention is not at 4–6;7–10" + MOVED.format("5–7;8–11")),
    ],
)
def test_mends_by_hand(parts: list[tuple[int, int]], mention: str, mended: object, complaint: str) -> None:
    assert mend("abxyab" if mention == "ab" else "Geen koorts.", parts, mention) == (mended, complaint)


@given(st.text(min_size=1), st.data())
def test_a_true_claim_is_never_touched(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert mend(text, [(start, end)], text[start:end]) == (((start, end),), "")


@given(st.text("xyz ", max_size=30), st.text("xyz ", max_size=30), st.integers(-REACH, REACH))
def test_a_slipped_mention_is_found_again(before: str, after: str, shift: int) -> None:
    text, start = f"{before}koorts{after}", len(before)
    if start + shift >= 0:
        mended, complaint = mend(text, [(start + shift, start + shift + 6)], "koorts")
        assert mended == ((start, start + 6),)
        assert bool(complaint) == (shift != 0)


@given(
    st.text("abA ", min_size=4, max_size=12),
    st.text("abA ", min_size=1, max_size=3),
    st.integers(0, 12),
    st.integers(1, 4),
)
def test_what_is_mended_holds_the_mention(text: str, mention: str, start: int, size: int) -> None:
    mended, _ = mend(text, [(start, start + size)], mention)
    if mended is not None:
        [(s, e)] = mended
        assert text[s:e].lower().strip() == mention.lower().strip()
