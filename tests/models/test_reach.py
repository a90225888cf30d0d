"""From characters to label positions: what is reachable, and what the message says when it is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_checkpoints import wordpiece

from explain_lib.core import Document, Span, Target, longer
from explain_lib.models import predict, toy
from explain_lib.models.pieces import Pieces
from explain_lib.models.reach import reachable

TEXT = "Patiënt  kreeg furosemide."
ENCODING = Pieces.of(wordpiece()).encode(TEXT)


@pytest.mark.parametrize(
    "span, message",
    [
        (Span(20, 30, "X"), "span 20–30 leaves the text, which has 26 characters"),
        (Span(7, 9, "X"), "span 7–9 covers no label position"),
        (Span(17, 25, "X"), "span 17–25 is unreachable for this tokenizer: it cuts a piece .* reachable span is 15–25"),
        (Span(8, 14, "X"), "The nearest reachable span is 9–14"),
        (Span(0, 26, "X", ((0, 7), (15, 26))), "it is discontinuous. The nearest reachable span is 0–26"),
    ],
)
def test_a_span_that_cannot_be_spelled_is_refused(span, message):
    with pytest.raises(ValueError, match=message):
        reachable(Target(span), ENCODING)


def test_a_target_without_a_span_is_refused():
    with pytest.raises(ValueError, match="this model scores spans; the target has none"):
        reachable(Target(label="X"), ENCODING)


@given(st.integers(0, 3), st.integers(0, 3))
def test_words_reach_themselves(first, length):
    last = min(first + length, len(ENCODING.extents) - 1)
    span = Span(ENCODING.extents[first, 0], ENCODING.extents[last, 1], "X")
    assert reachable(Target(span), ENCODING) == (first, last)


def test_the_nearest_reachable_span_is_reachable():
    with pytest.raises(ValueError, match="is 15–25"):
        reachable(Target(Span(18, 22, "X")), ENCODING)
    assert reachable(Target(Span(15, 25, "X")), ENCODING) == (2, 2)


class TestTagger:
    tagger = toy.planted_tagger().tagger
    text = "The patient has a severe lesion ."
    encoding = tagger.encode(text)
    window = tagger.windows(encoding)[0]
    span = predict(tagger, Document(text)).spans[0]

    def test_an_unknown_label_is_refused_with_the_allowed_ones(self):
        with pytest.raises(ValueError, match="label 'Drug' is unknown to the model; it has Disease, Reaction"):
            self.tagger.event(Target(self.span, label="Drug"), self.encoding, self.window)

    def test_a_contrast_reaches_as_far_as_its_other_span(self):
        assert self.tagger.reach(Target(self.span), self.encoding) == (4, 6)
        assert self.tagger.reach(Target(self.span, versus=longer(left=2, right=1)), self.encoding) == (2, 7)
        assert self.tagger.reach(Target(self.span, versus=longer(left=-1)), self.encoding) == (4, 6)

    @pytest.mark.parametrize("versus", [longer(left=5), longer(right=2), longer(left=-2)])
    def test_a_contrast_outside_the_text_is_refused(self, versus):
        with pytest.raises(ValueError, match="leaves the text or is empty; move the ends by less"):
            self.tagger.reach(Target(self.span, versus=versus), self.encoding)
