"""Span scores against the plain softmax and sigmoid, decoding against a plain reading, and what is refused."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from explain_lib.core import NO_ENTITY, Span, Target, longer
from explain_lib.models.span_decoder import Cell, CellMargin, Found, SpanDecoder

SOFTMAX = SpanDecoder(("O", "X", "Y"), width=3)
SHUFFLED = SpanDecoder(("Y", "O", "X"), width=3)
SIGMOID = SpanDecoder(("X", "Y"), width=3)
DECODERS = pytest.mark.parametrize("decoder", [SOFTMAX, SHUFFLED, SIGMOID], ids=lambda d: "".join(d.labels))
POSITIONS = 4


def drawn(decoder, seed=0, n=3):
    return np.random.default_rng(seed).normal(size=(n, POSITIONS, decoder.width, len(decoder.labels))) * 3


def plain(decoder, logits, first, last, label):
    """P(label at the span) as a textbook writes it; label "" asks for "no entity"."""
    row = logits[first, last - first]
    if decoder.none is None:
        p = 1 / (1 + np.exp(-row))
        return np.prod(1 - p) if not label else p[decoder.labels.index(label)]
    return (np.exp(row) / np.exp(row).sum())[decoder.labels.index(label or "O")]


def legal_spans(decoder):
    return [(a, b) for a in range(POSITIONS) for b in range(a, min(a + decoder.width, POSITIONS))]


def target(label="X", **settings):
    return Target(Span(0, 1, label), **settings)


def scored(decoder, logits, asked, first, last, score="log_odds"):
    event = decoder.event(asked, first, last, POSITIONS)
    return decoder.scores(torch.tensor(logits), [event], score)[:, 0].numpy()


@DECODERS
def test_every_span_and_type_scores_its_plain_probability(decoder):
    logits = drawn(decoder)
    for (first, last), label in itertools.product(legal_spans(decoder), decoder.entity_types):
        p = np.array([plain(decoder, row, first, last, label) for row in logits])
        for score, expected in (("probability", p), ("log_prob", np.log(p)), ("log_odds", np.log(p / (1 - p)))):
            np.testing.assert_allclose(
                scored(decoder, logits, target(label), first, last, score), expected, rtol=1e-9, atol=1e-12
            )


@DECODERS
@pytest.mark.parametrize("score", ["log_odds", "log_prob", "probability"])
def test_contrasts_are_differences_of_log_probabilities_whatever_the_score(decoder, score):
    logits = drawn(decoder, 1)
    cases = {
        target(versus="Y"): (1, 2, "Y"), target(versus=NO_ENTITY): (1, 2, ""),
        target(versus=longer(left=1)): (0, 2, "X"), target(versus=longer(right=-1)): (1, 1, "X"),
    }  # fmt: skip
    for asked, other in cases.items():
        expected = [np.log(plain(decoder, row, 1, 2, "X") / plain(decoder, row, *other)) for row in logits]
        np.testing.assert_allclose(scored(decoder, logits, asked, 1, 2, score), expected, rtol=1e-9)


@DECODERS
def test_a_margin_moves_one_end_and_compares_log_odds(decoder):
    logits = drawn(decoder, 2)
    odds = {
        span: np.log([1 / (1 / plain(decoder, row, *span, "X") - 1) for row in logits]) for span in legal_spans(decoder)
    }
    expected = {"left": [(0, 2), (2, 2)], "right": [(1, 1), (1, 3)]}
    for side, neighbours in expected.items():
        found = scored(decoder, logits, target(margin=side), 1, 2)
        np.testing.assert_allclose(found, odds[1, 2] - np.max([odds[n] for n in neighbours], axis=0), rtol=1e-9)


def test_margins_reach_two_positions_but_stay_inside_text_and_width():
    wide, narrow = SpanDecoder(("O", "X"), width=9), SpanDecoder(("O", "X"), width=4)

    def ends(first, last, side, n, decoder=wide):
        event = decoder.event(target(margin=side), first, last, n)
        assert isinstance(event, CellMargin)
        return [(c.first, c.last) for c in event.neighbours]

    assert ends(3, 5, "left", 9) == [(1, 5), (2, 5), (4, 5), (5, 5)]
    assert ends(3, 5, "right", 7) == [(3, 3), (3, 4), (3, 6)]
    assert ends(0, 0, "right", 4) == [(0, 1), (0, 2)]
    assert ends(3, 5, "left", 9, narrow) == [(2, 5), (4, 5), (5, 5)]
    assert ends(3, 5, "right", 9, narrow) == [(3, 3), (3, 4), (3, 6)]
    with pytest.raises(ValueError, match="the left end of the span cannot move, so it has no margin"):
        wide.event(target(margin="left"), 0, 0, 4)


def test_log_odds_keep_their_digits_where_probabilities_round_to_one():
    logits = np.zeros((1, POSITIONS, 3, 3))
    logits[0, 1, 0] = [-30.0, 25.0, 0.0]
    assert scored(SOFTMAX, logits, target(), 1, 1)[0] == pytest.approx(25.0, abs=1e-12)
    assert scored(SOFTMAX, logits, target(), 1, 1, "log_prob")[0] == pytest.approx(-np.exp(-25.0), rel=1e-9)
    assert scored(SOFTMAX, logits, target("Y"), 1, 1)[0] == pytest.approx(-25.0, abs=1e-12)


@DECODERS
def test_the_decoder_finds_what_a_plain_reading_finds(decoder):
    logits = drawn(decoder, 3, n=1)[0].astype(np.float32)
    logits[:, :, :] = np.where(
        (np.arange(POSITIONS)[:, None] + np.arange(decoder.width) >= POSITIONS)[..., None], np.nan, logits
    )
    found = {(f.cell.first, f.cell.last, decoder.labels[f.cell.label]): f.log_odds for f in decoder.find(logits)}
    expected = {}
    for (first, last), label in itertools.product(legal_spans(decoder), decoder.entity_types):
        row = logits[first, last - first]
        index = decoder.labels.index(label)
        if row[index] > 0 if decoder.none is None else row.argmax() == index:
            p = plain(decoder, logits.astype(np.float64), first, last, label)
            expected[first, last, label] = np.log(p / (1 - p))
    assert len(expected) >= 2
    assert found == pytest.approx(expected, rel=1e-9)


cells = st.tuples(st.integers(0, 6), st.integers(0, 4), st.integers(0, 1)).map(lambda c: Cell(c[0], c[0] + c[1], c[2]))


@settings(max_examples=60)
@given(st.lists(st.tuples(cells, st.integers(-50, 50)), max_size=12, unique_by=lambda pair: pair[0]))
def test_of_crossing_entities_the_surer_stays_and_nested_ones_all_do(pairs):
    found = [Found(cell, odds / 7) for cell, odds in pairs]
    kept = SIGMOID.settle(found)

    def crosses(a, b):
        (s, e), (t, f) = sorted([(a.first, a.last), (b.first, b.last)])
        return s < t <= e < f

    assert not any(crosses(a.cell, b.cell) for a in kept for b in kept)
    for one in found:
        if one not in kept:
            assert any(crosses(one.cell, k.cell) and k.log_odds >= one.log_odds for k in kept)
    everything = SpanDecoder(SIGMOID.labels, 3, keeps_crossing=True).settle(found)
    assert sorted(everything) == sorted(found)
    assert [(k.cell.first, -k.cell.last) for k in kept] == sorted((k.cell.first, -k.cell.last) for k in kept)


@pytest.mark.parametrize(
    ("asked", "first", "last", "message"),
    [
        (target("Z"), 0, 0, "label 'Z' is unknown to the model; it has X, Y"),
        (target(versus="O"), 0, 0, "label 'O' is unknown to the model"),
        (target(), 0, 3, "covers 4 label positions; the model scores spans of 1 to 3"),
        (target(versus=longer(right=1)), 0, 2, "covers 4 label positions; the model scores spans of 1 to 3"),
        (target(versus=longer(right=-1)), 0, 0, "covers 0 label positions; the model scores spans of 1 to 3"),
    ],
)
def test_what_the_model_cannot_score_is_refused(asked, first, last, message):
    with pytest.raises(ValueError, match=message):
        SOFTMAX.event(asked, first, last, POSITIONS)


def test_names_say_activation_and_what_becomes_of_crossing_spans():
    names = {SpanDecoder(labels, 3, crossing).name for labels in (("O", "X"), ("X",)) for crossing in (True, False)}
    assert names == {"softmax-nested", "softmax-crossing", "sigmoid-nested", "sigmoid-crossing"}
    with pytest.raises(ValueError, match="names no entity type"):
        SpanDecoder(("O",), 3)
