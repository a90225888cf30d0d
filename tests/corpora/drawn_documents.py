"""Hypothesis strategies for documents: any Unicode text, CR LF, astral characters, nested and broken spans."""

from hypothesis import strategies as st

from explain_lib.core import Document, Span

TEXTS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\ufffd"), min_size=1, max_size=40),
    st.text("患者头痛𠀀👩‍🏽Patiënt 39,5 \r\n\t\u2028\x85\ufeff#|\\\"'", min_size=1, max_size=40),
)
LABELS = st.text(st.characters(codec="utf-8", exclude_categories=["Z", "C"]), min_size=1, max_size=8).filter(
    lambda label: not any(character.isspace() for character in label)
)


@st.composite
def spans(draw: st.DrawFn, size: int) -> Span:
    """A span of a text of `size` characters, with one fragment or several."""
    cuts = sorted(draw(st.sets(st.integers(0, size), min_size=2, max_size=min(6, size + 1))))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    return Span.from_fragments(pairs, draw(LABELS))


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A document with spans that may nest, cross and have gaps."""
    text = draw(TEXTS)
    drawn = draw(st.lists(spans(len(text)), max_size=4))
    name = draw(st.text(st.characters(codec="utf-8"), max_size=6))
    meta = draw(
        st.dictionaries(st.text("ab患", max_size=2), st.one_of(st.integers(), st.text("x\n", max_size=2), st.none()))
    )
    return Document(text, draw(st.sampled_from(["", "zh", "nl"])), tuple(drawn), name, meta)


@st.composite
def flat_documents(draw: st.DrawFn) -> Document:
    """A document whose spans are disjoint, have no gap, and begin and end with visible characters."""
    text = draw(TEXTS.filter(str.strip))
    visible = [position for position, character in enumerate(text) if not character.isspace()]
    ends = sorted(draw(st.sets(st.sampled_from(visible), max_size=6)))
    flat = [Span(a, b + 1, draw(LABELS)) for a, b in zip(ends[::2], ends[1::2], strict=False)]
    name = draw(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=6))
    return Document(text, "", tuple(flat), name)
