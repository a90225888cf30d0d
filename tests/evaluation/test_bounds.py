"""Bounds of all orders against every order tried, ties in orders, and the errors of infidelity."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from known_games import saturating_game, table_game

from explain_lib.evaluation.faithfulness import infidelity
from explain_lib.evaluation.faithfulness.bounds import beam_width, bounds
from explain_lib.evaluation.faithfulness.curves import Curves, curves
from explain_lib.evaluation.faithfulness.orders import counts_at, curve_counts, falling, first_hidden, random_pairs


def asks(game):
    return lambda keep: game.value(keep)[:, 0]


def every_area(ask, n):
    """Areas over the deletion and over the insertion curve of every order, by plain loops."""
    deletion, insertion = [], []
    for order in permutations(range(n)):
        keep = np.array([[i not in order[:k] for i in range(n)] for k in range(n + 1)])
        full = ask(keep[:1])[0]
        deletion.append(full - ask(keep[1:]).mean())
        only = np.array([[i in order[:k] for i in range(n)] for k in range(1, n + 1)])
        insertion.append(full - ask(only).mean())
    return np.array(deletion), np.array(insertion)


@given(n=st.integers(1, 5), seed=st.integers(0, 10_000))
@settings(max_examples=25)
def test_exact_bounds_are_those_of_all_orders_and_beams_lie_within(n, seed):
    ask = asks(table_game(np.random.default_rng(seed).normal(size=(2**n, 1))))
    found, (deletion, insertion) = bounds(ask, n, None), every_area(ask, n)
    assert found.is_exact
    np.testing.assert_allclose(found.over_deletion, (deletion.min(), deletion.max()), atol=1e-12)
    np.testing.assert_allclose(found.over_insertion, (insertion.min(), insertion.max()), atol=1e-12)
    narrow, wide = bounds(ask, n, 1), bounds(ask, n, 1000)
    assert wide.is_exact and wide.over_deletion == found.over_deletion
    least, greatest = narrow.over_deletion
    assert deletion.min() - 1e-12 <= least <= greatest <= deletion.max() + 1e-12


def test_a_wider_beam_of_a_real_game_comes_closer():
    ask = asks(saturating_game(12, 3))
    exact, beams = bounds(ask, 12, None), [bounds(ask, 12, width) for width in (1, 8)]
    gaps = [exact.over_deletion[1] - beam.over_deletion[1] + beam.over_deletion[0] - exact.over_deletion[0]
            for beam in beams]  # fmt: skip
    assert not beams[0].is_exact and gaps[0] >= gaps[1] >= -1e-12
    assert gaps[1] < 0.1 * (exact.over_deletion[1] - exact.over_deletion[0])


def test_a_beam_asks_for_no_more_rows_than_it_says():
    seen = set()

    def ask(keep):
        seen.update(row.tobytes() for row in keep)
        return saturating_game(10, 0).value(keep)[:, 0]

    bounds(ask, 10, 5)
    assert len(seen) <= 5 * 10 * 9 + 2
    assert [beam_width(n, 3000) for n in (1, 11, 12, 24, 60)] == [None, None, 22, 5, 1]


def test_ties_are_broken_in_all_ways_alike_and_rounding_is_a_tie():
    scores = np.array([1.0, 3.0, 1.0, 1.0 + 1e-12, -2.0])
    orders = falling(scores, 3000, np.random.default_rng(0))
    assert (orders[:, 0] == 1).all() and (orders[:, -1] == 4).all()
    shares = [(orders[:, 1] == unit).mean() for unit in (0, 2, 3)]
    np.testing.assert_allclose(shares, 1 / 3, atol=0.03)
    assert falling(np.array([2.0, 5.0, 3.0]), 9, np.random.default_rng(0)).tolist() == [[1, 2, 0]]
    assert falling(np.zeros(0), 9, np.random.default_rng(0)).shape[1] == 0


def test_counts_of_thresholds_are_rounded_and_at_least_one():
    assert counts_at((1, 5, 10, 20, 50), 26).tolist() == [1, 1, 3, 5, 13]
    assert curve_counts(3, 60, (1, 50)).tolist() == [0, 1, 2, 3]
    long = curve_counts(200, 60, (1, 50))
    assert {0, 2, 100, 200} <= set(long.tolist()) and len(long) <= 63


def test_rows_along_orders_hide_the_first_units():
    keep = first_hidden(np.array([[2, 0, 1]]), np.array([0, 1, 3]))
    assert keep.tolist() == [[[True] * 3, [True, True, False], [False] * 3]]


def test_reverse_orders_share_the_rows_of_random_ones():
    seen = []

    def ask(keep):
        seen.extend(row.tobytes() for row in keep)
        return keep.sum(axis=1).astype(float)

    found = curves(ask, random_pairs(6, 10, np.random.default_rng(0)), np.arange(7))
    assert len(set(seen)) <= 10 * 2 * 5 + 2
    np.testing.assert_allclose(found.area_over_deletion, 6 - np.arange(6).mean())


def test_areas_of_points_between_are_read_off_straight_lines():
    found = Curves(np.array([0, 2, 4]), np.array([[4.0, 2.0, 0.0]]), np.array([[0.0, 1.0, 4.0]]))
    assert found.area_over_deletion[0] == pytest.approx(4 - np.mean([3, 2, 1, 0]))
    assert found.area_over_insertion[0] == pytest.approx(4 - np.mean([0.5, 1, 2.5, 4]))


def test_infidelity_by_hand():
    found = infidelity([1.0, 2.0, 0.0], [2.0, 2.0, 1.0])
    assert found.value == pytest.approx(2 / 3)
    assert found.beta == pytest.approx(6 / 5)
    assert found.scaled == pytest.approx((9 - 36 / 5) / 2)  # the factor costs one of three degrees of freedom
    assert found.nothing == pytest.approx(3)
    assert found.share == pytest.approx(1 - 0.9 / 3)
    with pytest.raises(ValueError, match="give one number a row, at least one row"):
        infidelity([1.0], [1.0, 2.0])
    assert np.isnan(infidelity([1.0], [2.0]).std_error)
    assert np.isnan(infidelity([0.0, 0.0], [2.0, 1.0]).beta)


def test_errors_of_infidelity_are_those_of_repeated_draws():
    """The spread of the estimates over 2000 draws of rows, against the mean of the errors that each reports."""
    rng = np.random.default_rng(0)
    drawn = [infidelity(g, 0.7 * g + rng.normal(size=60)) for g in rng.normal(size=(2000, 60))]
    for value, error in (("value", "std_error"), ("scaled", "scaled_error")):
        spread = np.std([getattr(one, value) for one in drawn])
        told = np.sqrt(np.mean([getattr(one, error) ** 2 for one in drawn]))
        assert told == pytest.approx(spread, rel=0.1)
    assert np.mean([one.scaled for one in drawn]) == pytest.approx(1, abs=0.02)  # not too small by the fitted factor
