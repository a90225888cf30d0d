"""Ranks with their ties, and the mass that cannot be told from zero."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t

from explain_lib.core import Attribution, Document, Target, Units


def attribution(scores, std_error, dof=np.inf, active=None):
    scores = np.array(scores, dtype=float).reshape(len(scores), -1)
    n, targets = scores.shape
    document = Document(" ".join("x" for _ in range(n)))
    bounds = np.stack([np.arange(n) * 2, np.arange(n) * 2 + 1], axis=1)
    names = tuple(Target(label=str(i)) for i in range(targets))
    error = np.broadcast_to(np.array(std_error, dtype=float).reshape(-1, 1), scores.shape)
    active = np.ones_like(scores, dtype=bool) if active is None else np.array(active).reshape(-1, 1)
    ends = np.zeros(targets)
    return Attribution(
        Units(document, bounds), names, scores, error, np.full(scores.shape, dof), ends, ends, active, "made", 1
    )


def test_exact_scores_have_one_rank_each():
    ranks = attribution([3.0, -1.0, 2.0, 2.0], 0.0).ranks()
    assert ranks.best[:, 0].tolist() == [1, 4, 2, 2] and ranks.worst[:, 0].tolist() == [1, 4, 3, 3]
    assert ranks.order[:, 0].tolist() == [0, 2, 3, 1]
    assert ranks.tied_with_next[:, 0].tolist() == [False, True, False]
    assert np.argwhere(ranks.tied[..., 0]).tolist() == [[2, 3], [3, 2]]


def test_by_size_the_sign_does_not_count():
    ranks = attribution([3.0, -5.0, 2.0], 0.1).ranks(by_size=True)
    assert ranks.best[:, 0].tolist() == ranks.worst[:, 0].tolist() == [2, 1, 3]


def test_intervals_that_meet_are_ties_at_the_simultaneous_level():
    half = t.ppf(1 - 0.05 / 2 / 3, 5)  # three units share the 5 %
    apart = attribution([0.0, 2.02 * half, 9 * half], [1.0, 1.0, 1.0], dof=5).ranks()
    touching = attribution([0.0, 1.98 * half, 9 * half], [1.0, 1.0, 1.0], dof=5).ranks()
    assert not apart.tied.any()
    assert touching.best[:, 0].tolist() == [2, 2, 1] and touching.worst[:, 0].tolist() == [3, 3, 1]


def test_unknown_errors_tie_with_everything_and_inactive_units_have_no_rank():
    ranks = attribution([5.0, 0.0, 1.0], [np.nan, 0.0, 0.1], active=[True, False, True]).ranks()
    assert ranks.best[:, 0].tolist() == [1, 0, 1] and ranks.worst[:, 0].tolist() == [2, 0, 2]
    assert ranks.order[:, 0].tolist() == [0, 2, 1] and not ranks.tied[1].any()


@given(st.integers(0, 10_000), st.integers(2, 12))
def test_the_ranks_of_all_scores_within_their_intervals_lie_inside(seed, n):
    rng = np.random.default_rng(seed)
    made = attribution(rng.normal(size=n), rng.exponential(0.3, size=n), dof=4)
    ranks = made.ranks(0.9)
    low, high = made.interval(1 - 0.1 / n)[..., 0]
    for _ in range(20):
        score = rng.uniform(low, high)
        rank = (score[None] > score[:, None]).sum(axis=1) + 1
        assert (ranks.best[:, 0] <= rank).all() and (rank <= ranks.worst[:, 0]).all()
    assert (ranks.best <= ranks.worst).all() and (ranks.tied == ranks.tied.swapaxes(0, 1)).all()


def test_ranks_hold_all_at_once_in_repeated_draws():
    truth, rng, held = np.array([0.0, 0.5, 1.0, 1.1, 3.0]), np.random.default_rng(0), 0
    rank = np.array([5, 4, 3, 2, 1])
    for _ in range(400):
        draws = truth + rng.normal(size=(6, 5))
        ranks = attribution(draws.mean(axis=0), draws.std(axis=0, ddof=1) / np.sqrt(6), dof=5).ranks(0.9)
        held += bool(((ranks.best[:, 0] <= rank) & (rank <= ranks.worst[:, 0])).all())
    assert held / 400 >= 0.9


def test_unresolved_mass_by_hand():
    half = t.ppf(0.975, np.inf)
    made = attribution([4.0, -3.0, 1.0, 2.0], [1.0, 1.0, 1.0, np.nan])
    assert 1.0 < half < 3.0
    np.testing.assert_allclose(made.unresolved_mass(), [3 / 10])
    np.testing.assert_allclose(made.unresolved_mass(0.9999), [6 / 10])
    assert attribution([4.0, -3.0], 0.0).unresolved_mass() == [0]
    assert attribution([0.0, 0.0], 1.0).unresolved_mass() == [0]


def test_a_level_outside_zero_and_one_is_refused():
    with pytest.raises(ValueError, match="it must lie strictly between 0 and 1"):
        attribution([1.0], 0.1).ranks(1.0)
