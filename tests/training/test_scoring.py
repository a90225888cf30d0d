"""Strict scores against seqeval, and the parts that must add up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from seqeval.metrics import f1_score
from seqeval.scheme import IOB2

from explain_lib.core import Document, Prediction, Span, TagScheme
from explain_lib.models.tag_spelling import decode_tags
from explain_lib.training.demo.scoring import f1, flat, interval, score, seen_and_unseen

TAGS = ["O", "B-Disease", "I-Disease", "B-Body", "I-Body"]
SCHEME = TagScheme.from_tags(TAGS)
WORDS = "a b c d e f g h"
sentences = st.lists(st.sampled_from(TAGS), min_size=8, max_size=8)


def spans(tags: list[str]) -> tuple[Span, ...]:
    found = decode_tags([TAGS.index(tag) for tag in tags], SCHEME, is_lenient=False)
    return tuple(Span(2 * a, 2 * b + 1, kind) for a, b, kind in found)


def prediction(*found: Span) -> Prediction:
    return Prediction(found, np.ones(len(found)))


@given(st.lists(st.tuples(sentences, sentences), min_size=1, max_size=5))
@pytest.mark.filterwarnings("ignore")
def test_f1_is_that_of_seqeval(pairs: list[tuple[list[str], list[str]]]) -> None:
    documents = [Document(WORDS, spans=spans(gold), id=str(i)) for i, (gold, _) in enumerate(pairs)]
    found = [prediction(*spans(tags)) for _, tags in pairs]
    golds, guesses = [gold for gold, _ in pairs], [tags for _, tags in pairs]
    expected = f1_score(golds, guesses, mode="strict", scheme=IOB2, zero_division=0)
    assert score(documents, found, ["Disease", "Body"])["f1"] == pytest.approx(float(expected))


def test_only_the_types_of_the_set_count() -> None:
    document = Document(WORDS, spans=(Span(0, 1, "Disease"), Span(4, 5, "Body")))
    figures = score([document], [prediction(Span(0, 1, "Disease"), Span(2, 3, "Body"))], ["Disease"])
    assert (figures["f1"], figures["gold"], figures["predicted"]) == (1.0, 1, 1)


def test_seen_and_unseen_mentions() -> None:
    train = [Document("A b", spans=(Span(0, 1, "Disease"),))]
    devel = [Document("a c d", spans=(Span(0, 1, "Disease"), Span(2, 3, "Disease")))]
    found = [prediction(Span(0, 1, "Disease"), Span(4, 5, "Disease"))]
    assert seen_and_unseen(train, devel, found, ["Disease"]) == {"seen": 1.0, "unseen": 0.0}


def test_the_interval_holds_the_estimate_and_shrinks_with_the_groups() -> None:
    rng = np.random.default_rng(0)
    counts = np.stack([rng.integers(0, 5, 400), np.full(400, 5), np.full(400, 5)], axis=1)
    few, many = interval(counts[:20]), interval(counts)
    assert few[0] < f1(counts[:20]) < few[1] and many[0] < f1(counts) < many[1]
    assert many[1] - many[0] < 0.5 * (few[1] - few[0])


def test_flat_keeps_the_longest_contiguous_spans() -> None:
    whole, inner, gap = Span(0, 5, "Disease"), Span(0, 1, "Body"), Span(6, 11, "Body", ((6, 7), (10, 11)))
    assert flat(Document(WORDS, spans=(inner, whole, gap))) == [whole]
