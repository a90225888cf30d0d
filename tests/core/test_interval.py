"""Student-t intervals against SciPy, and where there is none."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from explain_lib.core.interval import interval_of, interval_of_mean, score_intervals

VALUES = np.array([0.5, -1.0, 2.0, 0.25])


def test_of_a_mean_as_scipy_has_it() -> None:
    expected = stats.ttest_1samp(VALUES, 0).confidence_interval(0.95)
    assert interval_of_mean(VALUES) == pytest.approx(tuple(expected))
    assert interval_of_mean(VALUES, (-1.0, 1.0)) == pytest.approx((max(-1, expected.low), 1.0))


def test_one_value_or_none_has_no_interval_and_equal_ones_have_no_width() -> None:
    assert interval_of_mean(VALUES[:1]) is None and interval_of_mean(VALUES[:0]) is None
    assert interval_of_mean(np.full(3, 0.25)) == (0.25, 0.25)


def test_an_unknown_error_gives_no_interval_and_no_error_the_value_itself() -> None:
    assert interval_of(1.0, np.nan, 5) is None and interval_of(1.0, 0.5, 0) is None
    assert interval_of(1.0, 0.0, np.inf) == (1.0, 1.0)
    low, high = interval_of(1.0, 0.5, np.inf) or (0, 0)
    assert (low, high) == pytest.approx((1 - 0.5 * 1.959964, 1 + 0.5 * 1.959964))


def test_of_scores_each_with_its_degrees_of_freedom() -> None:
    scores, error, dof = np.array([[1.0, 2.0]]), np.array([[0.5, 0.0]]), np.array([3.0, np.inf])
    low, high = score_intervals(scores, error, dof, 0.9)
    assert (low[0, 1], high[0, 1]) == (2.0, 2.0)
    assert (low[0, 0], high[0, 0]) == pytest.approx(stats.t.interval(0.9, 3, 1.0, 0.5))
