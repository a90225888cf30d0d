"""Span scores of linear-chain CRFs against brute force over all tag sequences of short texts."""

from __future__ import annotations

import itertools
from decimal import Decimal, localcontext

import numpy as np
import pytest
import torch
import torchcrf
from hypothesis import given
from hypothesis import strategies as st

from explain_lib.core import TagScheme
from explain_lib.models import crf as crf_module
from explain_lib.models.chain import Chain
from explain_lib.models.crf import CrfDecoder
from explain_lib.models.crf_layer import transitions_in
from explain_lib.models.links import Links
from explain_lib.models.tag_events import ContrastEvent, MarginEvent, OutsideEvent, SpanEvent
from explain_lib.models.tag_patterns import Gate, TagPattern
from explain_lib.models.tagging import TagDecoder
from explain_lib.models.transitions import Transitions, best_path

SCHEMES = {
    "bio": ("O", "B-X", "I-X", "B-Y", "I-Y"),
    "shuffled": ("I-Y", "B-X", "O", "I-X", "B-Y"),
    "io": ("O", "I-X", "I-Y"),
    "bioes": ("O", "B-X", "I-X", "E-X", "S-X", "S-Y"),
    "begin only": ("O", "B-X", "B-Y", "I-Y"),
    "inside only": ("O", "I-X", "B-Y", "I-Y"),
}
DECODERS = [(name, lenient) for name in SCHEMES for lenient in (True, False)]


def drawn(n_tags, seed=0, scale=1.5):
    rng = np.random.default_rng(seed)
    return Transitions(*(scale * rng.normal(size=size) for size in (n_tags, (n_tags, n_tags), n_tags)))


def crf(name, is_lenient=True, transitions=None):
    scheme = TagScheme.from_tags(SCHEMES[name])
    return CrfDecoder(scheme, is_lenient, transitions=transitions or drawn(len(scheme.tags)))


def sequences(logits, transitions):
    """Every tag sequence with its log-weight."""
    for tags in itertools.product(range(logits.shape[1]), repeat=len(logits)):
        weight = transitions.start[tags[0]] + transitions.end[tags[-1]] + logits[np.arange(len(tags)), tags].sum()
        yield tags, weight + sum(transitions.between[a, b] for a, b in itertools.pairwise(tags))


def brute_log_odds(logits, decoder, *predicates):
    """Log-odds that a tag sequence drawn from the chain fulfils each predicate."""
    drawn_tags, weights = zip(*sequences(logits, decoder.transitions), strict=True)
    weights = np.array([*weights, -np.inf])
    holds = np.array([[*map(holds, drawn_tags), True] for holds in predicates])
    sums = [np.logaddexp.reduce(np.where(side, weights, -np.inf), axis=1) for side in (holds, ~holds)]
    return sums[0] - sums[1]


def holder(decoder, event):
    """The plain meaning of an event, as a predicate of a whole tag sequence."""
    if isinstance(event, OutsideEvent):
        return lambda tags: all(tags[i] == decoder.scheme.outside for i in range(event.first, event.last + 1))
    if isinstance(event, SpanEvent):
        return lambda tags: (event.first, event.last, event.kind) in decoder.spans(tags)
    span, scheme = event.span, decoder.scheme
    roles = {
        ("BIO", "left"): "B", ("IO", "left"): "I", ("BIOES", "left"): "B", ("BIOES", "right"): "E",
    }  # fmt: skip
    role = roles.get((scheme.name, event.side))
    if role is None:
        return lambda tags: tags[span.last + 1] != scheme.index("I", span.kind)
    role = "S" if scheme.name == "BIOES" and span.first == span.last else role
    role = "I" if role == "B" and f"B-{span.kind}" not in scheme.tags else role
    at = span.first if event.side == "left" else span.last
    return lambda tags: tags[at] == scheme.index(role, span.kind)


def all_events(decoder, n):
    spans = [SpanEvent(a, b, k) for a in range(n) for b in range(a, n) for k in decoder.entity_types]
    outside = [OutsideEvent(a, b) for a in range(n) for b in range(a, n)]
    margins = [MarginEvent(s, side) for s in spans if s.last + 1 < n for side in ("left", "right")]
    return spans + outside + margins


@pytest.mark.parametrize(("name", "is_lenient"), DECODERS)
def test_every_event_of_a_short_text_has_its_brute_force_log_odds(name, is_lenient):
    decoder = crf(name, is_lenient)
    logits = np.random.default_rng(7).normal(size=(4, len(SCHEMES[name]))) * 2
    events = all_events(decoder, 4)
    expected = brute_log_odds(logits, decoder, *[holder(decoder, event) for event in events])
    found = decoder.scores(torch.tensor(logits)[None], events, "log_odds")[0].numpy()
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-10)
    spans = [event for event in events if not isinstance(event, MarginEvent)]
    p = 1 / (1 + np.exp(-expected[: len(spans)]))
    np.testing.assert_allclose(decoder.scores(torch.tensor(logits)[None], spans, "probability")[0], p, rtol=1e-10)
    with np.errstate(divide="ignore"):
        expected_log = np.log(p)
    np.testing.assert_allclose(
        decoder.scores(torch.tensor(logits)[None], spans, "log_prob")[0], expected_log, rtol=1e-9, atol=1e-12
    )


@pytest.mark.parametrize(("name", "is_lenient"), DECODERS)
def test_legal_transitions_leave_the_sequences_that_the_scheme_allows(name, is_lenient):
    scheme = TagScheme.from_tags(SCHEMES[name])
    legal = Transitions.legal(scheme)
    decoder = CrfDecoder(scheme, is_lenient, transitions=legal.plus(drawn(len(scheme.tags))))
    logits = np.random.default_rng(8).normal(size=(4, len(scheme.tags)))
    events = all_events(decoder, 4)
    expected = brute_log_odds(logits, decoder, *[holder(decoder, event) for event in events])
    found = decoder.scores(torch.tensor(logits)[None], events, "log_odds")[0].numpy()
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-10)
    for tags, weight in sequences(np.zeros((3, len(scheme.tags))), legal):
        assert (weight == 0) == is_well_formed([scheme.tags[tag] for tag in tags], scheme.name)


def is_well_formed(tags, scheme):
    """Written from the definition of the schemes, on the tags' own names."""
    padded = ["O", *tags, "O"]
    for one, other in itertools.pairwise(padded):
        continues = other[0] in "IE"
        opened = one[0] in "BI" and one[1:] == other[1:]
        if scheme == "BIO" and continues and not opened:
            return False
        if scheme == "BIOES" and continues != (one[0] in "BI"):
            return False
        if scheme == "BIOES" and continues and not opened:
            return False
    return True


@pytest.mark.parametrize(("name", "is_lenient"), DECODERS)
def test_without_weights_the_chain_is_the_softmax_tagger(name, is_lenient):
    n = len(SCHEMES[name])
    zero = Transitions(np.zeros(n), np.zeros((n, n)), np.zeros(n))
    chained, plain = crf(name, is_lenient, zero), TagDecoder(TagScheme.from_tags(SCHEMES[name]), is_lenient)
    logits = torch.tensor(np.random.default_rng(2).normal(size=(7, 6, n)) * 3)
    logits[1, 0] = logits[2, 5] = logits[3, [1, 4]] = torch.nan
    events = [SpanEvent(2, 2 + i, k) for i in range(2) for k in plain.entity_types] + [OutsideEvent(2, 3)]
    events += [ContrastEvent(events[0], OutsideEvent(2, 2)), ContrastEvent(events[0], events[1])]
    events = [e for e in events if not torch.isinf(plain.scores(logits, [e], "log_prob")).any()]
    assert len(events) > 2
    for score in ("log_odds", "log_prob", "probability"):
        torch.testing.assert_close(
            chained.scores(logits, events, score), plain.scores(logits, events, score), rtol=1e-10, atol=1e-10
        )
    for row in logits:
        ours, theirs = chained.decode(row), plain.decode(row)
        assert [span[:3] for span in ours] == [span[:3] for span in theirs]
        np.testing.assert_allclose([span[3] for span in ours], [span[3] for span in theirs], rtol=1e-9)


@pytest.mark.parametrize(("name", "is_lenient"), DECODERS)
def test_a_removed_position_links_its_neighbours(name, is_lenient):
    decoder = crf(name, is_lenient)
    logits = torch.tensor(np.random.default_rng(3).normal(size=(5, len(SCHEMES[name]))))
    kind = decoder.entity_types[-1]
    cases = [((1,), (2, 3), (1, 2)), ((4,), (2, 3), (2, 3)), ((0,), (1, 1), (0, 0)), ((0, 1, 4), (2, 2), (0, 0))]
    for gone, here, short in cases:
        holed, kept = logits.clone(), [i for i in range(5) if i not in gone]
        holed[list(gone)] = torch.nan
        events = [[SpanEvent(*at, kind), OutsideEvent(*at), MarginEvent(SpanEvent(*at, kind), "left")]
                  for at in (here, short)]  # fmt: skip
        torch.testing.assert_close(
            decoder.scores(holed[None], events[0], "log_odds"),
            decoder.scores(logits[kept][None], events[1], "log_odds"),
        )


def test_rows_with_different_gaps_equal_their_rows_one_by_one():
    decoder = crf("bio")
    logits = torch.tensor(np.random.default_rng(5).normal(size=(6, 5, 5)))
    for row, gone in enumerate([(), (0,), (0, 1), (4,), (3, 4), (1, 3)]):
        logits[row, list(gone)] = torch.nan
    span = SpanEvent(2, 2, "X")
    events = [span, MarginEvent(span, "right"), OutsideEvent(2, 2)]
    together = decoder.scores(logits, events, "log_odds")
    alone = torch.cat([decoder.scores(row[None], events, "log_odds") for row in logits])
    torch.testing.assert_close(together, alone)
    assert together[4, 1] == 0, "nothing follows: no right margin"


def test_a_row_that_removed_a_position_of_the_event_has_no_score():
    logits = torch.zeros(1, 4, 5, dtype=torch.float64)
    logits[0, 2] = torch.nan
    scores = crf("bio").scores(logits, [SpanEvent(1, 2, "X"), SpanEvent(1, 1, "X"), SpanEvent(1, 3, "X")], "log_odds")
    assert torch.isnan(scores[0]).tolist() == [True, False, True]


def exact_log_odds(logits, decoder, first, last):
    """Log-odds of a strict BIO span of X by plain sums of products in 400 digits."""
    t, allowed = (
        decoder.transitions,
        {first: {1}, **dict.fromkeys(range(first + 1, last + 1), {2}), last + 1: {0, 1, 3, 4}},
    )
    with localcontext() as context:
        context.prec = 400
        weights, between = (
            [[Decimal(w).exp() for w in row] for row in table.tolist()] for table in (logits, t.between)
        )
        start, end = ([Decimal(w).exp() for w in row.tolist()] for row in (t.start, t.end))

        def total(keep):
            mass = [a * b for a, b in zip(start, weights[0], strict=True)]
            for at, here in enumerate(weights[1:], 1):
                arriving = [sum(m * line[q] for m, line in zip(mass, between, strict=True)) for q in range(5)]
                mass = [arriving[q] * here[q] * (q in keep.get(at, range(5))) for q in range(5)]
            return sum(m * e for m, e in zip(mass, end, strict=True))

        everything, hit = total({}), total(allowed)
        return float((hit / (everything - hit)).ln())


@pytest.mark.parametrize("gap", [5.0, 40.0, 300.0])
@pytest.mark.parametrize("sign", [1, -1])
def test_both_ends_keep_their_digits_in_a_long_text(gap, sign):
    """log Z of 60 positions has lost every digit of a complement of exp(−40)."""
    decoder = crf("bio", is_lenient=False, transitions=drawn(5, scale=0.3))
    logits = np.random.default_rng(4).normal(size=(60, 5))
    for position, tag in ((30, 1), (31, 2), (32, 0)):
        logits[position, tag] += sign * gap
    expected = exact_log_odds(logits, decoder, 30, 31)
    assert abs(expected) > gap - 4
    found = decoder.scores(torch.tensor(logits)[None], [SpanEvent(30, 31, "X")], "log_odds").item()
    assert found == pytest.approx(expected, rel=1e-12)


@given(seed=st.integers(0, 10**6), spread=st.sampled_from([1.0, 100.0, 1000.0]), holes=st.floats(0, 0.9))
def test_sums_over_links_are_exact_where_the_product_of_matrices_loses_them(seed, spread, holes):
    rng = np.random.default_rng(seed)
    mass, weights = rng.normal(size=(3, 6)) * spread, rng.normal(size=(6, 6)) * spread
    mass[rng.random(mass.shape) < holes], weights[rng.random(weights.shape) < holes] = -np.inf, -np.inf
    expected = np.logaddexp.reduce(mass[:, :, None] + weights, axis=1)
    found = Links(torch.tensor(weights)).spread(torch.tensor(mass)).numpy()
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", ["bio", "io", "bioes"])
@pytest.mark.parametrize("is_legal", [False, True])
def test_scores_have_the_gradient_that_finite_differences_see(name, is_legal):
    scheme = TagScheme.from_tags(SCHEMES[name])
    transitions = drawn(len(scheme.tags)).plus(Transitions.legal(scheme)) if is_legal else drawn(len(scheme.tags))
    decoder = CrfDecoder(scheme, transitions=transitions)
    logits = torch.tensor(np.random.default_rng(1).normal(size=(1, 4, len(scheme.tags))), requires_grad=True)
    span = SpanEvent(1, 2, "X")
    events = [span, ContrastEvent(span, OutsideEvent(1, 2)), MarginEvent(span, "left"), MarginEvent(span, "right")]
    assert torch.autograd.gradcheck(lambda z: decoder.scores(z, events, "log_odds"), (logits,))


@pytest.mark.parametrize("is_legal", [False, True])
@pytest.mark.parametrize("scale", [0.0, 60.0, 500.0, 5000.0])
def test_gradients_stay_finite_at_the_extremes(is_legal, scale):
    transitions = Transitions.legal(TagScheme.from_tags(SCHEMES["bio"])) if is_legal else drawn(5)
    decoder = crf("bio", transitions=transitions)
    logits = (torch.ones(1, 3, 5, dtype=torch.float64) * torch.tensor([1.0, 3, 2, 0, -1]) * scale).requires_grad_()
    scores = decoder.scores(logits, [SpanEvent(0, 1, "X"), SpanEvent(1, 1, "Y"), OutsideEvent(0, 2)], "log_odds")
    scores.sum().backward()
    assert torch.isfinite(scores).all() and torch.isfinite(logits.grad).all()


def test_a_forbidden_event_is_impossible_and_its_gradient_zero():
    decoder = crf("bio", transitions=Transitions.legal(TagScheme.from_tags(SCHEMES["bio"])))
    forbidding = Transitions(np.zeros(5), np.where(np.eye(5)[[1]].T @ np.eye(5)[[2]] > 0, -10000, 0), np.zeros(5))
    decoder = CrfDecoder(decoder.scheme, transitions=decoder.transitions.plus(forbidding))
    logits = torch.zeros(1, 3, 5, dtype=torch.float64, requires_grad=True)
    scores = decoder.scores(logits, [SpanEvent(0, 1, "X")], "log_odds")
    assert scores.item() == -np.inf
    scores.sum().backward()
    assert torch.isfinite(logits.grad).all()


def test_log_z_and_the_best_path_are_those_of_pytorch_crf():
    torch.manual_seed(3)
    layer = torchcrf.CRF(5, batch_first=True).double()
    for weight in layer.parameters():
        torch.nn.init.normal_(weight)
    transitions = transitions_in(layer, 5)
    logits = torch.randn(8, 11, 5, dtype=torch.float64) * 2
    lengths = torch.tensor([11, 11, 10, 7, 4, 2, 1, 11])
    mask = torch.arange(11) < lengths[:, None]
    holed = logits.masked_fill(~mask[..., None], torch.nan)
    best = layer.decode(logits, mask=mask)
    assert [best_path(row[:n].numpy(), transitions) for row, n in zip(logits, lengths, strict=True)] == best
    tags = torch.randint(5, (8, 11))
    # log p(tags) of the layer, by log-odds of the event that all positions have these tags
    for row, n in enumerate(lengths.tolist()):
        exactly = TagPattern(0, tuple(Gate(frozenset([tag])) for tag in tags[row, :n].tolist()))
        odds = Chain(holed[row : row + 1], transitions).log_odds(exactly)
        expected = layer(logits[row : row + 1, :n], tags[row : row + 1, :n], torch.ones(1, n, dtype=torch.bool))
        torch.testing.assert_close(torch.nn.functional.logsigmoid(odds)[0], expected.detach())


@given(seed=st.integers(0, 10**6), n=st.integers(1, 6))
def test_the_best_path_is_the_best_of_all(seed, n):
    transitions, logits = drawn(3, seed), np.random.default_rng(seed).normal(size=(n, 3))
    assert tuple(best_path(logits, transitions)) == max(sequences(logits, transitions), key=lambda pair: pair[1])[0]


def test_decoding_takes_the_best_legal_path_and_skips_removed_positions():
    scheme = TagScheme.from_tags(("O", "B-X", "I-X"))
    logits = torch.tensor([[2.0, 0, 0], [0, 1, 3], [np.nan] * 3, [0, 0, 3], [2, 0, 0]], dtype=torch.float64)
    lawful, plain = CrfDecoder(scheme, False, transitions=Transitions.legal(scheme)), TagDecoder(scheme, False)
    assert plain.decode(logits) == []
    ((first, last, kind, log_p),) = lawful.decode(logits)
    assert (first, last, kind) == (1, 3, "X")
    kept = logits[[0, 1, 3, 4]].numpy()
    (odds,) = brute_log_odds(kept, lawful, lambda tags: (1, 2, "X") in lawful.spans(tags))
    assert log_p == pytest.approx(-np.logaddexp(0, -odds))
    assert lawful.decode(torch.full((2, 3), torch.nan)) == [] and lawful.decode(torch.zeros(0, 3)) == []


def test_a_row_scores_the_same_bits_in_any_company():
    scheme = TagScheme.from_tags(("O", *(f"{role}-{kind}" for kind in "ABCDEFGHI" for role in "BI")))
    decoder, events = CrfDecoder(scheme, transitions=drawn(19)), [SpanEvent(5, 7, "A"), SpanEvent(20, 20, "B")]
    logits = torch.tensor(np.random.default_rng(6).normal(size=(21, 30, 19)) * 3)
    together = decoder.scores(logits, events, "log_odds")
    for n in (1, 3, 8, 20):
        parts = [decoder.scores(part, events, "log_odds") for part in logits.split(n)]
        assert torch.equal(torch.cat(parts), together)


def test_rows_beyond_a_block_score_as_alone(monkeypatch):
    decoder, logits = crf("bio"), torch.tensor(np.random.default_rng(6).normal(size=(19, 4, 5)))
    whole = decoder.scores(logits, [SpanEvent(1, 2, "X")], "log_odds")
    monkeypatch.setattr(crf_module, "ROWS", 8)
    assert torch.equal(decoder.scores(logits, [SpanEvent(1, 2, "X")], "log_odds"), whole)
    assert decoder.scores(logits[:0], [SpanEvent(1, 2, "X")], "log_odds").shape == (0, 1)


def test_names_say_legality_and_learned_weights():
    bio, bioes = (TagScheme.from_tags(SCHEMES[name]) for name in ("bio", "bioes"))
    legal = Transitions.legal(bio)
    assert CrfDecoder(bio, transitions=drawn(5)).name == "bio-lenient-crf"
    assert CrfDecoder(bio, False, transitions=drawn(5)).name == "bio-strict-crf"
    assert CrfDecoder(bio, False, transitions=legal).name == "bio-viterbi"
    assert CrfDecoder(bio, False, transitions=legal.plus(drawn(5))).name == "bio-viterbi-crf"
    assert CrfDecoder(bioes, transitions=Transitions.legal(bioes)).name == "bioes-viterbi"


@pytest.mark.parametrize(
    ("start", "between", "end", "message"),
    [
        (np.zeros(3), np.zeros((3, 2)), np.zeros(3), r"between has shape \(3, 2\); with 3 tags it is \(3, 3\)"),
        (np.zeros(3), np.zeros((3, 3)), np.zeros(4), r"end has shape \(4,\); with 3 tags it is \(3,\)"),
        (np.zeros((1, 3)), np.zeros((3, 3)), np.zeros(3), r"start has shape \(1, 3\)"),
        (np.full(3, np.nan), np.zeros((3, 3)), np.zeros(3), r"start holds NaN or \+inf; weights are finite"),
    ],
)
def test_weights_that_are_no_chain_are_refused(start, between, end, message):
    with pytest.raises(ValueError, match=message):
        Transitions(start, between, end)


def test_weights_are_copied_and_never_means_minus_infinity():
    start = np.array([0.0, -10000.0, -999.0])
    made = Transitions(start, np.zeros((3, 3)), np.zeros(3))
    assert made.start.tolist() == [0.0, -np.inf, -999.0] and start[1] == -10000
    assert not made.start.flags.writeable
    assert repr(made) == "Transitions(3 tags, 1 forbidden)"
