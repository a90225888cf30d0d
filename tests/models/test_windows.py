"""Windows: every position owned once, words whole, no entity lost at a seam."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from explain_lib.core import Document, Span, Target, longer
from explain_lib.models import Encoding, predict, toy
from explain_lib.models.windows import WindowPlan, most_central


def encoding_of(word_lengths):
    """An encoding of words of so many one-character pieces, without a tokenizer."""
    n = sum(word_lengths)
    starts = np.concatenate([[0], np.cumsum(word_lengths)])[:-1].astype(np.int64)
    offsets = np.stack([np.arange(n), np.arange(n) + 1], axis=1)
    extents = np.stack([starts, starts + np.asarray(word_lengths, dtype=np.int64)], axis=1)
    return Encoding("x" * n, np.arange(n), offsets, starts, extents)


PLANS = st.integers(4, 40).flatmap(lambda n: st.builds(WindowPlan, st.just(n), st.integers(0, n - 1)))


@given(lengths=st.lists(st.integers(1, 4), min_size=1, max_size=120), plan=PLANS)
def test_every_position_is_owned_once_by_a_window_that_holds_it(lengths, plan):
    encoding = encoding_of(lengths)
    windows = plan.windows(encoding)
    owned = [t for w in windows for t in range(*w.owned)]
    assert owned == list(range(len(lengths)))
    for w in windows:
        assert 0 < w.pieces[1] - w.pieces[0] <= plan.limit
        assert w.positions[0] <= w.owned[0] <= w.owned[1] <= w.positions[1]


@given(lengths=st.lists(st.integers(1, 4), min_size=1, max_size=120), plan=PLANS)
def test_no_word_is_split(lengths, plan):
    encoding = encoding_of(lengths)
    for w in plan.windows(encoding):
        for t in range(*w.positions):
            assert w.pieces[0] <= encoding.extents[t, 0] and encoding.extents[t, 1] <= w.pieces[1]


@given(lengths=st.lists(st.integers(1, 4), min_size=30, max_size=120), plan=PLANS)
def test_the_owner_gives_most_context(lengths, plan):
    encoding = encoding_of(lengths)
    windows, n = plan.windows(encoding), len(encoding.ids)

    def context(w, piece):
        left = piece - w.pieces[0] if w.pieces[0] else n
        return min(left, w.pieces[1] - 1 - piece if w.pieces[1] < n else n)

    for w in windows:
        for t in range(*w.owned):
            piece = int(encoding.labels_at[t])
            others = [context(v, piece) for v in windows if v.positions[0] <= t < v.positions[1]]
            assert context(w, piece) == max(others)


def test_a_word_longer_than_a_window_is_read_where_it_begins():
    encoding = encoding_of([2, 30, 2, 2])
    windows = WindowPlan(8).windows(encoding)
    assert sorted(t for w in windows for t in range(*w.owned)) == [0, 1, 2, 3]


def test_a_short_text_is_one_window():
    (window,) = WindowPlan(8).windows(encoding_of([2, 2, 4]))
    assert (window.pieces, window.positions, window.owned) == ((0, 8), (0, 3), (0, 3))


def test_windows_switched_off_refuse_a_long_text():
    with pytest.raises(
        ValueError, match="the text has 9 pieces and the model reads 8 at once, but windows are switched"
    ):
        WindowPlan(8, is_on=False).windows(encoding_of([3, 3, 3]))


@pytest.mark.parametrize(
    "limit, overlap, message", [(0, None, "a window of 0 pieces"), (8, 8, "overlap is 8; allowed are 0 to 7")]
)
def test_impossible_plans_are_refused(limit, overlap, message):
    with pytest.raises(ValueError, match=message):
        WindowPlan(limit, overlap)


@given(first=st.integers(0, 99), length=st.integers(1, 30))
def test_a_target_is_read_where_it_lies_most_centrally(first, length):
    encoding, last = encoding_of([1] * 100), min(first + length - 1, 99)
    windows = WindowPlan(40, 20).windows(encoding)
    holding = [w for w in windows if w.positions[0] <= max(first - 1, 0) and min(last + 1, 99) < w.positions[1]]
    if not holding:
        with pytest.raises(ValueError, match="no window holds them with both neighbours"):
            most_central(windows, first, last, encoding)
        return
    chosen = windows[most_central(windows, first, last, encoding)]
    assert chosen in holding
    if last + 1 < 99 and first > 1:
        assert chosen.positions[0] < first and last + 1 < chosen.positions[1]


def test_a_target_longer_than_a_window_is_refused():
    toy_model = toy.planted_tagger(max_pieces=10)
    text = "患者有重病变，无发热。" * 5
    encoding = toy_model.tagger.encode(text)
    target = Target(Span(2, 30, "Disease"))
    with pytest.raises(ValueError, match="covers 28 label positions and no window holds them"):
        toy_model.tagger.window_of(target, encoding, toy_model.tagger.windows(encoding))
    near = Target(Span(3, 6, "Disease"), versus=longer(left=-1, right=20))
    with pytest.raises(ValueError, match="no window holds them"):
        toy_model.tagger.window_of(near, encoding, toy_model.tagger.windows(encoding))


@given(
    pattern=st.lists(st.sampled_from(["The patient has a severe lesion . ", "No fever but a lesion . ", "patient "]),
                     min_size=5, max_size=40),
    limit=st.integers(10, 30),
)  # fmt: skip
def test_no_entity_is_lost_or_cut_at_a_seam(pattern, limit):
    """Without a trigger the planted rule looks one piece away, so windows must not show at all."""
    text = "".join(pattern)
    whole, cut = toy.planted_tagger(max_pieces=1000).tagger, toy.planted_tagger(max_pieces=limit).tagger
    expected, found = predict(whole, Document(text)), predict(cut, Document(text))
    assert found.spans == expected.spans
    assert len(found.spans) == text.count("lesion")
    np.testing.assert_allclose(found.confidence, expected.confidence)
