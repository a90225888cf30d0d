"""Intervals of figures over edits and explanations, and norms with safe denominators, against plain formulas."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from explain_lib.analysis.stability.crossed import crossed
from explain_lib.analysis.stability.sensitivity import elementwise_change, relative_size


def mean_of(table):
    return lambda texts, edits: float(table[np.ix_(texts, edits)].mean())


def test_one_exact_explanation_gives_the_t_interval_of_the_mean_over_edits():
    values = np.array([0.2, 0.5, 0.1, 0.9])
    found = crossed(mean_of(values[None]), 1, 4, (-1, 1))
    expected = stats.t.interval(0.95, 3, values.mean(), stats.sem(values))
    np.testing.assert_allclose(found.interval, np.clip(expected, -1, 1))


def test_intervals_cover_with_both_samples_random():
    """Explanations, edits and their crossing all vary; the interval must know of both."""
    rng, n = np.random.default_rng(0), 400
    covered = ignoring_texts = 0
    for _ in range(n):
        table = 0.1 * rng.normal(size=(6, 1)) + 0.1 * rng.normal(size=(1, 20)) + 0.05 * rng.normal(size=(6, 20))
        low, high = crossed(mean_of(table), 6, 20, (-9, 9)).interval
        covered += low <= 0 <= high
        low, high = crossed(mean_of(table.mean(axis=0)[None]), 1, 20, (-9, 9)).interval
        ignoring_texts += low <= 0 <= high
    assert 0.92 < covered / n <= 1
    assert ignoring_texts / n < 0.85  # the control: edits alone are not the whole sample


@pytest.mark.parametrize(("n_texts", "n_edits"), [(1, 1), (3, 1)])
def test_a_single_edit_gives_no_interval(n_texts, n_edits):
    found = crossed(mean_of(np.full((n_texts, n_edits), 0.5)), n_texts, n_edits, (-1, 1))
    assert (found.value, found.interval) == (0.5, None)


def test_figures_without_any_spread_are_exact():
    assert crossed(mean_of(np.ones((1, 5))), 1, 5, (-1, 1)).interval == (1.0, 1.0)


@pytest.mark.filterwarnings("error")
def test_a_figure_without_a_finite_value_has_no_interval():
    found = crossed(mean_of(np.array([[0.5, np.inf, 1.0]])), 1, 3, (0, np.inf))
    assert (found.value, found.interval) == (np.inf, None)


VECTORS = st.lists(st.integers(-500, 500).map(lambda n: n / 100), min_size=1, max_size=8)


@given(VECTORS, st.integers(0, 10))
def test_elementwise_change_is_the_norm_of_ratios_with_clipped_denominators(values, seed):
    before = np.array(values)
    after = before + np.random.default_rng(seed).normal(size=len(before))
    largest = max(abs(x) for x in values)
    if largest == 0:
        assert elementwise_change(before, after) == np.inf
        return
    ratios = [(b - a) / max(abs(a), 1e-3 * largest) for a, b in zip(before, after, strict=True)]
    assert elementwise_change(before, after) == pytest.approx(sum(r * r for r in ratios) ** 0.5)


def test_relative_size_knows_zeros():
    zero, one = np.zeros(2), np.array([3.0, 4.0])
    assert relative_size(one, 2 * one) == 1
    assert relative_size(zero, zero) == 0 and relative_size(zero, one) == np.inf
    assert elementwise_change(zero, zero) == 0
