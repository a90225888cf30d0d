"""Texts with changes, drawn for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

from explain_lib.core import Document, Span
from explain_lib.perturbation.edits import Change

TEXTS = st.text(st.sampled_from("ab cé 头痛，.\n😀"), min_size=2, max_size=24).filter(lambda text: bool(text.strip()))


@st.composite
def changes(draw: st.DrawFn, length: int) -> list[Change]:
    """Some disjoint changes of a text."""
    cuts = sorted(draw(st.lists(st.integers(0, length), min_size=2, max_size=6, unique=True)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    return [Change(start, end, draw(st.sampled_from(["", "x", "新 y"]))) for start, end in pairs]


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A document with a few spans."""
    text = draw(TEXTS)
    ends = st.tuples(st.integers(0, len(text) - 1), st.integers(1, len(text))).filter(lambda pair: pair[0] < pair[1])
    return Document(text, "en", tuple(Span(s, e, "A") for s, e in draw(st.lists(ends, max_size=3))))
