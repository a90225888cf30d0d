"""Span scores against brute force over all tag sequences of short texts."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from explain_lib.core import NO_ENTITY, Span, TagScheme, Target, longer
from explain_lib.models.log_space import log1mexp
from explain_lib.models.tag_events import ContrastEvent, MarginEvent, OutsideEvent, SpanEvent
from explain_lib.models.tag_spelling import decode_tags
from explain_lib.models.tagging import TagDecoder

SCHEMES = {
    "bio": ("O", "B-X", "I-X", "B-Y", "I-Y"),
    "shuffled": ("I-Y", "B-X", "O", "I-X", "B-Y"),
    "io": ("O", "I-X", "I-Y"),
    "bare": ("X", "O", "Y"),
    "bioes": ("O", "B-X", "I-X", "E-X", "S-X", "S-Y"),
    "begin only": ("O", "B-X", "B-Y", "I-Y"),
}
DECODERS = [(name, lenient) for name in SCHEMES for lenient in (True, False)]


def brute_force(logits: np.ndarray, decoder: TagDecoder, event: SpanEvent | OutsideEvent) -> float:
    """P(event) by adding up every tag sequence that the plain decoder reads as the event."""
    p = np.exp(logits - np.log(np.exp(logits).sum(-1, keepdims=True)))
    total = 0.0
    for tags in itertools.product(range(p.shape[1]), repeat=len(p)):
        if isinstance(event, OutsideEvent):
            hit = all(tags[i] == decoder.scheme.outside for i in range(event.first, event.last + 1))
        else:
            hit = (event.first, event.last, event.kind) in decode_tags(tags, decoder.scheme, decoder.is_lenient)
        total += hit * np.prod(p[np.arange(len(p)), tags])
    return float(total)


@pytest.mark.parametrize(("name", "is_lenient"), DECODERS)
def test_every_span_of_a_short_text_scores_its_brute_force_probability(name, is_lenient):
    decoder = TagDecoder(TagScheme.from_tags(SCHEMES[name]), is_lenient)
    logits = np.random.default_rng(7).normal(size=(4, len(SCHEMES[name]))) * 2
    events = [SpanEvent(a, b, k) for a in range(4) for b in range(a, 4) for k in decoder.entity_types]
    events += [OutsideEvent(a, b) for a in range(4) for b in range(a, 4)]
    tensor = torch.tensor(logits)[None]
    expected = [brute_force(logits, decoder, event) for event in events]
    np.testing.assert_allclose(decoder.scores(tensor, events, "probability")[0], expected, atol=1e-12)
    possible = np.array(expected) > 0
    odds = np.array(expected)[possible] / (1 - np.array(expected)[possible])
    np.testing.assert_allclose(decoder.scores(tensor, events, "log_odds")[0][possible], np.log(odds), atol=1e-10)


@pytest.mark.parametrize(("name", "is_lenient"), DECODERS)
def test_a_span_is_refused_exactly_where_no_tags_spell_it(name, is_lenient):
    decoder = TagDecoder(TagScheme.from_tags(SCHEMES[name]), is_lenient)
    logits = np.zeros((4, len(SCHEMES[name])))
    for last, kind in itertools.product(range(4), decoder.entity_types):
        target = Target(Span(0, 1, kind))
        if brute_force(logits, decoder, SpanEvent(0, last, kind)):
            assert decoder.event(target, 0, last) == SpanEvent(0, last, kind)
        else:
            with pytest.raises(ValueError, match=f"no tags of the model spell a span of {last + 1} label positions"):
                decoder.event(target, 0, last)


@pytest.mark.parametrize(("name", "is_lenient"), DECODERS)
def test_a_removed_position_scores_as_the_text_without_it(name, is_lenient):
    decoder = TagDecoder(TagScheme.from_tags(SCHEMES[name]), is_lenient)
    logits = torch.tensor(np.random.default_rng(3).normal(size=(5, len(SCHEMES[name]))))
    kind = decoder.entity_types[0]
    for gone, here, short in [(1, (2, 3), (1, 2)), (4, (2, 3), (2, 3)), (0, (1, 1), (0, 0)), (3, (1, 2), (1, 2))]:
        holed, kept = logits.clone(), [i for i in range(5) if i != gone]
        holed[gone] = torch.nan
        long_form = decoder.scores(holed[None], [SpanEvent(*here, kind)], "log_prob")
        short_form = decoder.scores(logits[kept][None], [SpanEvent(*short, kind)], "log_prob")
        torch.testing.assert_close(long_form, short_form)


def test_a_batch_with_different_removed_positions_equals_its_rows_one_by_one():
    decoder = TagDecoder(TagScheme.from_tags(SCHEMES["bio"]))
    logits = torch.tensor(np.random.default_rng(5).normal(size=(6, 5, 5)))
    for row, gone in enumerate([(), (0,), (0, 1), (4,), (3, 4), (1, 3)]):
        logits[row, list(gone)] = torch.nan
    together = decoder.scores(logits, [SpanEvent(2, 2, "X")], "log_odds")[:, 0]
    alone = torch.cat([decoder.scores(row[None], [SpanEvent(2, 2, "X")], "log_odds")[:, 0] for row in logits])
    torch.testing.assert_close(together, alone)


def test_log_odds_of_a_confident_span_keep_their_digits():
    decoder = TagDecoder(TagScheme.from_tags(("O", "B-X", "I-X")), is_lenient=False)
    for gap in (5.0, 20.0, 40.0, 300.0):
        logits = torch.tensor([[[0.0, gap, -1000.0]]], dtype=torch.float64)
        assert decoder.scores(logits, [SpanEvent(0, 0, "X")], "log_odds").item() == pytest.approx(gap, rel=1e-12)
        assert decoder.scores(-logits, [OutsideEvent(0, 0)], "log_odds").item() < 0


@pytest.mark.parametrize("name", ["bio", "io", "bioes"])
def test_scores_have_the_gradient_that_finite_differences_see(name):
    decoder = TagDecoder(TagScheme.from_tags(SCHEMES[name]))
    logits = torch.tensor(np.random.default_rng(1).normal(size=(1, 4, len(SCHEMES[name]))), requires_grad=True)
    span = SpanEvent(1, 2, "X")
    events = [span, ContrastEvent(span, OutsideEvent(1, 2)), MarginEvent(span, "left"), MarginEvent(span, "right")]
    assert torch.autograd.gradcheck(lambda z: decoder.scores(z, events, "log_odds"), (logits,))


def test_gradients_stay_finite_at_the_extremes():
    decoder = TagDecoder(TagScheme.from_tags(SCHEMES["bio"]))
    for scale in (0.0, 1.0, 60.0, 500.0):
        logits = (torch.ones(1, 3, 5, dtype=torch.float64) * torch.tensor([1.0, 3, 2, 0, -1]) * scale).requires_grad_()
        decoder.scores(logits, [SpanEvent(0, 1, "X"), SpanEvent(1, 1, "Y")], "log_odds").sum().backward()
        assert torch.isfinite(logits.grad).all()


def test_log1mexp_against_high_precision_values():
    x = torch.tensor([-1e-20, -1e-5, -0.5, -1.0, -50.0], dtype=torch.float64)
    expected = [np.log(1e-20), np.log(-np.expm1(-1e-5)), np.log(-np.expm1(-0.5)), np.log1p(-np.exp(-1)), -np.exp(-50)]
    np.testing.assert_allclose(log1mexp(x), expected, rtol=1e-12)


@given(st.lists(st.integers(0, 4), max_size=8))
def test_lenient_decoding_finds_what_strict_finds_or_a_longer_reading(tags):
    scheme = TagScheme.from_tags(SCHEMES["bio"])
    strict, lenient = decode_tags(tags, scheme, False), decode_tags(tags, scheme, True)
    assert set(strict) <= set(lenient)
    covered = {i for a, b, _ in lenient for i in range(a, b + 1)}
    assert covered == {i for i, tag in enumerate(tags) if tag != 0}


def test_decoding_of_hard_sequences_by_hand():
    scheme = TagScheme.from_tags(SCHEMES["bio"])
    b_x, i_x, i_y = 1, 2, 4
    assert decode_tags([b_x, b_x, i_x], scheme) == [(0, 0, "X"), (1, 2, "X")]
    assert decode_tags([b_x, i_y, i_y], scheme) == [(0, 0, "X"), (1, 2, "Y")]
    assert decode_tags([b_x, i_y, i_y], scheme, is_lenient=False) == [(0, 0, "X")]
    bioes = TagScheme.from_tags(SCHEMES["bioes"])
    b, i, e, s = 1, 2, 3, 4
    assert decode_tags([b, i, e, s, b, i, 0, b, s], bioes) == [(0, 2, "X"), (3, 3, "X"), (8, 8, "X")]


def test_targets_become_events_and_unknown_labels_are_named():
    decoder = TagDecoder(TagScheme.from_tags(SCHEMES["bio"]))
    span = Span(0, 4, "X")
    assert decoder.event(Target(span), 1, 2) == SpanEvent(1, 2, "X")
    assert decoder.event(Target(span, versus="Y"), 1, 2) == ContrastEvent(SpanEvent(1, 2, "X"), SpanEvent(1, 2, "Y"))
    assert decoder.event(Target(span, versus=NO_ENTITY), 1, 2).other == OutsideEvent(1, 2)
    assert decoder.event(Target(span, versus=longer(right=1)), 1, 2).other == SpanEvent(1, 3, "X")
    assert decoder.event(Target(span, versus=longer(left=-1)), 1, 2).other == SpanEvent(2, 2, "X")
    with pytest.raises(ValueError, match="label 'Z' is unknown to the model; it has X, Y"):
        decoder.event(Target(span, label="Z"), 1, 2)
    with pytest.raises(ValueError, match="leaves no span of 2 label positions"):
        decoder.event(Target(span, versus=longer(right=-2)), 1, 2)


def test_contrasts_and_margins_by_hand():
    decoder = TagDecoder(TagScheme.from_tags(("O", "B-X", "I-X")), is_lenient=False)
    z = torch.tensor([[[0.0, 2.0, 1.0], [0.5, -1.0, 0.0]]], dtype=torch.float64)
    span = SpanEvent(0, 0, "X")
    events = [MarginEvent(span, "left"), MarginEvent(span, "right"), ContrastEvent(span, SpanEvent(0, 1, "X"))]
    left, right, contrast = decoder.scores(z, events, "log_odds")[0].tolist()
    assert left == pytest.approx(2.0 - 1.0)
    assert right == pytest.approx(0.5 - 0.0)
    p_inside = np.exp(0.0) / (np.exp(0.5) + np.exp(-1) + 1)
    assert contrast == pytest.approx(np.log(1 - p_inside) - np.log(p_inside))
